package replication_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	optin "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// standing is all that stands in both accounts and can be written by a line, as
// texts by what it is: of ours and of others alike.
type standing map[string]string

func (l *lab) standing(t *testing.T) standing {
	t.Helper()
	all := standing{}
	for _, side := range pair.Sides() {
		l.standingBuckets(t, side, all)
		l.standingRoles(t, side, all)
	}
	return all
}

func (l *lab) standingBuckets(t *testing.T, side pair.SideName, all standing) {
	t.Helper()
	client, region := l.clients(side).S3, l.world.Pair.Side(side).Region
	for _, of := range pair.Sides() {
		out, err := l.clients(of).Regions.GetRegionOptStatus(t.Context(), &optin.GetRegionOptStatusInput{RegionName: &region})
		if err != nil {
			t.Fatal(err)
		}
		all["region "+region+" of the account of side "+string(of)] = string(out.RegionOptStatus)
	}
	buckets, err := client.ListBuckets(t.Context(), &s3.ListBucketsInput{BucketRegion: &region})
	if apierror.Code(err) == "InvalidAccessKeyId" { // the region does not know the account
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range buckets.Buckets {
		name := " of bucket " + *b.Name
		all["the bucket "+*b.Name] = "there"
		if out, err := client.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: b.Name}); err == nil {
			all["versioning"+name] = string(out.Status)
		}
		if out, err := client.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: b.Name}); err == nil {
			all["the configuration's role"+name] = *out.ReplicationConfiguration.Role
			for _, r := range out.ReplicationConfiguration.Rules {
				all["rule "+aws.ToString(r.ID)+name] = wanted.ExactJSON(r)
			}
		}
		if out, err := client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: b.Name}); err == nil {
			all["policy"+name] = *out.Policy
		}
		if out, err := client.GetBucketOwnershipControls(t.Context(), &s3.GetBucketOwnershipControlsInput{Bucket: b.Name}); err == nil {
			all["ownership"+name] = text(t, out.OwnershipControls)
		}
		if out, err := client.GetObjectLockConfiguration(t.Context(), &s3.GetObjectLockConfigurationInput{Bucket: b.Name}); err == nil {
			all["object lock"+name] = text(t, out.ObjectLockConfiguration)
		}
		if out, err := client.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: b.Name}); err == nil {
			all["encryption"+name] = text(t, out.ServerSideEncryptionConfiguration)
		}
		if out, err := client.GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: b.Name}); err == nil {
			all["lifecycle"+name] = text(t, out.Rules)
		}
		if out, err := client.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: b.Name}); err == nil {
			all["tags"+name] = text(t, out.TagSet)
		}
		if out, err := client.GetBucketRequestPayment(t.Context(), &s3.GetBucketRequestPaymentInput{Bucket: b.Name}); err == nil {
			all["who pays"+name] = string(out.Payer)
		}
	}
}

func (l *lab) standingRoles(t *testing.T, side pair.SideName, all standing) {
	t.Helper()
	client := l.clients(side).IAM
	who, err := l.clients(side).IdentifyAtHome(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	roles, err := client.ListRoles(t.Context(), &iam.ListRolesInput{})
	if apierror.Code(err) == "InvalidClientTokenId" {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roles.Roles {
		name := " of role " + *r.RoleName + " of " + who.Account
		out, err := client.GetRole(t.Context(), &iam.GetRoleInput{RoleName: r.RoleName})
		if err != nil {
			t.Fatal(err)
		}
		all["trust"+name], _ = url.QueryUnescape(*out.Role.AssumeRolePolicyDocument)
		for _, tag := range out.Role.Tags {
			if *tag.Key != pair.ProvenTagKey { // what a canary proved
				all["tag "+*tag.Key+name] = *tag.Value
			}
		}
		if out.Role.PermissionsBoundary != nil {
			all["boundary"+name] = *out.Role.PermissionsBoundary.PermissionsBoundaryArn
		}
		policies, err := client.ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: r.RoleName})
		if err != nil {
			t.Fatal(err)
		}
		for _, policy := range policies.PolicyNames {
			document, err := client.GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: r.RoleName, PolicyName: &policy})
			if err != nil {
				t.Fatal(err)
			}
			text, _ := url.QueryUnescape(*document.PolicyDocument)
			all["policy "+policy+name] = proofInName.ReplaceAllString(text, `"Source"`)
		}
	}
}

// proofInName is what a canary proved, in a policy of ours on a role of others.
var proofInName = regexp.MustCompile(`"SourceProven[0-9a-f]+"`)

// differs are the names of what is there now and was not, or is otherwise, or
// gone.
func (s standing) differs(now standing) []string {
	names := map[string]bool{}
	for name := range s {
		names[name] = s[name] != now[name]
	}
	for name := range now {
		names[name] = s[name] != now[name]
	}
	maps.DeleteFunc(names, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(names))
}

// statement is one of a policy, as its own text and as what it says.
type statement struct {
	text                string
	Sid, Effect         string
	Principal           any
	Action, Resource    any
	Condition           map[string]any
	NotAction, NotEqual any
}

// statements are those of a policy.
func statements(t *testing.T, policy string) []statement {
	t.Helper()
	if policy == "" {
		return nil
	}
	var document struct{ Statement json.RawMessage }
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		t.Fatal(err)
	}
	var texts []json.RawMessage
	if !strings.HasPrefix(string(document.Statement), "[") {
		texts = []json.RawMessage{document.Statement}
	} else if err := json.Unmarshal(document.Statement, &texts); err != nil {
		t.Fatal(err)
	}
	all := make([]statement, len(texts))
	for i, text := range texts {
		if err := json.Unmarshal(text, &all[i]); err != nil {
			t.Fatal(err)
		}
		all[i].text = string(text)
	}
	return all
}

// added are the statements of a policy beyond those that were there before, each
// of which has to be there still, to the byte.
func added(t *testing.T, what, was, is string) []statement {
	t.Helper()
	before, now := statements(t, was), statements(t, is)
	for _, s := range before {
		i := slices.IndexFunc(now, func(n statement) bool { return n.text == s.text })
		if i < 0 {
			t.Errorf("%s: this statement is gone or changed: %s\nof %s", what, s.text, is)
			continue
		}
		now = slices.Delete(now, i, i+1)
	}
	return now
}
