package session_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

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
