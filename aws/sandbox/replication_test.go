package sandbox_test

import (
	"fmt"
	"math/rand/v2"
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
		summed := func(bucket, region string) *s3.HeadObjectOutput {
			out, err := w.s3(region).HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: aws.String("k"), ChecksumMode: types.ChecksumModeEnabled})
			return must(w, out, err)
		}
		origin, replica := summed("side-a", ireland), summed("side-b", singapore)
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

func TestOutageKeepsPendingAndResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.pair()
		put := w.put("side-a", ireland, "k", "x")
		restore := w.sandbox.Outage(singapore)
		pass(time.Hour)
		if got := w.status("side-a", ireland, "k"); got != "PENDING" {
			t.Errorf("during the outage the origin reads %q, want PENDING", got)
		}
		if _, err := w.head("side-b", singapore, "k", *put.VersionId); err == nil {
			t.Error("the region answers during its outage")
		}
		restore()
		restore() // more than once does nothing
		pass(exactly)
		if replica, err := w.head("side-b", singapore, "k", *put.VersionId); err != nil || replica.ReplicationStatus != "REPLICA" {
			t.Errorf("after the outage: %v, %v", replica, err)
		}
		pass(time.Second)
		if got := w.status("side-a", ireland, "k"); got != "COMPLETED" {
			t.Errorf("after the outage the origin reads %q, want COMPLETED", got)
		}
	})
}

func TestDeleteMarkersFollowTheRuleAndVersionDeletesNeverDo(t *testing.T) {
	for _, replicated := range []bool{true, false} {
		t.Run(fmt.Sprint(replicated), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.bucket("side-a", ireland)
				w.bucket("side-b", singapore)
				r := rule("side-b")
				if !replicated {
					r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
				}
				if err := w.replicate("side-a", ireland, w.role("r", allActions...), r); err != nil {
					t.Fatal(err)
				}
				put := w.put("side-a", ireland, "k", "x")
				pass(time.Minute)
				client := w.s3(ireland)
				marker, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("k")})
				if err != nil || !aws.ToBool(marker.DeleteMarker) {
					t.Fatal(marker, err)
				}
				pass(time.Minute)
				_, err = w.head("side-b", singapore, "k", "")
				if gone := code(err) == "NotFound"; gone != replicated {
					t.Errorf("at the destination: %v", err)
				}
				for _, id := range []*string{marker.VersionId, put.VersionId} {
					if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{
						Bucket: aws.String("side-a"), Key: aws.String("k"), VersionId: id,
					}); err != nil {
						t.Fatal(err)
					}
				}
				pass(time.Minute)
				if _, err := w.head("side-b", singapore, "k", *put.VersionId); err != nil {
					t.Errorf("the delete of a version was replicated: %v", err)
				}
			})
		})
	}
}

func TestWhatWasThereBeforeTheRuleOrOutsideItHasNoStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.bucket("side-a", ireland)
		w.bucket("side-b", singapore)
		w.put("side-a", ireland, "in/before", "x")
		role := w.role("r", allActions...)
		r := rule("side-b")
		r.Filter.Prefix = aws.String("in/")
		if err := w.replicate("side-a", ireland, role, r); err != nil {
			t.Fatal(err)
		}
		w.put("side-a", ireland, "out/after", "x")
		r.Status = types.ReplicationRuleStatusDisabled
		if err := w.replicate("side-a", ireland, role, r); err != nil {
			t.Fatal(err)
		}
		w.put("side-a", ireland, "in/disabled", "x")
		r.Status = types.ReplicationRuleStatusEnabled
		if err := w.replicate("side-a", ireland, role, r); err != nil {
			t.Fatal(err)
		}
		pass(time.Hour)
		for _, key := range []string{"in/before", "out/after", "in/disabled"} {
			if got := w.status("side-a", ireland, key); got != "" {
				t.Errorf("%s reads %q, want no status", key, got)
			}
		}
		if len(w.deliveries) != 0 {
			t.Errorf("delivered %v", w.deliveries)
		}
	})
}

