package sandbox_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// eventful is a world whose rule from A to B has metrics and maybe time
// control, and that notes the events.
func eventful(t *testing.T, metrics, timed bool) (*world, *[]string) {
	var events []string
	w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, OnEvent: func(e sandbox.Event) {
		events = append(events, strings.TrimSpace(strings.TrimPrefix(e.Name, "s3:Replication:Operation")+" "+e.Key+" "+e.Reason))
	}})
	w.bucket("side-a", ireland)
	w.bucket("side-b", singapore)
	r := rule("side-b")
	quarter := &types.ReplicationTimeValue{Minutes: aws.Int32(15)}
	if metrics {
		r.Destination.Metrics = &types.Metrics{Status: types.MetricsStatusEnabled}
	}
	if timed {
		r.Destination.Metrics = &types.Metrics{Status: types.MetricsStatusEnabled, EventThreshold: quarter}
		r.Destination.ReplicationTime = &types.ReplicationTime{Status: types.ReplicationTimeStatusEnabled, Time: quarter}
	}
	must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), r))
	return w, &events
}

func TestWhichRulesSendWhichEvents(t *testing.T) {
	for name, row := range map[string]struct {
		metrics, timed bool
		want           []string
	}{
		"neither":      {false, false, nil},
		"metrics":      {true, false, []string{"NotTracked erased", "FailedReplication failing DstBucketUnversioned"}},
		"time control": {true, true, []string{"MissedThreshold late", "ReplicatedAfterThreshold late", "NotTracked erased", "FailedReplication failing DstBucketUnversioned"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, events := eventful(t, row.metrics, row.timed)
				w.put("side-a", ireland, "in time", "x")
				pass(time.Minute)
				restore := w.sandbox.CutDirection(ireland, singapore)
				w.put("side-a", ireland, "late", "x")
				// Delete markers have no threshold.
				remove := &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("in time")}
				_, err := w.s3(ireland).DeleteObject(t.Context(), remove)
				must(t, 0, err)
				pass(20 * time.Minute)
				restore()
				pass(time.Minute)
				remove = &s3.DeleteObjectInput{
					Bucket: aws.String("side-a"), Key: aws.String("erased"), VersionId: w.put("side-a", ireland, "erased", "x").VersionId,
				}
				_, err = w.s3(ireland).DeleteObject(t.Context(), remove)
				must(t, 0, err)
				pass(time.Minute)
				must(t, 0, w.versioning("side-b", singapore, types.BucketVersioningStatusSuspended))
				w.put("side-a", ireland, "failing", "x")
				pass(time.Minute)
				if !slices.Equal(*events, row.want) {
					t.Errorf("events %q\nwant   %q", *events, row.want)
				}
			})
		})
	}
}
