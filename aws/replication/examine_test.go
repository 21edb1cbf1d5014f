package replication_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication"
)

// examine looks at the lab's pair without writing anything, unless told.
func (l *lab) examine(t *testing.T, canaries bool) replication.Diagnosis {
	t.Helper()
	found, err := replication.Examine(t.Context(), l.world, replication.ExamineOptions{Canaries: canaries}, func(pair.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAPairThatIsWellIsSaidToBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), replication.Done)
		l.wire.reset()
		found := l.examine(t, false)
		if !found.Healthy() || len(found.Troubles) != 0 {
			t.Errorf("the troubles are %+v", found.Troubles)
		}
		for d, h := range found.Health {
			if h.State != replication.Plausible {
				t.Errorf("untried, %s is %s: %s", d.Arrow(), h.State, h.Detail)
			}
		}
		if calls := l.wire.reset(); len(calls) > 0 {
			t.Errorf("without canaries something was changed: %s", calls)
		}
		found = l.examine(t, true)
		for d, h := range found.Health {
			if h.State != replication.Proven || h.ReplicaMS == 0 {
				t.Errorf("tried, %s is %s: %s", d.Arrow(), h.State, h.Detail)
			}
		}
		for _, call := range l.wire.reset() {
			if !strings.Contains(call, "/bothways/canary/") {
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
				if err := replication.Apply(t.Context(), l.setUp(t), (&log{}).emit); err != nil {
					t.Fatal(err)
				}
				found := l.examine(t, true)
				for _, trouble := range found.Troubles {
					if trouble.Severity != replication.Note {
						t.Errorf("%s: %s", trouble.Cause, trouble.Words())
					}
				}
				for d, h := range found.Health {
					if h.State != replication.Proven {
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
		if trouble := named(found, pair.AtoB, "iam:GetRole"); trouble == nil || trouble.Severity != replication.Note {
			t.Errorf("what can't be read is not named: %+v", found.Troubles)
		}
	})
}

func TestNoPlanRunsWithOurRolesOutOfSight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), replication.Done)
		l.hire(t, "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
		for _, plan := range []replication.Plan{l.setUp(t), l.tearDown(t, false)} {
			blocked := plan.Blocked()
			if len(blocked) != 2 || !strings.Contains(blocked[0].Title, "can't be read") || !strings.Contains(blocked[0].Meaning, "iam:GetRole") {
				t.Errorf("the plan to %s has the blockers %+v", plan.Purpose, blocked)
			}
		}
	})
}
