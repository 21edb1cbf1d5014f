package replication_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// untagging is a lab whose store leaves out the tags that come with a
// CreateBucket, as stores other than S3 do; ever says that it never keeps any.
func untagging(t *testing.T, ever bool) *lab {
	t.Helper()
	l := newLab(t, testPair)
	l.world.A.OtherStore, l.world.B.OtherStore = true, true
	var plain [2]*s3.Client // past the wire's hook
	for i, side := range []pair.Side{testPair.A, testPair.B} {
		access := l.access
		access.HTTPClient = &http.Client{Transport: l.wire.next}
		clients, err := access.Open(t.Context(), side.Region)
		if err != nil {
			t.Fatal(err)
		}
		plain[i] = clients.S3
	}
	l.wire.after = func(_ int, r *http.Request) {
		tagged := ever && r.URL.Query().Has("tagging")
		if r.Method != http.MethodPut || r.URL.RawQuery != "" && !tagged && !strings.HasPrefix(r.URL.RawQuery, "x-id=CreateBucket") {
			return
		}
		for i, side := range []pair.Side{testPair.A, testPair.B} {
			if strings.Trim(r.URL.Path, "/") != side.Bucket {
				continue
			}
			if _, err := plain[i].DeleteBucketTagging(t.Context(), &s3.DeleteBucketTaggingInput{Bucket: aws.String(side.Bucket)}); err != nil {
				t.Error(err)
			}
		}
	}
	return l
}

func TestABucketWhoseStoreLeftItsMarkOutIsTaggedAndRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := untagging(t, false)
		var events log
		if err := plan.Apply(t.Context(), l.setUp(t), events.emit); err != nil {
			t.Fatal(err)
		}
		if said := detailOf(&events, "bucket-a"); !strings.Contains(said, "tagged afterwards") {
			t.Errorf("the step says %q", said)
		}
		l.wire.after = nil
		if err := plan.Apply(t.Context(), l.tearDown(t, true), (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		for _, side := range []pair.SideName{pair.A, pair.B} {
			if _, err := l.clients(side).S3.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String(testPair.Side(side).Bucket)}); err == nil {
				t.Errorf("bucket %s stays", side)
			}
		}
	})
}

func TestABucketWhoseStoreKeepsNoTagsIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := untagging(t, true)
		var events log
		_ = plan.Apply(t.Context(), l.setUp(t), events.emit)
		if said := detailOf(&events, "bucket-a"); !strings.Contains(said, "without its mark") || !strings.Contains(said, "by hand") {
			t.Errorf("the step says %q", said)
		}
	})
}

func detailOf(events *log, id string) string {
	for _, e := range events.all {
		if e.ID == id && e.Status == step.Done {
			return e.Detail
		}
	}
	return ""
}

// What a store keeps otherwise than it was sent is named by its element.
func TestWhatReadsOtherwiseIsNamedByElementAsSentAndAsRead(t *testing.T) {
	for name, c := range map[string]struct{ sent, kept, says string }{
		"a value": {
			"<DeleteMarkerReplication><Status>Enabled</Status>", "<DeleteMarkerReplication><Status>Disabled</Status>",
			"DeleteMarkerReplication.Status Enabled -> Disabled (sent -> read)",
		},
		"an element left out": {
			"<SourceSelectionCriteria><ReplicaModifications><Status>Enabled</Status></ReplicaModifications></SourceSelectionCriteria>", "",
			"SourceSelectionCriteria.ReplicaModifications.Status Enabled -> nothing (sent -> read)",
		},
		"an element added": {
			"</Bucket></Destination>", "</Bucket><StorageClass>GLACIER</StorageClass></Destination>",
			"Destination.StorageClass nothing -> GLACIER (sent -> read)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				proposed := l.setUp(t)
				l.wire.next = &spoiler{next: l.wire.next, old: c.sent, now: c.kept}
				err := plan.Apply(t.Context(), proposed, (&log{}).emit)
				if err == nil || !strings.Contains(err.Error(), "rule "+testPair.RuleID(pair.AtoB)+": "+c.says) {
					t.Errorf("apply says %v", err)
				}
			})
		})
	}
}
