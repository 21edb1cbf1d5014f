package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
	"bothways/aws/sandbox/generate"
)

// generated is a world with the buckets side-a and side-b, and what was planted.
func generated(t *testing.T, file string) (*world, []generate.Truth) {
	t.Helper()
	made, err := sandbox.ParseGenerated([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	w := newWorld(t, sandbox.Options{NoDistance: true, Generated: made, GeneratedTruth: &told})
	var planted []generate.Truth
	for line := range strings.Lines(told.String()) {
		var truth generate.Truth
		if err := json.Unmarshal([]byte(line), &truth); err != nil {
			t.Fatal(err)
		}
		planted = append(planted, truth)
	}
	return w, planted
}

const huge = `{"seed": 1, "buckets": [{"name": "gen-a", "region": "eu-west-1"}, {"name": "gen-b", "region": "ap-southeast-1"}],
"keys": [{"prefix": "logs/", "count": 10000000, "depth": 2, "per_folder": 1000, "suffix": ".json", "versions": {"least": 1, "most": 3}, "markers": 0.05}],
"differences": [{"kind": "failed", "count": 100}, {"kind": "conflict", "count": 100}]}`

const sides = `"buckets": [{"name": "side-a", "region": "eu-west-1"}, {"name": "side-b", "region": "ap-southeast-1"}]`

func regionOf(bucket string) string {
	return map[string]string{"side-a": ireland, "side-b": singapore}[bucket]
}

// What clients see of what was planted is what the truth says, by HEAD and by GET.
func TestPlantedDifferencesAreSeenByClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kinds := ""
		for _, kind := range generate.Kinds() {
			if kinds += `, {"kind": "` + kind + `", "count": 2, "prefix": "k & <é>/"`; kind == "arriving" {
				kinds += `, "after": "1h"`
			}
			kinds += "}"
		}
		w, planted := generated(t, `{"seed": 3, `+sides+`, "keys": [{"prefix": "k & <é>/", "count": 200, "versions": {"least": 1, "most": 3}, "markers": 0.2}],
			"differences": [`+kinds[2:]+`]}`)
		if len(planted) != 2*len(generate.Kinds()) {
			t.Fatalf("%d are planted", len(planted))
		}
		for _, truth := range planted {
			var sums []string
			for _, side := range truth.Sides {
				in := &s3.HeadObjectInput{Bucket: &side.Bucket, Key: &truth.Key, VersionId: &truth.VersionID, ChecksumMode: types.ChecksumModeEnabled}
				if side.There {
					in.VersionId = &side.VersionID
				}
				head, err := w.s3(regionOf(side.Bucket)).HeadObject(t.Context(), in)
				switch {
				case truth.Marker && side.There:
					if got := code(err); got != "MethodNotAllowed" {
						t.Errorf("%s: the marker answers %v", truth.Kind, err)
					}
				case !side.There:
					if code(err) != "NotFound" {
						t.Errorf("%s: %s answers %v for what it has not", truth.Kind, side.Bucket, err)
					}
				case err != nil:
					t.Errorf("%s: %v", truth.Kind, err)
				default:
					if *head.ETag != `"`+side.ETag+`"` || *head.ContentLength != *side.Size || string(head.ReplicationStatus) != side.Status || !head.LastModified.Equal(*side.Modified) {
						t.Errorf("%s: %s answers %+v, told is %+v", truth.Kind, side.Bucket, head, side)
					}
					if side.Class != "STANDARD" && string(head.StorageClass) != side.Class {
						t.Errorf("%s: class %q", truth.Kind, head.StorageClass)
					}
					sums = append(sums, *head.ChecksumCRC64NVME)
					if side.Class != "STANDARD" {
						continue
					}
					// The SDK holds what it reads to the checksum.
					got, err := w.s3(regionOf(side.Bucket)).GetObject(t.Context(), &s3.GetObjectInput{Bucket: &side.Bucket, Key: &truth.Key, VersionId: in.VersionId, ChecksumMode: types.ChecksumModeEnabled})
					if err != nil {
						t.Fatal(err)
					}
					if body, err := io.ReadAll(got.Body); err != nil || int64(len(body)) != *side.Size {
						t.Errorf("%s: %d bytes, %v", truth.Kind, len(body), err)
					}
				}
			}
			if same := len(sums) == 2 && sums[0] == sums[1]; len(sums) == 2 && same == (truth.Kind == "different" || truth.Kind == "size" || truth.Kind == "null_other") {
				t.Errorf("%s: checksums %q", truth.Kind, sums)
			}
		}
		for _, truth := range planted {
			if got := w.sandbox.HardDeleted(truth.Odd, truth.Key, truth.VersionID); got != (truth.Kind == "hard_deleted") {
				t.Errorf("%s: deleted by its id: %v", truth.Kind, got)
			}
		}
		pass(time.Hour)
		for _, truth := range planted {
			if truth.Kind != "arriving" {
				continue
			}
			for _, side := range truth.Sides {
				want := "REPLICA"
				if side.Bucket == truth.Origin {
					want = "COMPLETED"
				}
				if head, err := w.head(side.Bucket, regionOf(side.Bucket), truth.Key, truth.VersionID); err != nil || string(head.ReplicationStatus) != want {
					t.Errorf("what has arrived answers %v, %v in %s, want %s", head, err, side.Bucket, want)
				}
			}
		}
	})
}

