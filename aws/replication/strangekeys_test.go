package replication_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// strangeKeys hold what XML 1.0 can't carry, what the encoding of a listing is
// made of, and what an encoder makes of the first.
var strangeKeys = []string{
	"a\x01b", "line\nbreak", "return\r", "tab\t", "\uFFFE", "\uFFFF", "\uFFFD", "100%", "%41", "a+b", "a b", "a%20b", "ü/\u202e", "<&>",
}

func (l *lab) keysOn(t *testing.T, side pair.SideName, size int32) (keys []string) {
	t.Helper()
	clients := l.world.Clients(side)
	pages := s3.NewListObjectVersionsPaginator(clients.S3, &s3.ListObjectVersionsInput{
		Bucket: aws.String(l.world.Pair.Side(side).Bucket), MaxKeys: aws.Int32(size),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Versions {
			keys = append(keys, aws.ToString(v.Key))
		}
	}
	return keys
}

func TestATearDownTakesOurKeysWhateverTheyHoldAndNoForeignOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		var foreign []string
		for _, key := range strangeKeys {
			l.probe(t, key, false)
			theirs := l.world.Pair.ProbePrefix() + "theirs-" + key
			l.put(t, pair.A, theirs)
			foreign = append(foreign, theirs)
		}
		pass(20 * time.Minute)
		apply(t, l.tearDown(t, false), step.Done)
		slices.Sort(foreign)
		for _, side := range []pair.SideName{pair.A, pair.B} {
			for _, size := range []int32{1, 1000} {
				got := l.keysOn(t, side, size)
				slices.Sort(got)
				if !slices.Equal(got, foreign) {
					t.Errorf("side %s, by pages of %d, holds\n%q, wanted\n%q", side, size, got, foreign)
				}
			}
		}
	})
}

// A document names another key than that which it can't carry.
func TestAKeyThatXMLCannotCarryIsDeletedByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		l.probe(t, "a\x01b", false)
		l.probe(t, "held\x01", false)
		l.put(t, pair.A, l.world.Pair.ProbePrefix()+"a\uFFFDb")
		pass(20 * time.Minute)
		l.wire.reset()
		apply(t, l.tearDown(t, false), step.Done)
		if left := l.keysOn(t, pair.A, 1000); len(left) != 1 || !strings.HasSuffix(left[0], "a\uFFFDb") {
			t.Errorf("left are %q", left)
		}
	})
}

func TestAnUnfinishedUploadUnderAStrangeKeyHidesNoOtherOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		bucket := aws.String(testPair.A.Bucket)
		for _, key := range strangeKeys {
			if _, err := l.world.A.S3.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{
				Bucket: bucket, Key: aws.String(l.world.Pair.ProbePrefix() + key),
			}); err != nil && !strings.Contains(err.Error(), "can't be read") { // the answer repeats the key
				t.Fatal(err)
			}
		}
		var events log
		if err := plan.Apply(context.Background(), l.tearDown(t, false), events.emit); err != nil {
			t.Errorf("the tear-down ends: %v", err)
		}
		var got []string
		pages := s3.NewListMultipartUploadsPaginator(l.world.A.S3, &s3.ListMultipartUploadsInput{Bucket: bucket, MaxUploads: aws.Int32(1)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range page.Uploads {
				got = append(got, strings.TrimPrefix(aws.ToString(u.Key), l.world.Pair.ProbePrefix()))
			}
		}
		want := slices.Sorted(slices.Values(strangeKeys))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("unfinished are\n%q, wanted\n%q", got, want)
		}
	})
}

func TestObjectsAreListedWhateverTheirKeysHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		for _, key := range strangeKeys {
			l.put(t, pair.A, "x/"+key+"/y")
		}
		in := &s3.ListObjectsV2Input{
			Bucket: aws.String(testPair.A.Bucket), Prefix: aws.String("x/"), Delimiter: aws.String("/"), MaxKeys: aws.Int32(2), StartAfter: aws.String("x/\x00"),
		}
		var got []string
		for pages := s3.NewListObjectsV2Paginator(l.world.A.S3, in); pages.HasMorePages(); {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page.CommonPrefixes {
				got = append(got, aws.ToString(p.Prefix))
			}
			if aws.ToString(page.StartAfter) != "x/\x00" && page.ContinuationToken == nil {
				t.Errorf("it begins after %q", aws.ToString(page.StartAfter))
			}
		}
		var want []string
		for _, key := range strangeKeys {
			first, _, _ := strings.Cut(key, "/")
			want = append(want, "x/"+first+"/")
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("listed are\n%q, wanted\n%q", got, want)
		}
		if in.EncodingType != types.EncodingType("") {
			t.Error("the caller's own input was changed")
		}
	})
}
