package replication_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
)

// beside is another pair that shares side A's bucket with the pair.
func beside(p pair.Pair) pair.Pair {
	p.B = pair.Side{Region: "us-east-1", Bucket: "bothways-test-three"}
	return p
}

// keysOfOthers are places where only a key can say whose something is.
func keysOfOthers(p pair.Pair) []string {
	return []string{
		"theirs.bin",
		p.Options.Prefix + "bothways/theirs",
		p.Options.Prefix + "bothways/probe/theirs",
		p.Options.Prefix + "bothways/canary/theirs",
		p.ProbePrefix() + "theirs",
		p.CanaryPrefix() + "theirs/a-to-b",
		beside(p).ProbeKey("20261122-100000-abcd", "00ff", 1, "ABCDEFGH"),
		beside(p).CanaryKey("20261122-100000-abcd", pair.AtoB, 1),
	}
}

// keysOfOthers begins an upload at each of these keys and never ends it, and
// deletes an object that was never there.
func (l *lab) keysOfOthers(t *testing.T, side pair.SideName) {
	t.Helper()
	client, bucket := l.clients(side).S3, aws.String(l.world.Pair.Side(side).Bucket)
	for _, key := range keysOfOthers(l.world.Pair) {
		l.begin(t, side, key)
		if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: bucket, Key: aws.String(key + ".gone")}); err != nil {
			t.Fatal(err)
		}
	}
}

// begin begins an upload in parts.
func (l *lab) begin(t *testing.T, side pair.SideName, key string) {
	t.Helper()
	_, err := l.clients(side).S3.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: aws.String(l.world.Pair.Side(side).Bucket), Key: &key})
	if err != nil {
		t.Fatal(err)
	}
}

// otherKeys reads what carries no mark and is not under a key of the pair's runs.
func (l *lab) otherKeys(t *testing.T, client *s3.Client, bucket string, seen decoys) {
	t.Helper()
	uploads, err := client.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &bucket})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range uploads.Uploads {
		if !l.world.Pair.Wrote(*u.Key) {
			seen["upload of "+bucket+"/"+*u.Key+" "+*u.UploadId] = "there"
		}
	}
	versions, err := client.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &bucket})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range versions.DeleteMarkers {
		if !l.world.Pair.Wrote(*m.Key) {
			seen["delete marker of "+bucket+"/"+*m.Key+" "+*m.VersionId] = "there"
		}
	}
}

// The key alone says whose an upload and a delete marker are: neither carries
// anything else.
func TestAnUploadAndADeleteMarkerAreOursByTheirKeyAlone(t *testing.T) {
	for name, remove := range map[string]func(*testing.T, *lab) plan.Plan{
		"clean":   func(t *testing.T, l *lab) plan.Plan { return plan.CleanUp(l.survey(t)) },
		"destroy": func(t *testing.T, l *lab) plan.Plan { return l.tearDown(t, false) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				applyAny(t, l.setUp(t))
				bucket := aws.String(testPair.A.Bucket)
				own := testPair.ProbeKey("20261122-100000-abcd", "00ff", 1, "ABCDEFGH")
				l.begin(t, pair.A, own)
				if _, err := l.world.A.S3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: bucket, Key: &own}); err != nil {
					t.Fatal(err)
				}
				l.keysOfOthers(t, pair.A)
				before := decoys{}
				l.otherKeys(t, l.world.A.S3, *bucket, before)

				var events log
				if err := plan.Apply(context.Background(), remove(t, l), events.emit); err != nil {
					t.Fatal(err)
				}
				after := decoys{}
				l.otherKeys(t, l.world.A.S3, *bucket, after)
				for what := range before {
					if after[what] == "" {
						t.Errorf("%s is gone", what)
					}
				}
				if said := events.detail("remove-objects-a"); !strings.Contains(said, "1 unfinished upload") {
					t.Errorf("it says %q", said)
				}
				left, err := l.world.A.S3.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: bucket, Prefix: &own})
				if err != nil || len(left.Uploads) > 0 {
					t.Errorf("our upload is left: %v, %v", left, err)
				}
				markers, err := l.world.A.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: bucket, Prefix: &own})
				if err != nil || len(markers.DeleteMarkers) > 0 {
					t.Errorf("the delete marker on our key is left: %v, %v", markers, err)
				}
			})
		})
	}
}

