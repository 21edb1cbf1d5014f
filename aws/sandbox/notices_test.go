package sandbox_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// notice is what a test reads of a message.
type notice struct {
	EventVersion, EventSource, AWSRegion, EventName string
	EventTime                                       time.Time
	UserIdentity                                    struct{ PrincipalID string }
	ResponseElements                                map[string]string
	S3                                              struct {
		ConfigurationID string
		Bucket          struct{ Name, ARN string }
		Object          struct {
			Key, ETag, VersionID, Sequencer string
			Size                            *int64
		}
	}
	ReplicationEventData *struct {
		ReplicationRuleID, DestinationBucket, S3Operation, FailureReason, Threshold, ReplicationTime string
		RequestTime                                                                                  time.Time
	}
}

// notices reads the messages of a log, which it empties.
func notices(t *testing.T, log *bytes.Buffer) []notice {
	t.Helper()
	var all []notice
	for line := range strings.Lines(log.String()) {
		var message struct{ Records []notice }
		if err := json.Unmarshal([]byte(line), &message); err != nil || len(message.Records) != 1 {
			t.Fatalf("%v in %s", err, line)
		}
		all = append(all, message.Records[0])
	}
	log.Reset()
	return all
}

// asks sets what a bucket of Ireland notifies a queue of.
func (w *world) asks(bucket string, filter *types.NotificationConfigurationFilter, events ...types.Event) {
	w.Helper()
	_, err := w.s3(ireland).PutBucketNotificationConfiguration(w.Context(), &s3.PutBucketNotificationConfigurationInput{
		Bucket: &bucket, NotificationConfiguration: &types.NotificationConfiguration{
			QueueConfigurations: []types.QueueConfiguration{{
				Id: aws.String("mine"), QueueArn: aws.String("arn:aws:sqs:eu-west-1:000000000000:q"), Events: events, Filter: filter,
			}},
		},
	})
	must(w, 0, err)
}

func TestABucketNotifiesOfWhatRequestsCreateAndRemove(t *testing.T) {
	var log bytes.Buffer
	w := newWorld(t, sandbox.Options{NoDistance: true, Events: &log})
	w.bucket("box", ireland)
	w.put("box", ireland, "in/before.txt", "nobody asks yet")
	w.asks("box", &types.NotificationConfigurationFilter{Key: &types.S3KeyFilter{FilterRules: []types.FilterRule{
		{Name: types.FilterRuleNamePrefix, Value: aws.String("in/")}, {Name: types.FilterRuleNameSuffix, Value: aws.String(".txt")},
	}}}, "s3:ObjectCreated:*", "s3:ObjectRemoved:Delete")
	first := w.put("box", ireland, "in/a b+ü.txt", "content")
	w.put("box", ireland, "out/a.txt", "x")
	w.put("box", ireland, "in/a.png", "x")
	_, err := w.s3(ireland).CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: aws.String("box"), Key: aws.String("in/copy.txt"), CopySource: aws.String("box/out/a.txt")})
	must(t, 0, err)
	w.post(postForm{bucket: "box", file: "x", fields: []string{"key: in/form.txt"}, conditions: `{"key":"in/form.txt"}`}).want(t, 204, "", "")
	w.remove("box", "in/copy.txt") // puts a marker, of which nobody asks
	_, err = w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("box"), Key: aws.String("in/a b+ü.txt"), VersionId: first.VersionId})
	must(t, 0, err)
	got := notices(t, &log)
	var names []string
	for _, n := range got {
		names = append(names, n.EventName+" "+n.S3.Object.Key)
	}
	const want = "ObjectCreated:Put in/a+b%2B%C3%BC.txt, ObjectCreated:Copy in/copy.txt, ObjectCreated:Post in/form.txt, ObjectRemoved:Delete in/a+b%2B%C3%BC.txt"
	if strings.Join(names, ", ") != want {
		t.Fatalf("it tells of %s\nwant %s", strings.Join(names, ", "), want)
	}
	created, removed := got[0], got[3]
	if o := created.S3.Object; created.EventVersion != "2.1" || created.EventSource != "aws:s3" || created.AWSRegion != ireland ||
		created.S3.ConfigurationID != "mine" || created.S3.Bucket.ARN != "arn:aws:s3:::box" || o.VersionID != *first.VersionId ||
		o.ETag != "9a0364b9e99bb480dd25e1f0284c8555" || o.Size == nil || *o.Size != 7 || created.ResponseElements["x-amz-request-id"] == "" ||
		!strings.HasPrefix(created.UserIdentity.PrincipalID, "AWS:A") || created.ReplicationEventData != nil {
		t.Errorf("it tells of what was created: %+v", created)
	}
	if o := removed.S3.Object; o.Size != nil || o.ETag != "" || o.VersionID != *first.VersionId || o.Sequencer <= created.S3.Object.Sequencer {
		t.Errorf("it tells of what was removed: %+v", removed)
	}
}

func TestABucketNotifiesOfItsReplications(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Events: &log})
		w.bucket("side-a", ireland)
		w.bucket("side-b", singapore)
		quarter := &types.ReplicationTimeValue{Minutes: aws.Int32(15)}
		r := rule("side-b")
		r.Destination.Metrics = &types.Metrics{Status: types.MetricsStatusEnabled, EventThreshold: quarter}
		r.Destination.ReplicationTime = &types.ReplicationTime{Status: types.ReplicationTimeStatusEnabled, Time: quarter}
		must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), r))
		w.asks("side-a", nil, "s3:Replication:*")
		restore := w.sandbox.CutDirection(ireland, singapore)
		w.put("side-a", ireland, "late", "content")
		pass(20 * time.Minute)
		restore()
		pass(time.Minute)
		erased := w.put("side-a", ireland, "erased", "x")
		_, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("erased"), VersionId: erased.VersionId})
		must(t, 0, err)
		pass(time.Minute)
		must(t, 0, w.versioning("side-b", singapore, types.BucketVersioningStatusSuspended))
		w.put("side-a", ireland, "failing", "content")
		pass(time.Minute)
		got := notices(t, &log)
		var told []string
		for _, n := range got {
			d := n.ReplicationEventData
			told = append(told, strings.Join([]string{n.EventName, n.S3.Object.Key, d.FailureReason, d.Threshold, d.ReplicationTime}, " "))
			if n.EventVersion != "2.2" || d.DestinationBucket != "arn:aws:s3:::side-b" || d.S3Operation != "OBJECT_PUT" || d.RequestTime.IsZero() || d.ReplicationRuleID == "" {
				t.Errorf("it tells %+v, %+v", n, d)
			}
		}
		want := []string{
			"Replication:OperationMissedThreshold late  15 ", "Replication:OperationReplicatedAfterThreshold late  15 20",
			"Replication:OperationNotTracked erased   ", "Replication:OperationFailedReplication failing DstBucketUnversioned  ",
		}
		if strings.Join(told, "\n") != strings.Join(want, "\n") {
			t.Errorf("it tells %q\nwant %q", told, want)
		}
	})
}
