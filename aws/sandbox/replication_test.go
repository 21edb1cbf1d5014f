package sandbox_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

func fixed(string, string, int64, *rand.Rand) time.Duration { return exactly }

func TestReplicaAppearsAfterTheDrawnDelayInBothDirections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.pair()
		for _, way := range [][4]string{
			{"side-a", ireland, "side-b", singapore}, {"side-b", singapore, "side-a", ireland},
		} {
			key := "from-" + way[0]
			put := w.put(way[0], way[1], key, "content")
			start := time.Now()
			if got := w.status(way[0], way[1], key); got != "PENDING" {
				t.Errorf("origin reads %q, want PENDING", got)
			}
			pass(exactly - time.Nanosecond)
			if _, err := w.head(way[2], way[3], key, *put.VersionId); code(err) != "NotFound" {
				t.Errorf("just before the delay has passed: %v, want NotFound", err)
			}
			pass(time.Nanosecond)
			replica, err := w.head(way[2], way[3], key, *put.VersionId)
			if err != nil {
				t.Fatal(err)
			}
			if replica.ReplicationStatus != types.ReplicationStatusReplica {
				t.Errorf("replica reads %q", replica.ReplicationStatus)
			}
			if got := w.status(way[0], way[1], key); got != "PENDING" {
				t.Errorf("origin reads %q as soon as the replica is readable, want PENDING a little longer", got)
			}
			pass(time.Second)
			if got := w.status(way[0], way[1], key); got != "COMPLETED" {
				t.Errorf("origin reads %q, want COMPLETED", got)
			}
			last := w.deliveries[len(w.deliveries)-1]
			if last.VisibleAt.Sub(last.CommittedAt) != exactly || !last.VisibleAt.Equal(start.Add(exactly)) {
				t.Errorf("delivery says %v to %v", last.CommittedAt, last.VisibleAt)
			}
		}
	})
}

func TestReplicaEqualsItsOriginAndDoesNotComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.pair()
		put, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String("side-a"), Key: aws.String("k"), Body: strings.NewReader("the content"),
			ContentType: aws.String("text/plain"), Metadata: map[string]string{"author": "me"},
			Tagging: aws.String("colour=red"),
		})
		if err != nil {
			t.Fatal(err)
		}
		pass(10 * time.Minute)
		origin := w.headNow("side-a", ireland)
		replica := w.headNow("side-b", singapore)
		if *replica.VersionId != *put.VersionId || *replica.ETag != *origin.ETag ||
			!replica.LastModified.Equal(*origin.LastModified) || replica.Metadata["author"] != "me" ||
			*replica.ContentType != "text/plain" || aws.ToInt32(replica.TagCount) != 1 ||
			*replica.ChecksumCRC32 != *origin.ChecksumCRC32 {
			t.Errorf("replica %+v\ndiffers from origin %+v", replica, origin)
		}
		if got := w.content("side-b", singapore, "k"); got != "the content" {
			t.Errorf("replica holds %q", got)
		}
		for bucket, region := range map[string]string{"side-a": ireland, "side-b": singapore} {
			list, err := w.s3(region).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &bucket})
			if err != nil {
				t.Fatal(err)
			}
			if len(list.Versions) != 1 {
				t.Errorf("%s holds %d versions, want 1", bucket, len(list.Versions))
			}
		}
		if len(w.deliveries) != 1 {
			t.Errorf("%d deliveries, want 1", len(w.deliveries))
		}
	})
}

func (w *world) headNow(bucket, region string) *s3.HeadObjectOutput {
	w.Helper()
	out, err := w.head(bucket, region, "k", "")
	if err != nil {
		w.Fatal(err)
	}
	return out
}
