package replication_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/sandbox"
)

// oldPair has a bucket from before 2018 on side A.
func oldPair(name string) pair.Pair {
	return pair.Pair{A: pair.Side{Region: "us-east-1", Bucket: name}, B: testPair.B, Options: pair.DefaultOptions()}
}

var oldNames = []string{"My_Legacy_Bucket", "UPPER.and_lower-", "_xy", "two..dots", strings.Repeat("Long_", 51), "xn--older", "logs-an"}

func TestABucketWithANameThatNoNewOneCanHaveIsSetUpAndTakenDown(t *testing.T) {
	for _, name := range oldNames {
		t.Run(name[:min(len(name), 20)], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, oldPair(name))
				who, err := l.world.A.Identify(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				bucket := sandbox.AccountBucket{Name: name, Region: "us-east-1"}
				if err := l.box.AddAccount(sandbox.Account{ID: who.Account, Buckets: []sandbox.AccountBucket{bucket}}); err != nil {
					t.Fatal(err)
				}
				if found, err := l.world.A.DescribeBucket(t.Context(), name); err != nil || found.Region != "us-east-1" {
					t.Errorf("a glance shows %+v, %v", found, err)
				}
				if err := plan.Apply(t.Context(), l.setUp(t), (&log{}).emit); err != nil { // with its canaries
					t.Fatal(err)
				}
				if changes := l.setUp(t).Changes(); changes != 0 {
					t.Errorf("a second plan has %d changes", changes)
				}
				if err := plan.Apply(t.Context(), l.tearDown(t, false), (&log{}).emit); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

func TestNoNewBucketIsPlannedWithAnOldName(t *testing.T) {
	for _, name := range oldNames {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, oldPair(name))
			proposed := l.setUp(t)
			blocked := proposed.Blocked()
			if len(blocked) == 0 || !strings.Contains(blocked[0].Title, "no new bucket can be named so") || blocked[0].Side != pair.A {
				t.Errorf("%s: blocked by %+v", name, blocked)
			}
			if rule := oldPair(name).A.CheckNewBucket(); rule == nil || len(blocked) > 0 && !strings.Contains(blocked[0].Meaning, rule.Error()) {
				t.Errorf("%s: the rule %v is not named", name, rule)
			}
			l.wire.reset()
			l.refused(t, proposed)
		})
	}
}
