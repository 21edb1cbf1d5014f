package cause_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/audit/cause"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

var testPair = pair.Pair{
	A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-cause-one"},
	B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-cause-two"},
	Options: pair.DefaultOptions(),
}

// lab is a sandbox in this process, in virtual time, and a pair in it.
type lab struct {
	t     *testing.T
	box   *sandbox.Sandbox
	world survey.World
	runs  string
}

// scenario runs in virtual time. The test's pair does not stand yet.
func scenario(t *testing.T, name string, run func(*lab)) {
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			run(newLab(t))
		})
	})
}

func newLab(t *testing.T, with ...func(*sandbox.Options)) *lab {
	t.Helper()
	options := sandbox.Options{Seed: 7, Dir: t.TempDir(), NoDistance: true}
	for _, change := range with {
		change(&options)
	}
	box, err := sandbox.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &lab{t: t, box: box, world: survey.World{Pair: testPair, RunID: "test"}}
	key, secret := box.Credentials()
	l.world.A, l.world.B = l.clients(testPair.A.Region, key, secret), l.clients(testPair.B.Region, key, secret)
	return l
}

func (l *lab) clients(region, key, secret string) *account.Clients {
	l.t.Helper()
	clients, err := account.Access{
		Endpoint: "http://sandbox.invalid", HTTPClient: &http.Client{Transport: l.box.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	}.Open(l.t.Context(), region)
	l.must(err)
	return clients
}

func (l *lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// apply sets the pair up, as bothways does.
func (l *lab) apply() {
	l.t.Helper()
	found, err := plan.Look(l.t.Context(), l.world)
	l.must(err)
	l.must(plan.Apply(l.t.Context(), plan.SetUp(found), func(pair.Event) {}))
}

// buckets makes both, versioned, without rules.
func (l *lab) buckets() {
	l.t.Helper()
	for _, side := range pair.Sides() {
		at := testPair.Side(side)
		_, err := l.s3(side).CreateBucket(l.t.Context(), &s3.CreateBucketInput{
			Bucket: &at.Bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(at.Region)},
		})
		l.must(err)
		l.versioning(side, types.BucketVersioningStatusEnabled)
	}
}

func (l *lab) versioning(side pair.SideName, status types.BucketVersioningStatus) {
	l.t.Helper()
	_, err := l.s3(side).PutBucketVersioning(l.t.Context(), &s3.PutBucketVersioningInput{
		Bucket: l.bucket(side), VersioningConfiguration: &types.VersioningConfiguration{Status: status},
	})
	l.must(err)
}

func (l *lab) s3(side pair.SideName) *s3.Client { return l.world.Clients(side).S3 }
func (l *lab) bucket(side pair.SideName) *string {
	return aws.String(testPair.Side(side).Bucket)
}

// put writes an object, and returns its version.
func (l *lab) put(side pair.SideName, key, body string, with ...func(*s3.PutObjectInput)) string {
	l.t.Helper()
	in := &s3.PutObjectInput{Bucket: l.bucket(side), Key: &key, Body: strings.NewReader(body)}
	for _, change := range with {
		change(in)
	}
	out, err := l.s3(side).PutObject(l.t.Context(), in)
	l.must(err)
	return aws.ToString(out.VersionId)
}

// remove deletes a version, or with "" puts a marker.
func (l *lab) remove(side pair.SideName, key, id string) {
	l.t.Helper()
	in := &s3.DeleteObjectInput{Bucket: l.bucket(side), Key: &key}
	if id != "" {
		in.VersionId = &id
	}
	_, err := l.s3(side).DeleteObject(l.t.Context(), in)
	l.must(err)
}

// rules changes the rules of a side.
func (l *lab) rules(side pair.SideName, change func(*types.ReplicationRule)) {
	l.t.Helper()
	out, err := l.s3(side).GetBucketReplication(l.t.Context(), &s3.GetBucketReplicationInput{Bucket: l.bucket(side)})
	l.must(err)
	for i := range out.ReplicationConfiguration.Rules {
		change(&out.ReplicationConfiguration.Rules[i])
	}
	_, err = l.s3(side).PutBucketReplication(l.t.Context(), &s3.PutBucketReplicationInput{Bucket: l.bucket(side), ReplicationConfiguration: out.ReplicationConfiguration})
	l.must(err)
}

func (l *lab) lifecycle(side pair.SideName, rules ...types.LifecycleRule) {
	l.t.Helper()
	_, err := l.s3(side).PutBucketLifecycleConfiguration(l.t.Context(), &s3.PutBucketLifecycleConfigurationInput{
		Bucket: l.bucket(side), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
	})
	l.must(err)
}

func disabled(r *types.ReplicationRule) { r.Status = types.ReplicationRuleStatusDisabled }
func enabled(r *types.ReplicationRule)  { r.Status = types.ReplicationRuleStatusEnabled }

// listed is what a side's listing has, by key and version.
func (l *lab) listed(side pair.SideName) map[string]map[string]difference.Entry {
	l.t.Helper()
	all := map[string]map[string]difference.Entry{}
	add := func(key string, e difference.Entry) {
		if all[key] == nil {
			all[key] = map[string]difference.Entry{}
		}
		all[key][e.VersionID] = e
	}
	pages := s3.NewListObjectVersionsPaginator(l.s3(side), &s3.ListObjectVersionsInput{Bucket: l.bucket(side)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(l.t.Context())
		l.must(err)
		for _, v := range page.Versions {
			add(*v.Key, difference.Entry{
				VersionID: *v.VersionId, Latest: *v.IsLatest, Modified: *v.LastModified, ETag: strings.Trim(*v.ETag, `"`), Size: *v.Size, Class: string(v.StorageClass),
			})
		}
		for _, m := range page.DeleteMarkers {
			add(*m.Key, difference.Entry{VersionID: *m.VersionId, Latest: *m.IsLatest, Modified: *m.LastModified, Marker: true})
		}
	}
	return all
}

// candidates compares both sides the plainest way there is.
func (l *lab) candidates() []difference.Candidate {
	l.t.Helper()
	a, b := l.listed(pair.A), l.listed(pair.B)
	keys := map[string]bool{}
	for key := range a {
		keys[key] = true
	}
	for key := range b {
		keys[key] = true
	}
	var all []difference.Candidate
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		latestA, latestB := latest(a[key]), latest(b[key])
		found := len(all)
		ids := map[string]bool{}
		for id := range a[key] {
			ids[id] = true
		}
		for id := range b[key] {
			ids[id] = true
		}
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			x, inA := a[key][id]
			y, inB := b[key][id]
			c := difference.Candidate{Key: key, CurrentA: latestA, CurrentB: latestB}
			switch {
			case !inB:
				c.Kind, c.A = difference.OneSided, &x
			case !inA:
				c.Kind, c.B = difference.OneSided, &y
			case x.Marker != y.Marker:
				c.Kind, c.A, c.B = difference.OtherKind, &x, &y
			case x.Size != y.Size:
				c.Kind, c.A, c.B = difference.OtherSize, &x, &y
			case x.ETag != y.ETag:
				c.Kind, c.A, c.B = difference.OtherETag, &x, &y
			case !x.Modified.Equal(y.Modified):
				c.Kind, c.A, c.B = difference.OtherTime, &x, &y
			default:
				continue
			}
			all = append(all, c)
		}
		if len(all) == found && latestA != nil && latestB != nil && latestA.VersionID != latestB.VersionID {
			all = append(all, difference.Candidate{Key: key, Kind: difference.OtherCurrent, A: latestA, B: latestB})
		}
	}
	return all
}