// Rules, writes and deletes work on generated buckets as on any.
func TestGeneratedBucketsAreWrittenToAndReplicated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, planted := generated(t, `{"seed": 3, `+sides+`, "keys": [{"prefix": "k/", "count": 100}], "differences": [{"kind": "none", "count": 1}]}`)
		role := w.role("r", allActions...)
		for _, err := range []error{w.replicate("side-a", ireland, role, rule("side-b")), w.replicate("side-b", singapore, role, rule("side-a"))} {
			if err != nil {
				t.Fatal(err)
			}
		}
		// A copy in place of what was never eligible.
		from, key := planted[0].Origin, planted[0].Key
		copied, err := w.s3(regionOf(from)).CopyObject(t.Context(), &s3.CopyObjectInput{
			Bucket: &from, Key: &key, CopySource: aws.String(from + "/" + key), MetadataDirective: types.MetadataDirectiveReplace, Metadata: map[string]string{"by": "copy"},
		})
		if err != nil {
			t.Fatal(err)
		}
		put := w.put("side-a", ireland, "k/05", "new content")
		pass(time.Hour)
		for _, side := range []string{"side-a", "side-b"} {
			for key, id := range map[string]string{key: *copied.VersionId, "k/05": *put.VersionId} {
				if head, err := w.head(side, regionOf(side), key, ""); err != nil || *head.VersionId != id {
					t.Errorf("%s has %v, %v as the current version of %s, want %s", side, head, err, key, id)
				}
			}
		}
		list, err := w.s3(ireland).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("side-a"), Prefix: aws.String("k/05")})
		if err != nil || len(list.Versions) != 2 || *list.Versions[0].VersionId != *put.VersionId || !*list.Versions[0].IsLatest || *list.Versions[1].IsLatest {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("k/07")}); err != nil {
			t.Fatal(err)
		}
		old := list.Versions[1].VersionId
		for range 2 { // that it is gone already is no error
			if _, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("k/05"), VersionId: old}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.head("side-a", ireland, "k/05", *old); code(err) != "NotFound" {
			t.Errorf("the deleted version answers %v", err)
		}
		if _, err := w.head("side-b", singapore, "k/05", *old); err != nil {
			t.Errorf("deleted on the other side too: %v", err)
		}
		if _, err := w.s3(ireland).DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("side-a")}); code(err) != "BucketNotEmpty" {
			t.Errorf("the full bucket answers %v to its deletion", err)
		}
	})
}

// An emptied bucket is as empty as one that was never generated.
func TestAGeneratedBucketCanBeEmptiedAndDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := generated(t, `{"seed": 3, `+sides+`, "keys": [{"prefix": "k/", "count": 30, "versions": {"least": 1, "most": 3}, "markers": 0.3}]}`)
		list, err := w.s3(ireland).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("side-a")})
		if err != nil {
			t.Fatal(err)
		}
		var all []types.ObjectIdentifier
		for _, v := range list.Versions {
			all = append(all, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		for _, v := range list.DeleteMarkers {
			all = append(all, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		gone, err := w.s3(ireland).DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: aws.String("side-a"), Delete: &types.Delete{Objects: all}})
		if err != nil || len(gone.Errors) > 0 || len(gone.Deleted) != len(all) {
			t.Fatal(gone, err)
		}
		if list, err := w.s3(ireland).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("side-a")}); err != nil || len(list.Versions)+len(list.DeleteMarkers) > 0 {
			t.Errorf("the emptied bucket lists %+v, %v", list, err)
		}
		if _, err := w.s3(ireland).DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("side-a")}); err != nil {
			t.Error(err)
		}
	})
}

