package replication_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
)

// A rule that covers everything copies also what bothways writes for another
// pair: that is said before and after, and whoever finds it is told whose it is.
func TestCopiesInAThirdBucketAreNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		beside := *l
		beside.world.Pair.B = pair.Side{Region: "us-west-2", Bucket: "bothways-test-three"}
		var err error
		if beside.world.B, err = l.access.Open(t.Context(), "us-west-2"); err != nil {
			t.Fatal(err)
		}
		beside.world.Consent = pair.Merge
		second := beside.world.Pair
		says := func(when string, p plan.Plan, wanted ...string) {
			t.Helper()
			said := text(t, p.Findings)
			for _, want := range wanted {
				if !strings.Contains(said, want) {
					t.Errorf("%s it does not say %q: %s", when, want, said)
				}
			}
		}
		warning := "copied elsewhere too: " + testPair.RuleID(pair.AtoB) + " to " + testPair.B.Bucket
		says("before the second pair", beside.setUp(t), warning)
		applyAny(t, beside.setUp(t))
		says("with the second pair", beside.setUp(t), warning)
		says("of the first pair, whose canaries the second's rule copies", l.setUp(t), "to "+second.B.Bucket)
		beside.probe(t, "20260101-100000-abcd/0a1b/000001-ABCDEFGH", false)
		pass(20 * time.Minute) // its copies have landed
		stay := []string{"may stay in " + testPair.B.Bucket, "--bucket " + testPair.B.Bucket + " --prefix " + second.ObjectPrefix()}
		says("cleaning the second pair", plan.CleanUp(beside.survey(t)), stay...)
		says("taking the second pair down", beside.tearDown(t, true), stay...)
		if err := plan.Apply(context.Background(), beside.tearDown(t, false), (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		if out, err := l.world.B.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &testPair.B.Bucket, Prefix: aws.String(second.ObjectPrefix())}); err != nil || len(out.Versions) == 0 {
			t.Fatalf("no copy landed: %v", err)
		}
		err = plan.Apply(context.Background(), l.tearDown(t, true), (&log{}).emit)
		if err == nil {
			t.Fatal("a bucket with another pair's objects was removed")
		}
		for _, want := range []string{"objects that bothways wrote for the pair " + second.ID() + ", such as " + second.ObjectPrefix(), " --bucket " + testPair.B.Bucket + ` --delete "$(`} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("the first pair's tear-down does not say %q: %v", want, err)
			}
		}
		if strings.Contains(err.Error(), "did not write") {
			t.Errorf("it denies what bothways wrote: %v", err)
		}
	})
}

// A look-alike of another pair's key carries no mark.
func TestWhatOnlyLooksLikeAnotherPairsIsNotCalledOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		other := pair.Pair{A: testPair.A, B: pair.Side{Region: "us-west-2", Bucket: "bothways-test-three"}}
		key := other.CanaryKey("20260101-100000-abcd", pair.AtoB, 1)
		l.put(t, pair.B, key)
		err := plan.Apply(context.Background(), l.tearDown(t, true), (&log{}).emit)
		if err == nil || !strings.Contains(err.Error(), "did not write, or may not look at, such as "+key) || strings.Contains(err.Error(), "for the pair") {
			t.Errorf("of a look-alike it says %v", err)
		}
	})
}