func latest(versions map[string]difference.Entry) *difference.Entry {
	for _, e := range versions {
		if e.Latest {
			return &e
		}
	}
	return nil
}

func (l *lab) judge() *cause.Judge {
	l.t.Helper()
	j, err := cause.New(context.Background(), l.world, cause.Options{Runs: l.runs})
	l.must(err)
	return j
}

// told is a verdict with its cause and remedy.
type told struct {
	verdict difference.Verdict
	cause   difference.Cause
	remedy  difference.Remedy
}

// audit judges every candidate, and wants exactly one for each key named.
func (l *lab) audit(want map[string]told) map[string]difference.Difference {
	l.t.Helper()
	j := l.judge()
	found := map[string]difference.Difference{}
	for _, c := range l.candidates() {
		d, err := j.Judge(context.Background(), c)
		l.must(err)
		if _, twice := found[c.Key]; twice {
			l.t.Errorf("%s differs in two things", c.Key)
		}
		found[c.Key] = d
		if got := (told{d.Verdict, d.Cause, d.Remedy}); got != want[c.Key] {
			l.t.Errorf("%s is %+v, want %+v; evidence:\n  %s", c.Key, got, want[c.Key], strings.Join(d.Evidence, "\n  "))
		}
		if len(d.Evidence) == 0 {
			l.t.Errorf("%s has no evidence", c.Key)
		}
	}
	for key := range want {
		if _, is := found[key]; !is {
			l.t.Errorf("%s is no difference", key)
		}
	}
	return found
}

func says(t *testing.T, d difference.Difference, words string) {
	t.Helper()
	if !strings.Contains(strings.Join(d.Evidence, "\n"), words) {
		t.Errorf("of %s nothing says %q:\n  %s", d.Key, words, strings.Join(d.Evidence, "\n  "))
	}
}

const long = 2 * time.Hour
