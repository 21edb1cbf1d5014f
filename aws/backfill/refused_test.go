package backfill_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/difference"
	"bothways/aws/backfill"
	"bothways/aws/backfill/inplace"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

func TestRowsThatAreNotForThisPairAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		for name, change := range map[string]func(*backfill.Audit){
			"another pair": func(a *backfill.Audit) { a.Pair.A.Bucket = "somewhere-else" },
			"round":        func(a *backfill.Audit) { a.Pair.A, a.Pair.B = a.Pair.B, a.Pair.A },
			"unfinished":   func(a *backfill.Audit) { a.Complete = false },
		} {
			asked := backfill.Asked{Audit: backfill.Audit{RunID: "x", Pair: testPair, Complete: true}, Rows: seq(nil)}
			change(&asked.Audit)
			_, err := backfill.Prepare(t.Context(), l.world, asked)
			if unfit, is := errors.AsType[*backfill.UnfitError](err); !is || !strings.Contains(unfit.Why, strings.Split(name, " ")[0]) && name != "unfinished" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if calls := l.wire.reset(); len(calls) > 0 {
			t.Errorf("something was changed: %s", calls)
		}
	})
}

// What a reviewer has to know stands in the plan: how old the audit is, whose
// rules run too, and what it costs.
func TestAPlanSaysWhatIsOldWhatIsOthersAndWhatItCosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.put(pair.A, "logs/one", "x")
		l.setUp()
		l.othersRule("logs/")
		asked := l.asked()
		rows := l.differences()
		rows[0].A.Size = 1 << 40 // as if it were large
		asked.Rows, asked.Audit.Finished = seq(rows), time.Now().Add(-50*time.Hour)
		p := l.prepare(asked)
		if !p.Price.Dear() {
			t.Errorf("a terabyte is estimated at %+v", p.Price)
		}
		for _, want := range []string{"2 d 2 h old", "rule theirs to bothways-fill-third of others runs, too, for 1 of these versions", "it costs about 2"} {
			found := false
			for _, f := range p.Findings {
				found = found || f.Severity == survey.Warning && strings.Contains(f.Title, want)
			}
			if !found {
				t.Errorf("no warning says %q: %v", want, p.Findings)
			}
		}
	})
}

// othersRule adds a rule of somebody else's to a third bucket.
func (l *lab) othersRule(prefix string) {
	l.Helper()
	out, err := l.client(pair.A).GetBucketReplication(l.Context(), &s3.GetBucketReplicationInput{Bucket: l.bucket(pair.A)})
	if err != nil {
		l.Fatal(err)
	}
	third := aws.String("bothways-fill-third")
	if _, err := l.client(pair.B).CreateBucket(l.Context(), &s3.CreateBucketInput{Bucket: third, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(testPair.B.Region)}}); err != nil {
		l.Fatal(err)
	}
	if _, err := l.client(pair.B).PutBucketVersioning(l.Context(), &s3.PutBucketVersioningInput{Bucket: third, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}); err != nil {
		l.Fatal(err)
	}
	c := out.ReplicationConfiguration
	c.Rules = append(c.Rules, types.ReplicationRule{
		ID: aws.String("theirs"), Status: types.ReplicationRuleStatusEnabled, Priority: aws.Int32(77), Filter: &types.ReplicationRuleFilter{Prefix: &prefix},
		DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
		Destination:             &types.Destination{Bucket: aws.String("arn:aws:s3:::bothways-fill-third")},
	})
	if _, err := l.client(pair.A).PutBucketReplication(l.Context(), &s3.PutBucketReplicationInput{Bucket: l.bucket(pair.A), ReplicationConfiguration: c}); err != nil {
		l.Fatal(err)
	}
	l.settle()
}

// A copy in place has what its version has, in one piece or in parts; and what is
// not what was judged any more is not copied.
func TestACopyInPlaceKeepsWhatItsVersionHas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		key := aws.String("a b+c/ü")
		put, err := l.client(pair.A).PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: l.bucket(pair.A), Key: key, Body: strings.NewReader("content"), Metadata: map[string]string{"k": "v"}, Tagging: aws.String("team=storage"),
			ContentType: aws.String("text/plain"), CacheControl: aws.String("no-store"), ContentDisposition: aws.String("inline"), StorageClass: types.StorageClassStandardIa,
			ChecksumAlgorithm: types.ChecksumAlgorithmSha256, Expires: aws.Time(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)),
		})
		if err != nil {
			t.Fatal(err)
		}
		c := inplace.Copier{Clients: l.world.A, Side: testPair.A, Owner: l.box.AccountID()}
		j := inplace.Judged{Key: *key, VersionID: *put.VersionId, ETag: strings.Trim(*put.ETag, `"`), Size: 7}
		made, err := c.Copy(t.Context(), j)
		if err != nil {
			t.Fatal(err)
		}
		head, err := l.client(pair.A).HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: l.bucket(pair.A), Key: key, ChecksumMode: types.ChecksumModeEnabled})
		if err != nil {
			t.Fatal(err)
		}
		if aws.ToString(head.VersionId) != made.VersionID || made.VersionID == *put.VersionId {
			t.Errorf("version %s is served, %s was made", aws.ToString(head.VersionId), made.VersionID)
		}
		if head.Metadata["k"] != "v" || aws.ToInt32(head.TagCount) != 1 || aws.ToString(head.ContentType) != "text/plain" || aws.ToString(head.CacheControl) != "no-store" ||
			aws.ToString(head.ContentDisposition) != "inline" || head.StorageClass != types.StorageClassStandardIa || head.ChecksumSHA256 == nil || !strings.Contains(aws.ToString(head.ExpiresString), "2030") {
			t.Errorf("the copy has %+v", head)
		}
		if _, err := c.Copy(t.Context(), j); !inplace.Stale(err) {
			t.Errorf("what is no longer served is copied: %v", err)
		}
	})
}

