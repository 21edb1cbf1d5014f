package session_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/audit/difference"
	"bothways/aws/backfill"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/session"
)

// old writes objects that no rule takes: they lie there before there is one.
func (w *world) old(s *session.Session, keys ...string) {
	w.Helper()
	w.setUp(s)
	side, err := w.access.Open(w.Context(), testPair.A.Region)
	if err != nil {
		w.Fatal(err)
	}
	rules, err := side.S3.GetBucketReplication(w.Context(), &s3.GetBucketReplicationInput{Bucket: &testPair.A.Bucket})
	if err != nil {
		w.Fatal(err)
	}
	if _, err := side.S3.DeleteBucketReplication(w.Context(), &s3.DeleteBucketReplicationInput{Bucket: &testPair.A.Bucket}); err != nil {
		w.Fatal(err)
	}
	time.Sleep(time.Hour) // virtual
	for _, key := range keys {
		if _, err := side.S3.PutObject(w.Context(), &s3.PutObjectInput{Bucket: &testPair.A.Bucket, Key: aws.String(key), Body: strings.NewReader("x")}); err != nil {
			w.Fatal(err)
		}
	}
	if _, err := side.S3.PutBucketReplication(w.Context(), &s3.PutBucketReplicationInput{Bucket: &testPair.A.Bucket, ReplicationConfiguration: rules.ReplicationConfiguration}); err != nil {
		w.Fatal(err)
	}
	time.Sleep(time.Hour) // virtual
}

// The loop as a user goes it: audit, backfill from the newest one, audit again.
func TestWhatAnAuditFoundIsPutRightAndTheNextAuditFindsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.old(s, "one")
		_, err := s.Backfill(t.Context(), w.access, testPair, session.BackfillOptions{})
		if none, is := errors.AsType[*session.NoAuditError](err); !is || none.Why == "" {
			t.Fatalf("without an audit: %v", err)
		}
		options := session.AuditOptions{}
		found, err := s.Audit(t.Context(), w.access, testPair, options, (&face{}).emit)
		if err != nil || found.Tally.Of(difference.Wrong).Versions != 1 {
			t.Fatalf("the audit: %+v, %v", found.Tally, err)
		}
		planned, err := s.Backfill(t.Context(), w.access, testPair, session.BackfillOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var shown face
		result, err := planned.Run(t.Context(), shown.emit)
		if err != nil || result.Left() > 0 || result.There != 1 || result.Alone() > 0 {
			t.Fatalf("the backfill: %+v, %v", result, err)
		}
		text := w.journal(&shown)
		job, intent := strings.Index(text, `"event":"backfill_job"`), strings.Index(text, `"begins":true`)
		if job < 0 || intent < 0 || !strings.Contains(text, `"event":"backfill_result"`) || strings.Contains(text, `"event":"backfill_progress"`) {
			t.Errorf("the journal is\n%s", text)
		}
		if len(shown.named("backfill_progress")) == 0 {
			t.Error("the face saw no progress")
		}
		if again, err := s.Audit(t.Context(), w.access, testPair, options, (&face{}).emit); err != nil || again.Tally.Of(difference.Wrong).Versions != 0 {
			t.Errorf("audited again: %+v, %v", again.Tally, err)
		}
		// The rules stand as they did, and a tear-down finds nothing of a backfill.
		for _, st := range w.survey(s).TearDown(true).Steps {
			if strings.Contains(st.ID, "backfill") {
				t.Errorf("%s is left", st.ID)
			}
		}
	})
}

// A run that was cut short is refused to nobody: another process finds its job in
// AWS alone, and a tear-down takes it away.
func TestATearDownTakesACutShortBackfillAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.old(s, "one")
		if _, err := s.Audit(t.Context(), w.access, testPair, session.AuditOptions{}, (&face{}).emit); err != nil {
			t.Fatal(err)
		}
		planned, err := s.Backfill(t.Context(), w.access, testPair, session.BackfillOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		shown := face{on: func(e pair.Event) {
			if _, is := e.(backfill.Job); is {
				cancel()
			}
		}}
		if _, err := planned.Run(ctx, shown.emit); !errors.Is(err, context.Canceled) {
			t.Fatalf("cut short: %v", err)
		}
		elsewhere := session.New("test", t.TempDir())
		plan := w.survey(elsewhere).TearDown(false)
		removes := 0
		for _, st := range plan.Steps {
			if strings.Contains(st.ID, "backfill") {
				removes++
			}
		}
		if removes != 3 {
			t.Errorf("%d steps remove what the backfill left, want 3", removes)
		}
		if err := elsewhere.Apply(t.Context(), w.access, plan, (&face{}).emit); err != nil {
			t.Fatal(err)
		}
		side, err := w.access.Open(t.Context(), testPair.A.Region)
		if err != nil {
			t.Fatal(err)
		}
		if left, err := side.S3.ListBuckets(t.Context(), &s3.ListBucketsInput{}); err != nil || len(left.Buckets) != 2 {
			t.Errorf("%d buckets are left, want the two of the pair: %v", len(left.Buckets), err)
		}
	})
}

// While a backfill goes on, nobody else changes the pair from this computer.
func TestABackfillHoldsThePairsLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.old(s, "one")
		if _, err := s.Audit(t.Context(), w.access, testPair, session.AuditOptions{}, (&face{}).emit); err != nil {
			t.Fatal(err)
		}
		planned, err := s.Backfill(t.Context(), w.access, testPair, session.BackfillOptions{})
		if err != nil {
			t.Fatal(err)
		}
		refused := make(chan error, 1)
		shown := face{on: func(e pair.Event) {
			if _, is := e.(backfill.Job); is {
				go func() { // events wait for nobody
					other := w.process()
					refused <- other.Apply(t.Context(), w.access, w.survey(other).CleanUp(), (&face{}).emit)
				}()
			}
		}}
		if _, err := planned.Run(t.Context(), shown.emit); err != nil {
			t.Fatal(err)
		}
		if err := <-refused; err == nil {
			t.Error("another process changed the pair meanwhile")
		} else if _, held := errors.AsType[*journal.HeldError](err); !held {
			t.Errorf("another process was refused by %v", err)
		}
	})
}
