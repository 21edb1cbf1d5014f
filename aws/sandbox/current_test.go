package sandbox_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/sandbox"
)

// Both sides write to a key before they hear of each other. By creation both end
// up with the same version current; by arrival each has the other's, since that
// came last. HEAD, GET and both listings say the same.
func TestWhichVersionIsCurrentAfterBothSidesWrote(t *testing.T) {
	for current, want := range map[sandbox.Current][2]string{sandbox.Created: {"B", "B"}, sandbox.Arrived: {"B", "A"}, "": {"B", "B"}} {
		t.Run(string(current), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Current: current})
				w.pair()
				w.put("side-a", ireland, "k", "A")
				pass(time.Second)
				w.put("side-b", singapore, "k", "B")
				pass(time.Minute)
				for i, side := range []string{"side-a", "side-b"} {
					if got := w.content(side, regionOf(side), "k"); got != want[i] {
						t.Errorf("%s serves %q, want %q", side, got, want[i])
					}
					checkCurrent(w, side)
				}
			})
		})
	}
}

// checkCurrent holds what listings call the latest to what a HEAD answers, and
// both versions to be there.
func checkCurrent(w *world, side string) {
	w.Helper()
	head, err := w.head(side, regionOf(side), "k", "")
	if err != nil {
		w.Fatal(err)
	}
	versions, err := w.s3(regionOf(side)).ListObjectVersions(w.Context(), &s3.ListObjectVersionsInput{Bucket: &side})
	if err != nil || len(versions.Versions) != 2 {
		w.Fatal(versions, err)
	}
	if first := versions.Versions[0]; *first.VersionId != *head.VersionId || !*first.IsLatest || *versions.Versions[1].IsLatest {
		w.Errorf("%s lists %+v, and HEAD answers %s", side, versions.Versions, *head.VersionId)
	}
	objects, err := w.s3(regionOf(side)).ListObjectsV2(w.Context(), &s3.ListObjectsV2Input{Bucket: &side})
	if err != nil || len(objects.Contents) != 1 || *objects.Contents[0].ETag != *head.ETag {
		w.Errorf("%s lists %+v, %v", side, objects, err)
	}
}

// One side deletes, the other writes: by arrival the key is gone on the side that
// wrote, and there on the one that deleted.
func TestADeletionAgainstAWriteByArrival(t *testing.T) {
	for current, gone := range map[sandbox.Current][2]bool{sandbox.Created: {false, false}, sandbox.Arrived: {false, true}} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Current: current})
			w.pair()
			w.put("side-a", ireland, "k", "old")
			pass(time.Minute)
			if _, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: new("side-a"), Key: new("k")}); err != nil {
				t.Fatal(err)
			}
			pass(time.Second)
			w.put("side-b", singapore, "k", "B")
			pass(time.Minute)
			for i, side := range []string{"side-a", "side-b"} {
				if _, err := w.head(side, regionOf(side), "k", ""); (code(err) == "NotFound") != gone[i] {
					t.Errorf("%s: %s answers %v", current, side, err)
				}
			}
		})
	}
}

// A restart keeps the order that versions came in.
func TestArrivalsAreKeptOverRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state := t.TempDir()
		listed := func(w *world) (ids []string) {
			for _, side := range []string{"side-a", "side-b"} {
				out, err := w.s3(regionOf(side)).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &side})
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range out.Versions {
					ids = append(ids, fmt.Sprint(*v.Key, *v.VersionId, *v.IsLatest))
				}
			}
			return ids
		}
		o := sandbox.Options{NoDistance: true, Current: sandbox.Arrived, State: state, Delay: func(_, _ string, _ int64, draw *rand.Rand) time.Duration {
			return time.Duration(draw.Int64N(int64(10 * time.Second)))
		}}
		w := newWorld(t, o)
		w.pair()
		for i := range 20 {
			side := []string{"side-a", "side-b"}[i%2]
			w.put(side, regionOf(side), "k", fmt.Sprint(i))
			pass(time.Second)
		}
		pass(time.Minute)
		want := listed(w)
		if err := w.sandbox.Close(); err != nil {
			t.Fatal(err)
		}
		if again := listed(newWorld(t, o)); len(want) != 40 || !slices.Equal(again, want) {
			t.Errorf("after a restart it lists %q, before %q", again, want)
		}
	})
}
