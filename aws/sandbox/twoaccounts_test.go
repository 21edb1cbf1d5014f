package sandbox_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// as is a client of another user.
func (w *world) as(region, key, secret string) *s3.Client {
	config := w.config(region)
	config.Credentials = credentials.NewStaticCredentialsProvider(key, secret, "")
	config.HTTPClient = &http.Client{Transport: w.sandbox.Transport()}
	return s3.NewFromConfig(config, func(o *s3.Options) {
		o.BaseEndpoint, o.UsePathStyle = aws.String("http://127.0.0.1:9000"), true
	})
}

const partner = "111122223333"

// partnerWorld has a second account, which owns side B, with ACLs enabled
// there if said so.
func partnerWorld(t *testing.T, ownership types.ObjectOwnership) (*world, *s3.Client) {
	w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Accounts: []sandbox.Account{{
		ID: partner, Users: []sandbox.User{{Name: "owner", AccessKeyID: "AKIAPARTNER", SecretAccessKey: "secret", Administrator: true}},
	}}})
	w.bucket("side-a", ireland)
	other := w.as(singapore, "AKIAPARTNER", "secret")
	_, err := other.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String("side-b"), ObjectOwnership: ownership,
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: singapore},
	})
	must(t, 0, err)
	_, err = other.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: aws.String("side-b"), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	must(t, 0, err)
	return w, other
}

func letIn(t *testing.T, other *s3.Client, role string, actions ...string) {
	t.Helper()
	policy, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect": "Allow", "Principal": map[string]string{"AWS": role}, "Action": actions, "Resource": "arn:aws:s3:::side-b/*",
	}}})
	must(t, 0, err)
	_, err = other.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("side-b"), Policy: aws.String(string(policy))})
	must(t, 0, err)
}

func TestTwoAccountsNeedTheBucketPolicyOfTheDestination(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w, other := partnerWorld(t, types.ObjectOwnershipBucketOwnerEnforced)
			role := w.role("r", allActions...)
			if allowed {
				letIn(t, other, role, "s3:ReplicateObject", "s3:ReplicateDelete")
			}
			must(t, 0, w.replicate("side-a", ireland, role, rule("side-b")))
			id := plainly(w)
			pass(time.Minute)
			want := map[bool]string{true: "", false: "DstPutObjectNotPermitted"}[allowed]
			if got := w.sandbox.FailureReason("side-a", "k", id); got != want {
				t.Errorf("with a policy: %v; failed because of %q, want %q", allowed, got, want)
			}
			_, err := other.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("side-b"), Key: aws.String("k")})
			if arrived := err == nil; arrived != allowed {
				t.Errorf("arrived: %v", err)
			}
			// The operator is nobody in the other account.
			_, err = w.head("side-b", singapore, "k", "")
			if code(err) != "Forbidden" {
				t.Errorf("the operator reads the partner's bucket: %v", err)
			}
		})
	}
}

func TestOwnerOverrideNeedsItsRightWhereACLsAreEnabled(t *testing.T) {
	override := func(r *types.ReplicationRule) {
		r.Destination.Account = aws.String(partner)
		r.Destination.AccessControlTranslation = &types.AccessControlTranslation{Owner: types.OwnerOverrideDestination}
	}
	for name, row := range map[string]struct {
		ownership types.ObjectOwnership
		actions   []string
		reason    string
	}{
		"without the right":            {types.ObjectOwnershipObjectWriter, allActions, "DstPutAclNotPermitted"},
		"with the right":               {types.ObjectOwnershipObjectWriter, append([]string{"s3:ObjectOwnerOverrideToBucketOwner"}, allActions...), ""},
		"not needed with a sole owner": {types.ObjectOwnershipBucketOwnerEnforced, allActions, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, other := partnerWorld(t, row.ownership)
				role := w.role("r", row.actions...)
				letIn(t, other, role, "s3:ReplicateObject", "s3:ReplicateDelete", "s3:ObjectOwnerOverrideToBucketOwner")
				r := rule("side-b")
				override(&r)
				must(t, 0, w.replicate("side-a", ireland, role, r))
				id := plainly(w)
				pass(time.Minute)
				w.failedBecause(id, row.reason)
				_, err := other.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("side-b"), Key: aws.String("k")})
				if readable := err == nil; readable != (row.reason == "") {
					t.Errorf("read by the destination's owner: %v", err)
				}
			})
		})
	}
}

func TestWhatTheOwnerOfTheBucketCannotReadIsNotReplicated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, other := partnerWorld(t, types.ObjectOwnershipObjectWriter)
		_, err := other.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("side-b"), Policy: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::side-b/*"}]}`)})
		must(t, 0, err)
		must(t, 0, func() error {
			config := rule("side-a")
			_, err := other.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{
				Bucket: aws.String("side-b"), ReplicationConfiguration: &types.ReplicationConfiguration{
					Role: aws.String("arn:aws:iam::" + partner + ":role/any"), Rules: []types.ReplicationRule{config},
				},
			})
			return err
		}())
		w.put("side-b", singapore, "foreign", "x")
		_, err = other.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("side-b"), Key: aws.String("own")})
		must(t, 0, err)
		// Each owner reads what is his own.
		for key, client := range map[string]*s3.Client{"foreign": w.s3(singapore), "own": other} {
			want := map[string]types.ReplicationStatus{"own": types.ReplicationStatusPending}[key]
			out, err := client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("side-b"), Key: &key})
			if err != nil || out.ReplicationStatus != want {
				t.Errorf("%s reads %v, %v, want %q", key, out, err, want)
			}
		}
	})
}

func TestWithoutOwnerOverrideTheReplicaStaysWithTheOriginsOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, other := partnerWorld(t, types.ObjectOwnershipObjectWriter)
		role := w.role("r", allActions...)
		letIn(t, other, role, "s3:ReplicateObject", "s3:ReplicateDelete")
		must(t, 0, w.replicate("side-a", ireland, role, rule("side-b")))
		plainly(w)
		pass(time.Minute)
		if got := w.status("side-a", ireland, "k"); got != "COMPLETED" {
			t.Errorf("origin reads %s", got)
		}
		_, err := other.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("side-b"), Key: aws.String("k")})
		if code(err) != "Forbidden" {
			t.Errorf("the owner of the destination reads it: %v", err)
		}
	})
}
