package replication_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// examine looks at the lab's pair without writing anything, unless told.
func (l *lab) examine(t *testing.T, canaries bool) doctor.Diagnosis {
	t.Helper()
	found, err := doctor.Examine(t.Context(), l.world, doctor.ExamineOptions{Canaries: canaries}, func(pair.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAPairThatIsWellIsSaidToBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		l.wire.reset()
		found := l.examine(t, false)
		if !found.Healthy() || len(found.Troubles) != 0 {
			t.Errorf("the troubles are %+v", found.Troubles)
		}
		for d, h := range found.Health {
			if h.State != doctor.Plausible {
				t.Errorf("untried, %s is %s: %s", d.Arrow(), h.State, h.Detail)
			}
		}
		if calls := l.wire.reset(); len(calls) > 0 {
			t.Errorf("without canaries something was changed: %s", calls)
		}
		found = l.examine(t, true)
		for d, h := range found.Health {
			if h.State != doctor.Proven || h.ReplicaMS == 0 {
				t.Errorf("tried, %s is %s: %s", d.Arrow(), h.State, h.Detail)
			}
		}
		for _, call := range l.wire.reset() {
			if !strings.Contains(call, "/"+testPair.CanaryPrefix()) {
				t.Errorf("an examination changed %s", call)
			}
		}
	})
}

// What the doctor asks of a pair is what the planner gives it.
func TestWhatBothwaysSetsUpIsFoundInOrder(t *testing.T) {
	for name := range worlds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newWorld(t, name)
				if err := plan.Apply(t.Context(), l.setUp(t), (&log{}).emit); err != nil {
					t.Fatal(err)
				}
				found := l.examine(t, true)
				for _, trouble := range found.Troubles {
					if trouble.Severity != survey.Note {
						t.Errorf("%s: %s", trouble.Cause, trouble.Words())
					}
				}
				for d, h := range found.Health {
					if h.State != doctor.Proven {
						t.Errorf("%s is %s: %s", d.Arrow(), h.State, h.Detail)
					}
				}
			})
		})
	}
}

// Somebody who sees only the buckets is told as much as they show.
func TestWithoutRightsInIAMTheRestIsStillExamined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{change: onlyAtoB(func(r *types.ReplicationRule) { r.Status = types.ReplicationRuleStatusDisabled })}.build(t)
		l.hire(t, "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
		found := l.examine(t, false)
		if named(found, pair.AtoB, "Status") == nil {
			t.Errorf("the disabled rule is not named: %+v", found.Troubles)
		}
		if trouble := named(found, pair.AtoB, "iam:GetRole"); trouble == nil || trouble.Severity != survey.Note {
			t.Errorf("what can't be read is not named: %+v", found.Troubles)
		}
	})
}

func TestNoPlanRunsWithOurRolesOutOfSight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		l.hire(t, "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
		for _, plan := range []plan.Plan{l.setUp(t), l.tearDown(t, false)} {
			blocked := plan.Blocked()
			if len(blocked) != 2 || !strings.Contains(blocked[0].Title, "can't be read") || !strings.Contains(blocked[0].Meaning, "iam:GetRole") {
				t.Errorf("the plan to %s has the blockers %+v", plan.Purpose, blocked)
			}
		}
	})
}

// Nothing on this computer knows of a doctor's canaries: they are found by
// where they lie and by their mark.
func TestATearDownRemovesTheCanariesOfADoctorThatWasKilled(t *testing.T) {
	for name, build := range map[string]func(t *testing.T) *lab{
		"of a pair that bothways made": func(t *testing.T) *lab {
			l := newLab(t, testPair)
			apply(t, l.setUp(t), step.Done)
			return l
		},
		"of a pair of others":                    func(t *testing.T) *lab { return theirs{}.build(t) },
		"under the prefix that their rule wants": func(t *testing.T) *lab { return theirs{change: onlyDocs}.build(t) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := build(t)
				l.killedIn(2, true, func(ctx context.Context) { // both canaries are written by then
					_, _ = doctor.Examine(ctx, l.world, doctor.ExamineOptions{Canaries: true}, func(pair.Event) {})
				})
				pass(time.Minute)
				if left := l.canaries(t); len(left) < 2 {
					t.Fatalf("the doctor left %v, want what a kill leaves", left)
				}
				if err := plan.Apply(t.Context(), l.tearDown(t, false), (&log{}).emit); err != nil {
					t.Fatal(err)
				}
				if left := l.canaries(t); len(left) > 0 {
					t.Errorf("left: %v", left)
				}
			})
		})
	}
}

// onlyDocs is a rule for keys that begin with docs/.
func onlyDocs(_ pair.Direction, r *types.ReplicationRule) {
	r.Filter = &types.ReplicationRuleFilter{Prefix: aws.String("docs/")}
}

// canaries lists the canaries' versions on both sides.
func (l *lab) canaries(t *testing.T) (found []string) {
	t.Helper()
	for _, name := range pair.Sides() {
		clients, bucket := l.side(name)
		out, err := clients.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: bucket})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range out.Versions {
			if isCanary("/" + *v.Key) {
				found = append(found, string(name)+" "+*v.Key)
			}
		}
	}
	return found
}
