package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// owned sets who owns what lies in a bucket, and lets it have public ACLs.
func (w *world) owned(bucket, region string, ownership types.ObjectOwnership) {
	w.Helper()
	_, err := w.s3(region).PutBucketOwnershipControls(w.Context(), &s3.PutBucketOwnershipControlsInput{
		Bucket: &bucket, OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: ownership}}},
	})
	must(w, 0, err)
	_, err = w.s3(region).DeletePublicAccessBlock(w.Context(), &s3.DeletePublicAccessBlockInput{Bucket: &bucket})
	must(w, 0, err)
}

// grants returns those of an object's ACL, each as "to permission".
func (w *world) grants(bucket, region string) string {
	w.Helper()
	out, err := w.s3(region).GetObjectAcl(w.Context(), &s3.GetObjectAclInput{Bucket: &bucket, Key: aws.String("k")})
	var all []string
	for _, g := range must(w, out, err).Grants {
		to := aws.ToString(g.Grantee.URI)
		if g.Grantee.Type == types.TypeCanonicalUser {
			to = "account-" + (*g.Grantee.ID)[52:]
		}
		all = append(all, to[strings.LastIndexByte(to, '/')+1:]+" "+string(g.Permission))
	}
	return strings.Join(all, ", ")
}

func (w *world) cannedACL(bucket, region string, acl types.ObjectCannedACL) error {
	_, err := w.s3(region).PutObjectAcl(w.Context(), &s3.PutObjectAclInput{Bucket: &bucket, Key: aws.String("k"), ACL: acl})
	return err
}

func TestACLsReplicateWithTheirVersionsAndWhenTheyChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.pair()
		for bucket, region := range map[string]string{"side-a": ireland, "side-b": singapore} {
			w.owned(bucket, region, types.ObjectOwnershipObjectWriter)
		}
		w.write(&s3.PutObjectInput{ACL: types.ObjectCannedACLAuthenticatedRead})
		pass(time.Minute)
		const owner = "account-000000000000 FULL_CONTROL"
		if got := w.grants("side-b", singapore); got != owner+", AuthenticatedUsers READ" {
			t.Errorf("the replica's ACL is %s", got)
		}
		must(t, 0, w.cannedACL("side-a", ireland, types.ObjectCannedACLPublicRead))
		if got := w.status("side-a", ireland, "k"); got != "PENDING" {
			t.Errorf("while the change is under way the origin reads %s", got)
		}
		pass(time.Minute)
		if got := w.grants("side-b", singapore); got != owner+", AllUsers READ" {
			t.Errorf("after a change the replica's ACL is %s", got)
		}
		must(t, 0, w.cannedACL("side-b", singapore, types.ObjectCannedACLPrivate))
		pass(time.Minute)
		if got := w.grants("side-a", ireland); got != owner {
			t.Errorf("after a change of the replica the origin's ACL is %s", got)
		}
	})
}

func TestACLsAreThoseOfTheirHeadersAndDocuments(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	w.put("box", ireland, "k", "content")
	refused(t, w.cannedACL("box", ireland, types.ObjectCannedACLPublicRead), "AccessControlListNotSupported", "The bucket does not allow ACLs")
	must(t, 0, w.cannedACL("box", ireland, types.ObjectCannedACLBucketOwnerFullControl))
	w.owned("box", ireland, types.ObjectOwnershipBucketOwnerPreferred)
	anonymous := func() int {
		return w.raw(rawRequest{method: http.MethodGet, path: "/box/k", unsigned: true}).status
	}
	if got := anonymous(); got != http.StatusForbidden {
		t.Errorf("before it is public it reads %d", got)
	}
	_, err := w.s3(ireland).PutObjectAcl(t.Context(), &s3.PutObjectAclInput{
		Bucket: aws.String("box"), Key: aws.String("k"), GrantRead: aws.String(`uri="http://acs.amazonaws.com/groups/global/AllUsers"`),
	})
	must(t, 0, err)
	if got := anonymous(); got != http.StatusOK || w.grants("box", ireland) != "AllUsers READ" {
		t.Errorf("public, it reads %d, granted to %s", got, w.grants("box", ireland))
	}
	had, err := w.s3(ireland).GetObjectAcl(t.Context(), &s3.GetObjectAclInput{Bucket: aws.String("box"), Key: aws.String("k")})
	must(t, had, err)
	_, err = w.s3(ireland).PutObjectAcl(t.Context(), &s3.PutObjectAclInput{
		Bucket: aws.String("box"), Key: aws.String("k"), AccessControlPolicy: &types.AccessControlPolicy{Owner: had.Owner, Grants: had.Grants},
	})
	must(t, 0, err)
	_, err = w.s3(ireland).PutPublicAccessBlock(t.Context(), &s3.PutPublicAccessBlockInput{
		Bucket: aws.String("box"), PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true), IgnorePublicAcls: aws.Bool(true)},
	})
	must(t, 0, err)
	if got := anonymous(); got != http.StatusForbidden {
		t.Errorf("where public ACLs are ignored it reads %d", got)
	}
	if got := code(w.cannedACL("box", ireland, types.ObjectCannedACLPublicRead)); got != "AccessDenied" {
		t.Errorf("where public ACLs are blocked one is answered with %q", got)
	}
	_, err = w.s3(ireland).PutBucketAcl(t.Context(), &s3.PutBucketAclInput{Bucket: aws.String("box"), ACL: "log-delivery-write"})
	must(t, 0, err)
	bucket, err := w.s3(ireland).GetBucketAcl(t.Context(), &s3.GetBucketAclInput{Bucket: aws.String("box")})
	if must(t, bucket, err); len(bucket.Grants) != 3 {
		t.Errorf("the bucket's ACL is %+v", bucket.Grants)
	}
	_, err = w.s3(ireland).PutBucketOwnershipControls(t.Context(), &s3.PutBucketOwnershipControlsInput{
		Bucket: aws.String("box"), OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}}},
	})
	if got := code(err); got != "InvalidBucketAclWithObjectOwnership" {
		t.Errorf("disabling ACLs is answered with %q", got)
	}
}

// What another account writes is its own, and the bucket's owner reads it, and
// has it replicated, where its ACL lets him.
func TestAnACLSharesAnObjectWithTheBucketsOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, other := partnerWorld(t, types.ObjectOwnershipObjectWriter)
		policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"s3:*","Resource":["arn:aws:s3:::side-b","arn:aws:s3:::side-b/*"]}]}`
		_, err := other.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("side-b"), Policy: &policy})
		must(t, 0, err)
		w.put("side-b", singapore, "k", "content")
		read := func() error {
			out, err := other.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("side-b"), Key: aws.String("k")})
			if err == nil {
				_ = out.Body.Close()
			}
			return err
		}
		if got := code(read()); got != "AccessDenied" {
			t.Errorf("unshared, it is answered with %q", got)
		}
		must(t, 0, w.cannedACL("side-b", singapore, types.ObjectCannedACLBucketOwnerFullControl))
		if err := read(); err != nil {
			t.Error(err)
		}
	})
}
