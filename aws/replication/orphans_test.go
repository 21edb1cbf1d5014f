package replication_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
)

// merged is a lab in which our rule stands beside others', under their role.
func merged(t *testing.T) (l *lab, ours []types.ReplicationRule, all *types.ReplicationConfiguration) {
	t.Helper()
	l = newLab(t, testPair)
	l.bucket(t, pair.A)
	l.theirRules(t, pair.A)
	l.agreed()
	applyAny(t, l.setUp(t))
	all = l.survey(t).Sides[pair.A].Replication
	for _, r := range all.Rules {
		if strings.HasPrefix(*r.ID, "bothways-") {
			ours = append(ours, r)
		}
	}
	return l, ours, all
}

// checkTheirRole wants others' role to carry their policy and no other.
func (l *lab) checkTheirRole(t *testing.T, told string) {
	t.Helper()
	out, err := l.world.A.IAM.ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: aws.String("their-replication")})
	if err != nil || !slices.Equal(out.PolicyNames, []string{"theirs"}) {
		t.Errorf("%s: their role carries %v, %v", told, out.PolicyNames, err)
	}
}

func TestATearDownCutOffAfterTheRuleStillFindsOurPolicyOnTheRoleOfOthers(t *testing.T) {
	for n := 1; n < 20; n++ {
		reached := false
		synctest.Test(t, func(t *testing.T) {
			l, ours, all := merged(t)
			l.putRules(t, pair.A, *all.Role, ours) // others have taken theirs out
			reached = l.killed(l.tearDown(t, true), n, true)
			if plan := l.tearDown(t, true); len(plan.Blocked()) == 0 { // of a pair that is gone, a bucket is missing
				applyAny(t, plan)
			}
			l.checkTheirRole(t, "killed after a change")
		})
		if !reached {
			if n < 6 {
				t.Errorf("only %d kills were tried", n-1)
			}
			return
		}
	}
}

func TestATearDownFindsOurPolicyOnTheRoleThatOthersNoLongerUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _, all := merged(t)
		l.putRules(t, pair.A, l.role(t, pair.A, "their-new-role"), all.Rules)
		applyAny(t, l.tearDown(t, false))
		l.checkTheirRole(t, "another role since")
	})
}

func TestATearDownThatMayNotSearchTheRolesSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _, all := merged(t)
		l.putRules(t, pair.A, l.role(t, pair.A, "their-new-role"), all.Rules)
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			if strings.Contains(l.wire.form(r), "Action=ListRoles&") {
				return accessDenied(), nil
			}
			return nil, nil
		}
		proposed := l.tearDown(t, false)
		told := slices.ContainsFunc(proposed.Findings, func(f survey.Finding) bool {
			return f.Severity == survey.Warning && strings.Contains(f.Title, testPair.GuestPolicyName(pair.AtoB)) && strings.Contains(f.Meaning, "delete-role-policy")
		})
		if !told {
			t.Errorf("nothing is said of the policy that was not searched for: %v", proposed.Findings)
		}
		if err := plan.Apply(context.Background(), proposed, (&log{}).emit); err != nil {
			t.Error(err)
		}
	})
}
