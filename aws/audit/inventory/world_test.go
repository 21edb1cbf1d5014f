package inventory_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

var testPair = pair.Pair{
	A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-test-one"},
	B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-test-two"},
	Options: pair.DefaultOptions(),
}

// lab is a pair in a sandbox, in virtual time, whose sides are listed.
type lab struct {
	*testing.T
	box   *sandbox.Sandbox
	world survey.World
	wire  *wire
}

// wire reaches the sandbox, and may change its answers.
type wire struct {
	mu     sync.Mutex
	next   http.RoundTripper
	change func(*http.Request, *http.Response)
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := w.next.RoundTrip(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil && w.change != nil {
		w.change(r, answer)
	}
	return answer, err
}

func newLab(t *testing.T) *lab {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Seed: 7, Dir: t.TempDir(), NoDistance: true, InventoryFileRows: 100})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &lab{T: t, box: box, wire: &wire{next: box.Transport()}}
	key, secret := box.Credentials()
	access := account.Access{
		Endpoint: "http://sandbox.invalid", Sandbox: true, HTTPClient: &http.Client{Transport: l.wire},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	}
	l.world = survey.World{Pair: testPair, RunID: "test"}
	if l.world.A, err = access.Open(t.Context(), testPair.A.Region); err != nil {
		t.Fatal(err)
	}
	if l.world.B, err = access.Open(t.Context(), testPair.B.Region); err != nil {
		t.Fatal(err)
	}
	for _, side := range pair.Sides() {
		for _, name := range []string{testPair.Side(side).Bucket, lists(side)} {
			l.do(l.s3(side).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{
				LocationConstraint: types.BucketLocationConstraint(testPair.Side(side).Region),
			}}))
		}
		l.do(l.s3(side).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(lists(side)), Policy: aws.String(fmt.Sprintf(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::%s/*"}]}`,
			lists(side)))}))
	}
	return l
}

func lists(side pair.SideName) string { return testPair.Side(side).Bucket + "-lists" }

// do fails the test where a call did.
func (l *lab) do(_ any, err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *lab) s3(side pair.SideName) *s3.Client { return l.world.Clients(side).S3 }

func (l *lab) versioning(side pair.SideName, status types.BucketVersioningStatus) {
	l.Helper()
	l.do(l.s3(side).PutBucketVersioning(l.Context(), &s3.PutBucketVersioningInput{
		Bucket: aws.String(testPair.Side(side).Bucket), VersioningConfiguration: &types.VersioningConfiguration{Status: status},
	}))
}

// replicate makes the rule of a direction.
func (l *lab) replicate(d pair.Direction) {
	l.Helper()
	name := "r" + d.String()[:1]
	role, err := l.world.A.IAM.CreateRole(l.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	l.do(role, err)
	l.do(l.world.A.IAM.PutRolePolicy(l.Context(), &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("p"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)}))
	from, to := testPair.From(d), testPair.To(d)
	side := pair.A
	if d == pair.BtoA {
		side = pair.B
	}
	l.do(l.s3(side).PutBucketReplication(l.Context(), &s3.PutBucketReplicationInput{Bucket: &from.Bucket, ReplicationConfiguration: &types.ReplicationConfiguration{
		Role: role.Role.Arn, Rules: []types.ReplicationRule{{
			ID: aws.String("all"), Priority: aws.Int32(1), Status: types.ReplicationRuleStatusEnabled, Filter: &types.ReplicationRuleFilter{Prefix: aws.String("")},
			DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusEnabled},
			Destination:             &types.Destination{Bucket: aws.String("arn:aws:s3:::" + to.Bucket)},
		}},
	}}))
}

func (l *lab) put(side pair.SideName, key, content string) string {
	l.Helper()
	out, err := l.s3(side).PutObject(l.Context(), &s3.PutObjectInput{
		Bucket: aws.String(testPair.Side(side).Bucket), Key: &key, Body: strings.NewReader(content),
	})
	l.do(out, err)
	return aws.ToString(out.VersionId)
}

// remove deletes a version, or with "" puts a delete marker.
func (l *lab) remove(side pair.SideName, key, version string) {
	l.Helper()
	in := &s3.DeleteObjectInput{Bucket: aws.String(testPair.Side(side).Bucket), Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	l.do(l.s3(side).DeleteObject(l.Context(), in))
}

// configuration is an inventory that serves.
func configuration(side pair.SideName) *types.InventoryConfiguration {
	return &types.InventoryConfiguration{
		Id: aws.String("audit"), IsEnabled: aws.Bool(true), IncludedObjectVersions: types.InventoryIncludedObjectVersionsAll,
		Schedule: &types.InventorySchedule{Frequency: types.InventoryFrequencyDaily},
		OptionalFields: []types.InventoryOptionalField{
			types.InventoryOptionalFieldSize, types.InventoryOptionalFieldETag, types.InventoryOptionalFieldLastModifiedDate,
			types.InventoryOptionalFieldStorageClass, types.InventoryOptionalFieldReplicationStatus,
		},
		Destination: &types.InventoryDestination{S3BucketDestination: &types.InventoryS3BucketDestination{
			Bucket: aws.String("arn:aws:s3:::" + lists(side)), Format: types.InventoryFormatCsv, Prefix: aws.String("under"),
		}},
	}
}

func (l *lab) list(side pair.SideName, c *types.InventoryConfiguration) {
	l.Helper()
	l.do(l.s3(side).PutBucketInventoryConfiguration(l.Context(), &s3.PutBucketInventoryConfigurationInput{
		Bucket: aws.String(testPair.Side(side).Bucket), Id: c.Id, InventoryConfiguration: c,
	}))
}

// plant fills both buckets with versions that agree and with differences of
// every kind that buckets can be brought to.
func (l *lab) plant() {
	l.Helper()
	for _, side := range pair.Sides() { // null versions, which no rule takes
		l.put(side, "null/same", "same")
		l.put(side, "null/size", map[pair.SideName]string{pair.A: "long", pair.B: "longer"}[side])
		l.put(side, "null/etag", map[pair.SideName]string{pair.A: "here", pair.B: "else"}[side])
		l.put(side, "null/current", "c")
		l.put(side, "null/kind", "k")
	}
	l.put(pair.A, "null/only", "a")
	l.put(pair.A, "null/time", "t")
	<-time.After(time.Minute)
	l.put(pair.B, "null/time", "t")
	for _, side := range pair.Sides() {
		l.versioning(side, types.BucketVersioningStatusEnabled)
	}
	l.put(pair.A, "before the rule", "x")
	l.replicate(pair.AtoB)
	<-time.After(time.Minute)
	for i := range 300 {
		l.put(pair.A, fmt.Sprintf("many/%d %q/ü+", i%120, fmt.Sprint(i%120)), fmt.Sprint(i))
	}
	gone := l.put(pair.A, "gone on B", "x")
	goneA := l.put(pair.A, "gone on A", "x")
	l.put(pair.A, "gone on A", "y")
	l.put(pair.A, "null/current", "v")
	l.put(pair.A, "marked on both", "x")
	l.put(pair.A, "marked on B", "x")
	<-time.After(10 * time.Minute)
	l.remove(pair.A, "marked on both", "")
	l.remove(pair.B, "marked on B", "")
	l.remove(pair.B, "gone on B", gone)
	l.remove(pair.A, "gone on A", goneA)
	l.put(pair.B, "only on B", "x")
	<-time.After(10 * time.Minute)
	l.versioning(pair.B, types.BucketVersioningStatusSuspended)
	l.put(pair.B, "null/current", "c")
	l.remove(pair.B, "null/kind", "")
	l.versioning(pair.B, types.BucketVersioningStatusEnabled)
}

// rows are what an audit found, and its counts.
func (l *lab) rows(config audit.Config) ([]string, difference.Tally) {
	l.Helper()
	config.World = l.world
	var mu sync.Mutex
	var rows []string
	result, err := audit.Run(l.Context(), config, func(e pair.Event) {
		mu.Lock()
		defer mu.Unlock()
		if d, ok := e.(difference.Difference); ok {
			rows = append(rows, describe(d.Candidate))
		}
	})
	l.do(result, err)
	slices.Sort(rows)
	return rows, result.Tally
}

func describe(c difference.Candidate) string {
	text := fmt.Sprintf("%s %q", c.Kind, c.Key)
	for _, e := range []*difference.Entry{c.A, c.B, c.CurrentA, c.CurrentB} {
		if e == nil {
			text += " -"
			continue
		}
		text += fmt.Sprintf(" %+v", *e)
	}
	return text
}

// found waits for the lists of both sides, and finds them.
func (l *lab) found() inventory.Lists {
	l.Helper()
	for _, side := range pair.Sides() {
		l.list(side, configuration(side))
	}
	<-time.After(72 * time.Hour)
	synctest.Wait()
	got, err := inventory.Find(l.Context(), l.world, "", nil)
	l.do(got, err)
	return got
}
