package replication_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

const minute = time.Minute

// policySpoiler answers GetBucketPolicy with a member that nobody knows.
type policySpoiler struct{ next http.RoundTripper }

func (s *policySpoiler) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := s.next.RoundTrip(r)
	if err != nil || r.Method != http.MethodGet || !r.URL.Query().Has("policy") || response.StatusCode != http.StatusOK {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	body = bytes.Replace(body, []byte("{"), []byte(`{"Novelty":1,`), 1)
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return response, err
}

// A change that is refused for good stops what needs it; undo then removes
// what this run made, and nothing else.
func TestAFailureAtAnyChangeIsUndoneWithoutHarm(t *testing.T) {
	for _, name := range []string{"nothing is there", "rules of others", "the hardest"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; failAt(t, name, n); n += stride {
				if n > 60 {
					t.Fatal("the changes don't end")
				}
			}
		})
	}
}

func failAt(t *testing.T, name string, n int) (reached bool) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := newWorld(t, name)
		l.plant(t)
		before := l.others(t)
		proposed := l.setUp(t)
		l.wire.reset()
		l.wire.refuse = n
		var events log
		err := plan.Apply(t.Context(), proposed, events.emit)
		reached = l.wire.refused
		l.wire.reset()
		tidying := strings.HasPrefix(l.wire.refusal, "DELETE") || strings.Contains(text(t, events.all), "noting that on the role failed")
		if reached == (err == nil) && (err != nil || !tidying) { // what is left of a canary is named, and no failure
			t.Fatalf("with change %d refused apply says %v", n, err)
		}
		for _, st := range proposed.Steps {
			for _, need := range st.Needs {
				if !events.last[need].OK() && events.last[st.ID] != step.Skipped {
					t.Errorf("change %d refused: %s ended %s and %s, which needs it, %s", n, need, events.last[need], st.ID, events.last[st.ID])
				}
			}
		}
		before.unharmed(t, l, "after the failure")
		undo := plan.Undo(l.survey(t), proposed, events.last)
		if err := plan.Apply(context.Background(), undo, (&log{}).emit); err != nil {
			t.Fatalf("change %d refused, then undone: %v", n, err)
		}
		before.unharmed(t, l, "after undo")
		l.alone(t)
	})
	return reached
}

func TestSuspendedVersioningIsSwitchedOnAgainWithAWord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		l.suspend(t, pair.A)
		plan := l.setUp(t)
		if !strings.Contains(text(t, plan.Findings), "versioning is suspended") {
			t.Errorf("the findings are %v", plan.Findings)
		}
		for _, st := range plan.Steps {
			if st.ID == "versioning-a" && (st.Change != step.Modify || st.What != "Suspended -> Enabled") {
				t.Errorf("the step is %s %s", st.Change, st.What)
			}
		}
		applyAny(t, plan)
	})
}

func TestVersioningTurnedOffAfterThePlanStopsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.B)
		proposed := l.setUp(t)
		l.suspend(t, pair.B)
		var events log
		err := plan.Apply(t.Context(), proposed, events.emit)
		if err == nil || !strings.Contains(err.Error(), "plan again") || events.last["versioning-b"] != step.Failed {
			t.Errorf("apply says %v, the step ended %s", err, events.last["versioning-b"])
		}
		for _, d := range pair.Directions() {
			if events.last["rule-"+d.Slug()] != step.Skipped {
				t.Errorf("the rule %s ended %s", d.Arrow(), events.last["rule-"+d.Slug()])
			}
		}
	})
}

func (l *lab) suspend(t *testing.T, side pair.SideName) {
	t.Helper()
	_, err := l.clients(side).S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: aws.String(l.world.Pair.Side(side).Bucket), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A version that somebody puts on top of ours, under our own prefix, is not
// ours and stays; so does the bucket.
func TestVersionsOfOthersOnTopOfOursStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		key := testPair.ProbePrefix() + "run/1"
		_, err := l.world.A.S3.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(testPair.A.Bucket), Key: &key, Body: strings.NewReader("ours"), Metadata: map[string]string{pair.MetadataKey: testPair.ID()},
		})
		if err != nil {
			t.Fatal(err)
		}
		l.put(t, pair.A, key)
		before := l.others(t)
		err = plan.Apply(t.Context(), l.tearDown(t, true), (&log{}).emit)
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("destroy says %v", err)
		}
		before.unharmed(t, l, "after destroy")
		out, err := l.world.A.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(testPair.A.Bucket)})
		if err != nil || len(out.Versions) != 1 {
			t.Errorf("%d versions are left, want theirs alone: %v", len(out.Versions), err)
		}
	})
}

// What is on its way is waited for, so that it does not land after its side
// was cleaned.
func TestDestroyWaitsForObjectsThatAreUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		_, err := l.world.A.S3.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(testPair.A.Bucket), Key: aws.String(testPair.ProbePrefix() + "run/1"), Body: strings.NewReader("ours"),
			Metadata: map[string]string{pair.MetadataKey: testPair.ID()},
		})
		if err != nil {
			t.Fatal(err)
		}
		var events log
		if err := plan.Apply(t.Context(), l.tearDown(t, true), events.emit); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text(t, events.all), "still PENDING") {
			t.Error("nothing is said of the object that was PENDING")
		}
	})
}
