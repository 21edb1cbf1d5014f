package session_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/deep"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/aws/session"
)

// An audit tells causes by itself, with what this computer's runs did to the
// rules.
func TestAnAuditTellsCausesWithWhatEarlierRunsDid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.setUp(w.process())
		clients, err := w.access.Open(t.Context(), testPair.A.Region)
		if err != nil {
			t.Fatal(err)
		}
		rules := func(status types.ReplicationRuleStatus) {
			t.Helper()
			now, err := clients.S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: &testPair.A.Bucket})
			if err != nil {
				t.Fatal(err)
			}
			now.ReplicationConfiguration.Rules[0].Status = status
			if _, err := clients.S3.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{
				Bucket: &testPair.A.Bucket, ReplicationConfiguration: now.ReplicationConfiguration,
			}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute) // the role alone would not tell so soon
		rules(types.ReplicationRuleStatusDisabled)
		if _, err := clients.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &testPair.A.Bucket, Key: aws.String("gap")}); err != nil {
			t.Fatal(err)
		}
		rules(types.ReplicationRuleStatusEnabled)
		time.Sleep(time.Hour)
		var rows []difference.Difference
		result, err := w.process().Audit(t.Context(), w.access, testPair, session.AuditOptions{}, func(e pair.Event) {
			if d, is := e.(difference.Difference); is {
				rows = append(rows, d)
			}
		})
		if err != nil || !result.Complete || len(rows) != 1 {
			t.Fatalf("%v, complete %t, %d differences", err, result.Complete, len(rows))
		}
		d := rows[0]
		if d.Verdict != difference.NeverEligible || d.Cause != difference.WhileDisabled || d.Remedy != difference.Replicate {
			t.Errorf("it is %q, %q, %q", d.Verdict, d.Cause, d.Remedy)
		}
		if said := strings.Join(d.Evidence, "\n"); !strings.Contains(said, "of bothways saw the rule replicate a canary on") {
			t.Errorf("its evidence is\n%s", said)
		}
		if result.Requests.Heads < 2 {
			t.Errorf("%d HEADs are counted", result.Requests.Heads)
		}
	})
}

// Deep samples are drawn from all that the listings agree in: also from keys that
// differ in another version.
func TestAnAuditLooksDeeplyAtVersionsThatTheSidesAgreeIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.setUp(w.process())
		var clients [2]*s3.Client
		for i, side := range pair.Sides() {
			opened, err := w.access.Open(t.Context(), testPair.Side(side).Region)
			if err != nil {
				t.Fatal(err)
			}
			clients[i] = opened.S3
		}
		for i := range 12 {
			if _, err := clients[0].PutObject(t.Context(), &s3.PutObjectInput{Bucket: &testPair.A.Bucket, Key: aws.String(fmt.Sprintf("key-%02d", i))}); err != nil {
				t.Fatal(err)
			}
		}
		old, err := clients[0].PutObject(t.Context(), &s3.PutObjectInput{Bucket: &testPair.A.Bucket, Key: aws.String("key-00")})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if _, err := clients[1].DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &testPair.B.Bucket, Key: aws.String("key-00"), VersionId: old.VersionId}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		f := &face{}
		if _, err := w.process().Audit(t.Context(), w.access, testPair, session.AuditOptions{Deep: 100}, f.emit); err != nil {
			t.Fatal(err)
		}
		results := f.named(deep.Result{}.EventName())
		if len(results) != 1 || len(f.named(difference.Difference{}.EventName())) != 1 {
			t.Fatalf("%d results, %d differences", len(results), len(f.named(difference.Difference{}.EventName())))
		}
		if got := results[0].(deep.Result); got.Asked != 100 || got.Drawn != 12 || got.Whole.Looked != 12 || got.Whole.Bad != 0 {
			t.Errorf("%+v", got)
		}
		few := &face{}
		if _, err := w.process().Audit(t.Context(), w.access, testPair, session.AuditOptions{Deep: 5}, few.emit); err != nil {
			t.Fatal(err)
		}
		if got := few.named(deep.Result{}.EventName())[0].(deep.Result); got.Drawn != 5 || got.Whole.Looked != 5 {
			t.Errorf("%+v", got)
		}
	})
}