// Two pairs that share a bucket leave each other's runs alone, and count only
// their own.
func TestAPairBesideAnotherInOneBucketTouchesOnlyItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		running := testPair.ProbeKey("20261122-100000-abcd", "00ff", 1, "ABCDEFGH")
		l.begin(t, pair.A, running)
		l.probe(t, "of-the-first", false)
		lasting := l.keys(t, pair.A)

		first := l.world
		l.world.Pair = beside(testPair)
		var err error
		if l.world.B, err = l.access.Open(t.Context(), l.world.Pair.B.Region); err != nil {
			t.Fatal(err)
		}
		third := &s3.CreateBucketInput{Bucket: &l.world.Pair.B.Bucket}
		if _, err := l.world.B.S3.CreateBucket(t.Context(), third); err != nil {
			t.Fatal(err)
		}
		proposed := l.setUp(t)
		if said := leftOf(proposed.Findings); said != "" {
			t.Errorf("what the other pair has there is told as ours: %s", said)
		}
		if err := plan.Apply(context.Background(), l.tearDown(t, false), (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		if err := plan.Apply(context.Background(), plan.CleanUp(l.survey(t)), (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		l.world = first
		left, err := l.world.A.S3.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: aws.String(testPair.A.Bucket), Prefix: &running})
		if err != nil || len(left.Uploads) != 1 {
			t.Errorf("the other pair's running upload is gone: %v, %v", left, err)
		}
		if now := l.keys(t, pair.A); !slices.Equal(now, lasting) {
			t.Errorf("the bucket held %v and holds %v", lasting, now)
		}
	})
}

// A copy keeps the mark of what it was copied from: where runs write nothing it is
// somebody's, although it lies under the pair's own prefix.
func TestACopyThatSomebodyKeptOfACanaryStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		kept := testPair.ObjectPrefix() + "evidence-of-2026.pdf"
		for _, key := range []string{testPair.CanaryKey("20261201-000000-abcd", pair.AtoB, 2), kept} {
			_, err := l.world.A.S3.PutObject(t.Context(), &s3.PutObjectInput{
				Bucket: aws.String(testPair.A.Bucket), Key: &key, Body: strings.NewReader("p"), Metadata: map[string]string{pair.MetadataKey: testPair.ID()},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := plan.Apply(context.Background(), plan.CleanUp(l.survey(t)), (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		if now := l.keys(t, pair.A); !slices.Equal(now, []string{kept}) {
			t.Errorf("the bucket holds %v", now)
		}
	})
}

// What an earlier version wrote lies under keys that all pairs shared, and is
// still known by its mark.
func TestWhatEarlierVersionsWroteIsKnownByItsMark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		write := func(key, mark string) {
			t.Helper()
			_, err := l.world.A.S3.PutObject(t.Context(), &s3.PutObjectInput{
				Bucket: aws.String(testPair.A.Bucket), Key: &key, Body: strings.NewReader("p"), Metadata: map[string]string{pair.MetadataKey: mark},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		write("bothways/probe/20261122-100000-abcd/00ff/000001-ABCDEFGH", testPair.ID())
		write("bothways/canary/20261122-100000-abcd/a-to-b-1", testPair.ID())
		write("bothways/probe/20261122-100000-abcd/00ff/000002-ABCDEFGH", beside(testPair).ID())
		if err := plan.Apply(context.Background(), plan.CleanUp(l.survey(t)), (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		if now := l.keys(t, pair.A); !slices.Equal(now, []string{"bothways/probe/20261122-100000-abcd/00ff/000002-ABCDEFGH"}) {
			t.Errorf("the bucket holds %v", now)
		}
	})
}