func TestSameSeedDrawsTheSameDelays(t *testing.T) {
	measure := func() []time.Duration {
		var delays []time.Duration
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, sandbox.Options{NoDistance: true, Seed: 7})
			w.pair()
			for i := range 5 {
				w.put("side-a", ireland, fmt.Sprint(i), "x")
			}
			pass(time.Hour)
			slices.SortFunc(w.deliveries, func(a, b sandbox.Delivery) int { return strings.Compare(a.Key, b.Key) })
			for _, d := range w.deliveries {
				delays = append(delays, d.VisibleAt.Sub(d.CommittedAt))
			}
		})
		return delays
	}
	first, second := measure(), measure()
	if len(first) != 5 || !slices.Equal(first, second) {
		t.Errorf("drew %v, then %v", first, second)
	}
	if first[0] == first[1] {
		t.Errorf("two keys drew the same delay: %v", first)
	}
}

func TestTimeScaleShortensDelaysAndRoundTrips(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rtt := func(string) time.Duration { return 100 * time.Millisecond }
		w := newWorld(t, sandbox.Options{TimeScale: 10, Delay: fixed, RTT: rtt})
		w.pair()
		start := time.Now()
		w.put("side-a", ireland, "k", "x")
		if took := time.Since(start); took != 10*time.Millisecond {
			t.Errorf("a PUT took %v, want a tenth of 100ms", took)
		}
		pass(time.Minute)
		if d := w.deliveries[0]; d.VisibleAt.Sub(d.CommittedAt) != exactly/10 || d.CommittedAt.Sub(start) != 5*time.Millisecond {
			t.Errorf("committed after %v, visible %v later", d.CommittedAt.Sub(start), d.VisibleAt.Sub(d.CommittedAt))
		}
	})
}

func TestAnOutageOfTheOriginDelaysItsCompletionAndACutDoesNot(t *testing.T) {
	for name, row := range map[string]struct {
		begin func(*world) func()
		want  string
	}{
		"outage": {func(w *world) func() { return w.sandbox.Outage(ireland) }, "error: ServiceUnavailable"},
		"cut":    {func(w *world) func() { return w.sandbox.CutDirection(ireland, singapore) }, "COMPLETED"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.pair()
				id := plainly(w)
				pass(exactly)
				end := row.begin(w)
				pass(time.Hour)
				if _, err := w.head("side-b", singapore, "k", id); err != nil {
					t.Errorf("the replica: %v", err)
				}
				if got := w.status("side-a", ireland, "k"); got != row.want {
					t.Errorf("the origin reads %s, want %s", got, row.want)
				}
				end()
				pass(time.Second)
				if got := w.status("side-a", ireland, "k"); got != "COMPLETED" || len(w.deliveries) != 1 {
					t.Errorf("afterwards it reads %s after %d deliveries", got, len(w.deliveries))
				}
			})
		})
	}
}

// The status is told by HEAD and GET of an object alone.
func TestWhereTheStatusIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.pair()
		told := func(method, path, body string, header map[string]string) string {
			a := w.raw(rawRequest{method: method, path: path, body: body, header: header})
			if a.status != 200 {
				t.Fatal(path, a.body)
			}
			if strings.Contains(a.body, "ReplicationStatus") {
				return "in the body"
			}
			return a.header.Get("X-Amz-Replication-Status")
		}
		if got := told("PUT", "/side-a/k", "x", nil); got != "" {
			t.Errorf("PutObject tells %q", got)
		}
		for path, want := range map[string]string{
			"/side-a/k": "PENDING", "/side-a?list-type=2": "", "/side-a?versions": "", "/side-a/k?tagging": "",
		} {
			if got := told("GET", path, "", nil); got != want {
				t.Errorf("GET %s tells %q, want %q", path, got, want)
			}
		}
		if got := told("HEAD", "/side-a/k", "", nil); got != "PENDING" {
			t.Errorf("HEAD tells %q", got)
		}
		if got := told("GET", "/side-a/k?attributes", "", map[string]string{"X-Amz-Object-Attributes": "ETag"}); got != "" {
			t.Errorf("GetObjectAttributes tells %q", got)
		}
	})
}
