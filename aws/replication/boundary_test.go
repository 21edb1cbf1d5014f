package replication_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// bounded is a lab whose pair stands with a boundary on its roles, and whose
// next run is not told of it.
func bounded(t *testing.T) *lab {
	t.Helper()
	l := newLab(t, testPair)
	putBoundary(t, l.world.A, `["s3:*","kms:*"]`)
	l.world.Pair.Options.RoleBoundary = boundaryOf("000000000000")
	applyAny(t, l.setUp(t))
	l.untold()
	return l
}

// lose deletes the role of a direction.
func (l *lab) lose(t *testing.T, d pair.Direction) {
	t.Helper()
	name := aws.String(l.world.Pair.RoleName(d))
	if _, err := l.clients(d.From()).IAM.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String(l.world.Pair.PolicyName())}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.clients(d.From()).IAM.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: name}); err != nil {
		t.Fatal(err)
	}
}

func told(findings []survey.Finding, words string) string {
	for _, f := range findings {
		if text := f.Title + ": " + f.Meaning; strings.Contains(text, words) {
			return string(f.Severity) + ": " + text
		}
	}
	return ""
}

func TestARoleThatIsMadeAgainHasTheBoundaryOfItsSister(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bounded(t)
		l.lose(t, pair.AtoB)
		proposed := l.setUp(t)
		if told(proposed.Findings, "within the permissions boundary of the role B → A") == "" {
			t.Errorf("nothing is said of it: %v", proposed.Findings)
		}
		applyAny(t, proposed)
		for name, role := range l.ownRoles(t, pair.A) {
			if got := boundaryIn(role); got != boundaryOf("000000000000") {
				t.Errorf("%s has the boundary %q", name, got)
			}
		}
	})
}

func TestARoleThatIsMadeAgainWithoutABoundaryIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bounded(t)
		l.lose(t, pair.AtoB)
		l.lose(t, pair.BtoA)
		if told(l.setUp(t).Findings, "is made again without a permissions boundary") == "" {
			t.Error("nothing is said of it")
		}
	})
}

func TestABoundaryIsTakenOffWhereThatIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bounded(t)
		l.world.Pair.Options.RoleBoundary = pair.NoBoundary
		proposed := l.setUp(t)
		i := slices.IndexFunc(proposed.Steps, func(s step.Step) bool { return s.Kind == step.KindRole })
		if i < 0 || proposed.Steps[i].Change != step.Modify || !strings.Contains(proposed.Steps[i].What, boundaryOf("000000000000")+" -> none") ||
			!strings.Contains(proposed.Steps[i].CLI, "delete-role-permissions-boundary") {
			t.Errorf("the plan says %+v", proposed.Steps)
		}
		applyAny(t, proposed)
		for name, role := range l.ownRoles(t, pair.A) {
			if got := boundaryIn(role); got != "" {
				t.Errorf("%s still has the boundary %q", name, got)
			}
		}
		unchanged(t, l.setUp(t), "once it is off")
		l.untold()
		unchanged(t, l.setUp(t), "untold")
	})
}

func TestABoundaryThatIsNoPolicyIsRefusedBeforeAnythingIsChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.world.Pair.Options.RoleBoundary = boundaryOf("000000000000")
		l.wire.reset()
		proposed := l.setUp(t)
		if told(proposed.Blocked(), "there is no policy "+boundaryOf("000000000000")) == "" {
			t.Errorf("it is not refused: %v", proposed.Findings)
		}
		l.refused(t, proposed)
	})
}

func TestABoundaryThatMayNotBeReadIsNotKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		putBoundary(t, l.world.A, `"s3:*"`)
		l.world.Pair.Options.RoleBoundary = boundaryOf("000000000000")
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			if strings.Contains(l.wire.form(r), "Action=GetPolicy&") {
				return accessDenied(), nil
			}
			return nil, nil
		}
		proposed := l.setUp(t)
		l.wire.reset()
		if told(proposed.Findings, "is not known (iam:GetPolicy: ") == "" || len(proposed.Blocked()) > 0 {
			t.Errorf("it says %v", proposed.Findings)
		}
		if err := plan.Apply(t.Context(), proposed, (&log{}).emit); err != nil {
			t.Error(err)
		}
	})
}

// What ends a run is no note about a boundary.
func TestCredentialsThatEndWhileABoundaryIsReadEndTheSurvey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		putBoundary(t, l.world.A, `"s3:*"`)
		l.world.Pair.Options.RoleBoundary = boundaryOf("000000000000")
		const expired = `<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>`
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			if strings.Contains(l.wire.form(r), "Action=GetPolicy&") {
				response := refusal(http.StatusForbidden, "")
				response.Body = io.NopCloser(strings.NewReader(expired))
				response.ContentLength = int64(len(expired))
				return response, nil
			}
			return nil, nil
		}
		if _, err := plan.Look(t.Context(), l.world); !apierror.Expired(err) {
			t.Errorf("it says %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			if strings.Contains(l.wire.form(r), "Action=GetPolicy&") {
				cancel()
				return nil, ctx.Err()
			}
			return nil, nil
		}
		if _, err := plan.Look(ctx, l.world); !errors.Is(err, context.Canceled) {
			t.Errorf("when it is broken off it says %v", err)
		}
	})
}

// A plan does not wait for what it can do without.
func TestABoundaryThatIsNotAnsweredForIsNotWaitedForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		putBoundary(t, l.world.A, `"s3:*"`)
		l.world.Pair.Options.RoleBoundary = boundaryOf("000000000000")
		within := func() time.Duration {
			began := time.Now()
			l.setUp(t)
			return time.Since(began)
		}
		usual := within()
		l.silent(func(form string) bool { return strings.Contains(form, "Action=GetPolicy&") })
		if took := within(); took > usual+11*time.Second {
			t.Errorf("it takes %v, and %v where it is answered for", took, usual)
		}
	})
}

// silent lets calls with some forms hang until they are given up.
func (l *lab) silent(hangs func(form string) bool) {
	next := l.wire.next
	l.wire.next = roundTripper(func(r *http.Request) (*http.Response, error) {
		if hangs(l.wire.form(r)) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		return next.RoundTrip(r)
	})
}