func TestWhatIsGeneratedIsReadStrictly(t *testing.T) {
	key := `"keys": [{"prefix": "k/", "count": 10}]`
	for file, want := range map[string]string{
		`{}`:              "buckets: there are 0",
		`{` + sides + `}`: "keys: there are 0 entries",
		`{"bucket": 1}`:   `line 1: there is no "bucket"; the names are at, buckets, differences, keys, seed`,
		`{` + sides + `, "keys": [{"prefix": "k/", "count": 0}]}`:                                                              "keys, entry 1: count 0: give 1",
		`{` + sides + `, "keys": [{"prefix": "k/", "count": 1.5}]}`:                                                            "line 1, keys, entry 1, count: it wants a whole number",
		`{` + sides + `, "keys": [{"prefix": "k/", "count": 1}, {"prefix": "k/a", "count": 1}]}`:                               `the prefix "k/a" begins with "k/"`,
		`{` + sides + `, "keys": [{"prefix": "k/", "count": 1, "markers": 1.5}]}`:                                              "markers 1.5: a share is from 0 to 1",
		`{` + sides + `, "keys": [{"prefix": "k/", "count": 1, "class": "COLD"}]}`:                                             `no storage class "COLD"`,
		`{` + sides + `, "keys": [{"prefix": "k/", "count": 1, "names": "words"}]}`:                                            `names "words"`,
		`{` + sides + `, "keys": [{"prefix": "k/", "count": 1, "oldest": "1h"}]}`:                                              "give oldest the longer one",
		`{` + sides + `, "keys": [{"prefix": "k/", "count": 1, "oldest": "a year"}]}`:                                          "not a duration",
		`{` + sides + `, "keys": [{"prefix": "` + strings.Repeat("k", 1024) + `", "count": 1}]}`:                               "1025 bytes long",
		`{"buckets": [{"name": "UPPER", "region": "eu-west-1"}], ` + key + `}`:                                                 `the name "UPPER"`,
		`{"buckets": [{"name": "side-a", "region": "eu-west-9"}], ` + key + `}`:                                                `no region "eu-west-9"`,
		`{"buckets": [{"name": "side-a", "region": "eu-west-1"}], ` + key + `, "differences": [{"kind": "none", "count": 1}]}`: "between two buckets",
		`{` + sides + `, ` + key + `, "differences": [{"kind": "nun", "count": 1}]}`:                                           `no kind "nun"; the kinds are archived,`,
		`{` + sides + `, ` + key + `, "differences": [{"kind": "none", "count": 11}]}`:                                         "free only 10 times",
		`{` + sides + `, ` + key + `, "differences": [{"kind": "none", "count": 4}, {"kind": "failed", "count": 7}]}`:          "entry 2: 7 of kind failed",
		`{` + sides + `, ` + key + `, "differences": [{"kind": "outside", "count": 1}]}`:                                       "give the prefix",
		`{` + sides + `, ` + key + `, "differences": [{"kind": "none", "count": 1, "after": "1s"}]}`:                           "after 1s is for the kind arriving",
		`{` + sides + `, ` + key + `, "differences": [{"kind": "none", "count": 1, "prefix": "x/"}]}`:                          `"x/" are free only 0 times`,
	} {
		if _, err := sandbox.ParseGenerated([]byte(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.120s is answered %v, want %s", file, err, want)
		}
	}
}

// Whatever the file, it is refused, or what it generates can be listed from
// anywhere and is in order.
func FuzzParseGenerated(f *testing.F) {
	f.Add([]byte(huge), "logs/1")
	f.Add([]byte(`{"seed": -1, `+sides+`, "keys": [{"prefix": "é", "count": 3, "names": "hashes", "depth": 8, "nulls": 1}], "differences": [{"kind": "order", "count": 3}]}`), "é0")
	f.Add([]byte(`{`+sides+`, "at": "2026-01-02T03:04:05Z", "keys": [{"prefix": "", "count": 1000000000000, "per_folder": 2, "depth": 3, "versions": {"least": 1, "most": 10000000}, "oldest": "87600h"}]}`), "\xff")
	f.Fuzz(func(t *testing.T, file []byte, from string) {
		if len(file) > 2000 || bytes.Count(file, []byte("000")) > 20 {
			return // sizes and counts of differences that take their time
		}
		made, err := sandbox.ParseGenerated(file)
		if err != nil {
			return
		}
		now := time.Unix(1e9, 0)
		made.Begin(now)
		for bucket := range made.Buckets() {
			base, last := made.Base(bucket), ""
			first := base.Seek(from)
			for place := first; place < min(first+20, base.Keys()); place++ {
				key := base.At(place, now)
				if key.Key() < from || key.Key() <= last && place > first || base.Seek(key.Key()) != place {
					t.Fatalf("%q is at %d, from %q, after %q", key.Key(), place, from, last)
				}
				last = key.Key()
				for i := range min(key.Len(), 5) {
					v := key.Version(i)
					if at := key.Index(v.ID); at != i {
						t.Fatalf("version %d of %q is found at %d", i, key.Key(), at)
					}
				}
			}
		}
	})
}
