package replication_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/sandbox"
)

func TestApplyMakesAPairAndProvesBothDirections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		plan := l.setUp(t)
		if plan.Changes() != 10 || plan.LongestPath() != 4 {
			t.Errorf("the plan has %d changes and a longest path of %d steps, want 10 and 4", plan.Changes(), plan.LongestPath())
		}
		apply(t, plan, step.Done)

		for _, side := range []struct {
			clients *s3.Client
			bucket  string
		}{{l.world.A.S3, testPair.A.Bucket}, {l.world.B.S3, testPair.B.Bucket}} {
			out, err := side.clients.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &side.bucket})
			if err != nil || len(out.Versions)+len(out.DeleteMarkers) > 0 {
				t.Errorf("canaries are left in %s: %v %v", side.bucket, out.Versions, err)
			}
		}
	})
}

func TestASecondApplyChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		l.wire.reset()
		again := l.setUp(t)
		if again.Changes() != 0 {
			t.Errorf("the second plan has %d changes", again.Changes())
		}
		apply(t, again, step.Already)
		if calls := l.wire.reset(); len(calls) > 0 {
			t.Errorf("the second apply changed something: %s", calls)
		}
	})
}

func TestSwappingTheSidesFindsTheSamePair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		l.world.Pair.A, l.world.Pair.B = l.world.Pair.B, l.world.Pair.A
		l.world.A, l.world.B = l.world.B, l.world.A
		if changes := l.setUp(t).Changes(); changes != 0 {
			t.Errorf("with A and B swapped the plan has %d changes", changes)
		}
	})
}

// Cancelling before or after any change must leave something that the next
// run completes: the same end, with one rule and one role a direction.
func TestARunCutShortAnywhereIsCompletedByTheNext(t *testing.T) {
	t.Parallel()
	cuts := 0
	for _, when := range []string{"before", "after"} {
		for n := 1; ; n += stride {
			reached := false
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				proposed := l.setUp(t)
				l.wire.reset()
				ctx, cancel := context.WithCancel(t.Context())
				cut := func(call int, _ *http.Request) {
					if call == n {
						reached = true
						cancel()
					}
				}
				if when == "before" {
					l.wire.before = cut
				} else {
					l.wire.after = cut
				}
				var events log
				err := plan.Apply(ctx, proposed, events.emit)
				cancel()
				if reached && !errors.Is(err, context.Canceled) {
					t.Fatalf("cut %s change %d: %v", when, n, err)
				}
				for _, step := range proposed.Steps {
					if !events.last[step.ID].Final() {
						t.Errorf("cut %s change %d: %s is left %s", when, n, step.ID, events.last[step.ID])
					}
				}
				l.wire.reset()
				if err := plan.Apply(t.Context(), l.setUp(t), (&log{}).emit); err != nil {
					t.Fatalf("cut %s change %d, then run again: %v", when, n, err)
				}
				checkWhole(t, l)
			})
			if !reached {
				break
			}
			cuts += stride
		}
	}
	if cuts < 24 {
		t.Errorf("only %d cuts were tried", cuts)
	}
}

func checkWhole(t *testing.T, l *lab) {
	t.Helper()
	if changes := l.setUp(t).Changes(); changes != 0 {
		t.Errorf("%d changes are left to do", changes)
	}
	roles, err := l.world.A.IAM.ListRoles(t.Context(), &iam.ListRolesInput{PathPrefix: aws.String(pair.RolePath)})
	if err != nil || len(roles.Roles) != 2 {
		t.Errorf("%d roles, %v; want 2", len(roles.Roles), err)
	}
	for _, d := range pair.Directions() {
		clients := l.world.A
		if d == pair.BtoA {
			clients = l.world.B
		}
		out, err := clients.S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String(l.world.Pair.From(d).Bucket)})
		if err != nil || len(out.ReplicationConfiguration.Rules) != 1 {
			t.Errorf("%s: %v, %v; want one rule", d.Arrow(), out, err)
		}
	}
}

func TestAForeignRuleIsNamedAndLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		apply(t, l.tearDown(t, false), step.Done)
		foreign := &types.ReplicationConfiguration{
			Role: aws.String(l.role(t, pair.A, "theirs")),
			Rules: []types.ReplicationRule{{
				ID: aws.String("their-rule"), Status: types.ReplicationRuleStatusEnabled, Priority: aws.Int32(5),
				Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String("theirs/")},
				DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
				Destination:             &types.Destination{Bucket: aws.String(testPair.B.BucketARN())},
			}},
		}
		put := &s3.PutBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket), ReplicationConfiguration: foreign}
		if _, err := l.world.A.S3.PutBucketReplication(t.Context(), put); err != nil {
			t.Fatal(err)
		}
		l.wire.reset()
		plan := l.setUp(t)
		blocked := plan.Blocked()
		if len(blocked) != 1 || !strings.Contains(blocked[0].Title, "their-rule") || blocked[0].Consent != pair.Merge {
			t.Fatalf("the findings are %v", plan.Findings)
		}
		l.refused(t, plan)
	})
}