func TestALargeCopyGoesInPartsAndKeepsTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		key, size := aws.String("large"), int64(11<<20)
		put, err := l.client(pair.A).PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: l.bucket(pair.A), Key: key, Body: strings.NewReader(strings.Repeat("x", int(size))), Metadata: map[string]string{"k": "v"}, Tagging: aws.String("team=storage"),
		})
		if err != nil {
			t.Fatal(err)
		}
		c := inplace.Copier{Clients: l.world.A, Side: testPair.A, Owner: l.box.AccountID(), AtOnce: 1 << 20, PartSize: 6 << 20}
		made, err := c.Copy(t.Context(), inplace.Judged{Key: *key, VersionID: *put.VersionId, ETag: strings.Trim(*put.ETag, `"`), Size: size})
		if err != nil {
			t.Fatal(err)
		}
		head, err := l.client(pair.A).HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: l.bucket(pair.A), Key: key})
		if err != nil {
			t.Fatal(err)
		}
		if aws.ToString(head.VersionId) != made.VersionID || aws.ToInt64(head.ContentLength) != size || head.Metadata["k"] != "v" || aws.ToInt32(head.TagCount) != 1 || !strings.HasSuffix(made.ETag, "-2") {
			t.Errorf("the copy %+v has %+v", made, head)
		}
	})
}

func TestWinnersAreChosenByRuleAndByKey(t *testing.T) {
	early, late := difference.Entry{VersionID: "1", Latest: true, Modified: time.Unix(1, 0)}, difference.Entry{VersionID: "2", Latest: true, Modified: time.Unix(2, 0)}
	d := difference.Difference{Candidate: difference.Candidate{Key: "k=1", Kind: difference.OtherCurrent, A: &early, B: &late}}
	tie := difference.Difference{Candidate: difference.Candidate{Key: "tie", Kind: difference.OtherCurrent, A: &early, B: &early}}
	for _, c := range []struct {
		values []string
		of     difference.Difference
		want   pair.SideName
	}{
		{[]string{"a"}, d, pair.A},
		{[]string{"newest"}, d, pair.B},
		{[]string{"newest"}, tie, ""},
		{[]string{"b", "k=1=a"}, d, pair.A},
		{nil, d, ""},
	} {
		w, err := inplace.ParseWinner(c.values)
		if err != nil {
			t.Fatal(err)
		}
		if got, why := w.Of(c.of); got != c.want || (got == "") != (why != "") {
			t.Errorf("%q chooses %q (%s), want %q", c.values, got, why, c.want)
		}
	}
	for _, bad := range [][]string{{"c"}, {"a", "newest"}, {"k=x"}, {"k=a", "k=b"}} {
		if _, err := inplace.ParseWinner(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// Delete markers are placed where that was agreed to, and only then.
func TestMarkersArePlacedWhereThatWasAgreedTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.setUp()
		l.put(pair.A, "k", "x")
		l.settle()
		l.switched(pair.A, types.ReplicationRuleStatusDisabled)
		if _, err := l.client(pair.A).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: l.bucket(pair.A), Key: aws.String("k")}); err != nil {
			t.Fatal(err)
		}
		l.switched(pair.A, types.ReplicationRuleStatusEnabled)
		if p := l.prepare(l.asked()); !p.Nothing() || p.Untried[backfill.NotAgreed] != 1 {
			t.Errorf("without consent: %d steps, %v", len(p.Steps), p.Untried)
		}
		asked := l.asked()
		asked.Markers = true
		if result, _ := l.fill(asked); result.Left() > 0 || result.Marked != 1 {
			t.Errorf("got %+v", result)
		}
	})
}

// A cancelled run says how its job is stopped, and the next one follows it.
func TestACancelledRunNamesItsJobAndTheNextFollowsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.put(pair.A, "k", "x")
		l.setUp()
		l.settle()
		asked := l.asked()
		p := l.prepare(asked)
		ctx, cancel := context.WithCancel(t.Context())
		var seen events
		_, err := backfill.Apply(ctx, p, func(e pair.Event) {
			seen.emit(e)
			if _, is := e.(backfill.Job); is {
				cancel()
			}
		})
		jobs := of[backfill.Job](&seen)
		if !errors.Is(err, context.Canceled) || len(jobs) != 1 || !strings.Contains(jobs[0].Cancel, "update-job-status") {
			t.Fatalf("%v, %v", jobs, err)
		}
		l.world.RunID = "20261130-110000-again"
		result, again := l.fill(asked)
		if followed := of[backfill.Job](again); result.Left() > 0 || len(followed) != 1 || followed[0].ID != jobs[0].ID || !followed[0].Found {
			t.Errorf("%+v, %v", result, followed)
		}
	})
}
