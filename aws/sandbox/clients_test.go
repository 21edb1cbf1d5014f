package sandbox_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"bothways/aws/sandbox"
)

const (
	ireland   = "eu-west-1"
	singapore = "ap-southeast-1"
)

// world is a sandbox with the real SDK's clients in front of it.
type world struct {
	*testing.T
	sandbox    *sandbox.Sandbox
	deliveries []sandbox.Delivery
}

// newWorld starts a sandbox that is closed at the end of the test.
func newWorld(t *testing.T, o sandbox.Options) *world {
	t.Helper()
	w := &world{T: t}
	if o.Seed == 0 {
		o.Seed = 42
	}
	o.Dir = t.TempDir()
	o.OnDelivery = func(d sandbox.Delivery) { w.deliveries = append(w.deliveries, d) }
	var err error
	if w.sandbox, err = sandbox.New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.sandbox.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// config is what config.LoadDefaultConfig would make, with its default
// checksums, but without reading files and variables.
func (w *world) config(region string) aws.Config {
	id, secret := w.sandbox.Credentials()
	return aws.Config{
		Region:                     region,
		Credentials:                credentials.NewStaticCredentialsProvider(id, secret, ""),
		HTTPClient:                 &http.Client{Transport: w.sandbox.Transport()},
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	}
}

// s3 is a client over plain HTTP to an address, as with AWS_ENDPOINT_URL.
func (w *world) s3(region string) *s3.Client {
	return s3.NewFromConfig(w.config(region), func(o *s3.Options) {
		o.BaseEndpoint = aws.String("http://127.0.0.1:9000")
		o.UsePathStyle = true
	})
}

func (w *world) iam() *iam.Client {
	return iam.NewFromConfig(w.config("us-east-1"), func(o *iam.Options) {
		o.BaseEndpoint = aws.String("http://127.0.0.1:9000")
	})
}

// must stops the test on an error.
func must[T any](t testing.TB, answer T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// bucket creates a bucket in a region with versioning enabled.
func (w *world) bucket(name, region string) {
	w.Helper()
	w.plainBucket(name, region)
	if err := w.versioning(name, region, types.BucketVersioningStatusEnabled); err != nil {
		w.Fatal(err)
	}
}

func (w *world) plainBucket(name, region string) {
	w.Helper()
	in := &s3.CreateBucketInput{Bucket: &name}
	if region != "us-east-1" {
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(region),
		}
	}
	if _, err := w.s3(region).CreateBucket(w.Context(), in); err != nil {
		w.Fatal(err)
	}
}

func (w *world) versioning(name, region string, status types.BucketVersioningStatus) error {
	_, err := w.s3(region).PutBucketVersioning(w.Context(), &s3.PutBucketVersioningInput{
		Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: status},
	})
	return err
}

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// allActions are those of AWS's own example of a replication role.
var allActions = []string{
	"s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersionForReplication",
	"s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging", "s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags",
}

// role makes a role that S3 may assume for these actions and returns its ARN.
func (w *world) role(name string, actions ...string) string {
	w.Helper()
	out, err := w.iam().CreateRole(w.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(trust)})
	if err != nil {
		w.Fatal(err)
	}
	w.grant(name, actions...)
	return *out.Role.Arn
}

func (w *world) grant(role string, actions ...string) {
	w.Helper()
	policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["%s"],"Resource":"*"}]}`,
		strings.Join(actions, `","`))
	if _, err := w.iam().PutRolePolicy(w.Context(), &iam.PutRolePolicyInput{
		RoleName: &role, PolicyName: aws.String("rights"), PolicyDocument: &policy,
	}); err != nil {
		w.Fatal(err)
	}
}

// rule is a rule of the second schema for everything.
func rule(to string) types.ReplicationRule {
	return types.ReplicationRule{
		ID: aws.String("to-" + to), Priority: aws.Int32(1), Status: types.ReplicationRuleStatusEnabled,
		Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String("")},
		DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusEnabled},
		SourceSelectionCriteria: &types.SourceSelectionCriteria{
			ReplicaModifications: &types.ReplicaModifications{Status: types.ReplicaModificationsStatusEnabled},
		},
		Destination: &types.Destination{Bucket: aws.String("arn:aws:s3:::" + to)},
	}
}

func (w *world) replicate(from, region, role string, rules ...types.ReplicationRule) error {
	_, err := w.s3(region).PutBucketReplication(w.Context(), &s3.PutBucketReplicationInput{
		Bucket: &from, ReplicationConfiguration: &types.ReplicationConfiguration{Role: &role, Rules: rules},
	})
	return err
}

// pair makes two buckets, "a" in Ireland and "b" in Singapore, that replicate
// to each other.
func (w *world) pair() {
	w.Helper()
	w.bucket("side-a", ireland)
	w.bucket("side-b", singapore)
	role := w.role("both", allActions...)
	for _, err := range []error{
		w.replicate("side-a", ireland, role, rule("side-b")),
		w.replicate("side-b", singapore, role, rule("side-a")),
	} {
		if err != nil {
			w.Fatal(err)
		}
	}
}

func (w *world) put(bucket, region, key, content string) *s3.PutObjectOutput {
	w.Helper()
	out, err := w.s3(region).PutObject(w.Context(), &s3.PutObjectInput{
		Bucket: &bucket, Key: &key, Body: strings.NewReader(content),
	})
	return must(w, out, err)
}

func (w *world) head(bucket, region, key, version string) (*s3.HeadObjectOutput, error) {
	in := &s3.HeadObjectInput{Bucket: &bucket, Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	return w.s3(region).HeadObject(w.Context(), in)
}

// status returns the x-amz-replication-status of the newest version.
func (w *world) status(bucket, region, key string) string {
	w.Helper()
	out, err := w.head(bucket, region, key, "")
	if err != nil {
		return "error: " + code(err)
	}
	return string(out.ReplicationStatus)
}

// failedBecause holds the reason why a version of the key "k" of side A was not
// replicated, "" where it was or may be yet, to what it should be.
func (w *world) failedBecause(version, want string) {
	w.Helper()
	if got := w.sandbox.FailureReason("side-a", "k", version); got != want {
		w.Errorf("failed because of %q, want %q", got, want)
	}
}

// code is the error code that the SDK made of an answer.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

// refused checks for an error code and message.
func refused(t testing.TB, err error, wantCode, wantMessage string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) {
		t.Fatalf("got error %v, want %s", err, wantCode)
	}
	if api.ErrorCode() != wantCode || api.ErrorMessage() != wantMessage {
		t.Errorf("got %s: %s\nwant %s: %s", api.ErrorCode(), api.ErrorMessage(), wantCode, wantMessage)
	}
}

func (w *world) content(bucket, region, key string) string {
	w.Helper()
	out, err := w.s3(region).GetObject(w.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		w.Fatal(err)
	}
	defer out.Body.Close()
	var b bytes.Buffer
	if _, err := io.Copy(&b, out.Body); err != nil {
		w.Fatal(err)
	}
	return b.String()
}

// exactly is a replication delay without any randomness.
const exactly = 4700 * time.Millisecond

// pass lets virtual time pass and everything happen that is due by then.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