func TestAForeignRuleThatAppearsAfterThePlanStopsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		apply(t, l.tearDown(t, false), step.Done)
		proposed := l.setUp(t)
		late := &s3.PutBucketReplicationInput{
			Bucket: aws.String(testPair.A.Bucket),
			ReplicationConfiguration: &types.ReplicationConfiguration{
				Role: aws.String("arn:aws:iam::" + l.box.AccountID() + ":role/theirs"),
				Rules: []types.ReplicationRule{{
					ID: aws.String("late"), Status: types.ReplicationRuleStatusDisabled, Priority: aws.Int32(1),
					Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String("")},
					DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
					Destination:             &types.Destination{Bucket: aws.String(testPair.B.BucketARN())},
				}},
			},
		}
		if _, err := l.world.A.S3.PutBucketReplication(t.Context(), late); err != nil {
			t.Fatal(err)
		}
		var events log
		if err := plan.Apply(t.Context(), proposed, events.emit); err == nil || !strings.Contains(err.Error(), "late") {
			t.Errorf("apply says %v, want the late rule's name", err)
		}
		if events.last["rule-a-to-b"] != step.Failed || events.last["canary-a-to-b"] != step.Skipped || events.last["canary-b-to-a"] != step.Done {
			t.Errorf("the steps ended %v", events.last)
		}
		out, err := l.world.A.S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket)})
		if err != nil || *out.ReplicationConfiguration.Rules[0].ID != "late" {
			t.Errorf("the late rule is gone: %v, %v", out, err)
		}
	})
}

func TestARoleThatLostARightIsPutRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		name := aws.String(testPair.RoleName(pair.AtoB))
		_, err := l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
			RoleName: name, PolicyName: aws.String(testPair.PolicyName()),
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		proposed := l.setUp(t)
		var changing []string
		for _, st := range proposed.Steps {
			if st.Change != step.Nothing {
				changing = append(changing, st.ID)
			}
		}
		if !slices.Equal(changing, []string{"role-a-to-b", "canary-a-to-b"}) {
			t.Errorf("the plan changes %s", changing)
		}
		if err := plan.Apply(t.Context(), proposed, (&log{}).emit); err != nil {
			t.Error(err)
		}
	})
}

func TestACanaryThatFailsForGoodSaysWhatToLookAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ReplicateObject","Resource":"` + testPair.B.BucketARN() + `/*"}]}`
		if _, err := l.world.B.S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(testPair.B.Bucket), Policy: &deny}); err != nil {
			t.Fatal(err)
		}
		untag := &iam.UntagRoleInput{RoleName: aws.String(testPair.RoleName(pair.AtoB)), TagKeys: []string{pair.ProvenTagKey}}
		if _, err := l.world.A.IAM.UntagRole(t.Context(), untag); err != nil {
			t.Fatal(err)
		}
		var events log
		start := time.Now()
		err := plan.Apply(t.Context(), l.setUp(t), events.emit)
		if err == nil || !strings.Contains(err.Error(), "bucket policy of "+testPair.B.Bucket) {
			t.Errorf("apply says %v", err)
		}
		if events.last["canary-a-to-b"] != step.Failed || events.last["canary-b-to-a"] != step.Already {
			t.Errorf("the steps ended %v", events.last)
		}
		if took := time.Since(start); took > 5*time.Minute {
			t.Errorf("it took %s to say so", took)
		}
	})
}

func TestACanaryWaitsOutAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		plan := l.setUp(t)
		var restore func()
		l.wire.before = func(_ int, r *http.Request) {
			if restore == nil && strings.Contains(r.URL.Path, "/canary/") {
				var err error
				if restore, err = l.box.Inject(sandbox.Fault{Kind: "outage", Region: testPair.B.Region}); err != nil {
					t.Error(err)
				}
				time.AfterFunc(time.Minute, restore)
			}
		}
		start := time.Now()
		apply(t, plan, step.Done)
		if took := time.Since(start); took < time.Minute || took > 3*time.Minute {
			t.Errorf("apply took %s with an outage of a minute", took)
		}
	})
}

func TestIndependentStepsRunSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		var events log
		if err := plan.Apply(t.Context(), l.setUp(t), events.emit); err != nil {
			t.Fatal(err)
		}
		started := map[string]time.Time{}
		for _, e := range events.all {
			if e.Status == step.Running && started[e.ID].IsZero() {
				started[e.ID] = e.At
			}
		}
		for _, id := range []string{"bucket-b", "role-a-to-b", "role-b-to-a"} {
			if !started[id].Equal(started["bucket-a"]) {
				t.Errorf("%s began %s after bucket-a", id, started[id].Sub(started["bucket-a"]))
			}
		}
	})
}
