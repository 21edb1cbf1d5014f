package replication_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// decoys are things of others of every kind, as texts by where they are.
type decoys map[string]string

// plant adds to a world what the harm of a run would show on: a bucket, a
// role, objects in the buckets of the pair, under the prefix of bothways too,
// with an old version and a tag, and what carries no mark at all: unfinished
// uploads and delete markers.
func (l *lab) plant(t *testing.T) {
	t.Helper()
	for _, side := range pair.Sides() {
		client, region := l.clients(side).S3, l.world.Pair.Side(side).Region
		decoy := "bothways-decoy-" + strings.ToLower(string(side))
		if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &decoy, CreateBucketConfiguration: locatedIn(region)}); err != nil {
			t.Fatal(err)
		}
		if _, err := client.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String(l.world.Pair.Side(side).Bucket)}); apierror.Missing(err) {
			continue
		}
		l.settingsOfOthers(t, client, l.world.Pair.Side(side).Bucket)
		for _, key := range []string{"theirs.txt", "theirs.txt", l.world.Pair.ProbePrefix() + "looks-like-ours"} {
			l.put(t, side, key)
		}
		l.keysOfOthers(t, side)
		_, err := client.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(l.world.Pair.Side(side).Bucket), Key: aws.String("tagged"), Body: strings.NewReader("x"), Tagging: aws.String("of=theirs"),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/", pair.RolePath} {
		name := aws.String("bothways-decoy" + strings.ReplaceAll(path, "/", "-"))
		_, err := l.world.A.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{
			RoleName: name, Path: &path,
			AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
			RoleName: name, PolicyName: aws.String(l.world.Pair.PolicyName()),
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}`),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// settingsOfOthers gives a bucket what somebody may have set on it.
func (l *lab) settingsOfOthers(t *testing.T, client *s3.Client, bucket string) {
	t.Helper()
	_, err := client.PutBucketLifecycleConfiguration(t.Context(), &s3.PutBucketLifecycleConfigurationInput{
		Bucket: &bucket,
		LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			ID: aws.String("theirs"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("theirs/")},
			AbortIncompleteMultipartUpload: &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(3)},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutBucketCors(t.Context(), &s3.PutBucketCorsInput{
		Bucket:            &bucket,
		CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"https://theirs.example"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// others reads all that is not this pair's.
func (l *lab) others(t *testing.T) decoys {
	t.Helper()
	seen := decoys{}
	for _, side := range pair.Sides() {
		l.otherBuckets(t, side, seen)
		l.otherRoles(t, side, seen)
	}
	return seen
}

func (l *lab) otherBuckets(t *testing.T, side pair.SideName, seen decoys) {
	t.Helper()
	client := l.clients(side).S3
	all, err := client.ListBuckets(t.Context(), &s3.ListBucketsInput{BucketRegion: aws.String(l.world.Pair.Side(side).Region)})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all.Buckets {
		name := aws.ToString(b.Name)
		tags, err := client.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: b.Name})
		if err == nil && strings.Contains(text(t, tags.TagSet), pair.TagKey) {
			continue
		}
		seen["bucket "+name] = "there"
		if err == nil {
			seen["tags of bucket "+name] = text(t, tags.TagSet)
		}
		if rules, err := client.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: b.Name}); err == nil {
			for _, r := range rules.ReplicationConfiguration.Rules {
				if !strings.HasPrefix(*r.ID, pair.RulePrefix) {
					seen["rule "+*r.ID+" of "+name] = text(t, r) + *rules.ReplicationConfiguration.Role
				}
			}
		}
		if policy, err := client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: b.Name}); err == nil {
			if _, statement, found := strings.Cut(*policy.Policy, `{"Sid":"Their`); found { // as bytes, with their spaces
				statement, _, _ = strings.Cut(statement, `"false"}}}`)
				seen["statement of "+name] = statement
			}
		}
		if out, err := client.GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: b.Name}); err == nil {
			seen["lifecycle of "+name] = text(t, out.Rules)
		}
		if out, err := client.GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: b.Name}); err == nil {
			seen["cors of "+name] = text(t, out.CORSRules)
		}
		if out, err := client.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: b.Name}); err == nil {
			seen["encryption of "+name] = text(t, out.ServerSideEncryptionConfiguration)
		}
		if out, err := client.GetBucketOwnershipControls(t.Context(), &s3.GetBucketOwnershipControlsInput{Bucket: b.Name}); err == nil {
			seen["ownership of "+name] = text(t, out.OwnershipControls)
		}
		l.otherObjects(t, client, name, seen)
		l.otherKeys(t, client, name, seen)
	}
}

func (l *lab) otherObjects(t *testing.T, client *s3.Client, bucket string, seen decoys) {
	t.Helper()
	versions, err := client.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &bucket})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range versions.Versions {
		head, err := client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: v.Key, VersionId: v.VersionId})
		if err != nil {
			t.Fatal(err)
		}
		if head.Metadata[pair.MetadataKey] != "" {
			continue
		}
		tags, err := client.GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: &bucket, Key: v.Key, VersionId: v.VersionId})
		if err != nil {
			t.Fatal(err)
		}
		seen["object "+bucket+"/"+*v.Key+" "+*v.VersionId] = *head.ETag + text(t, tags.TagSet)
	}
}

func (l *lab) otherRoles(t *testing.T, side pair.SideName, seen decoys) {
	t.Helper()
	client := l.clients(side).IAM
	all, err := client.ListRoles(t.Context(), &iam.ListRolesInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Roles {
		tags, err := client.ListRoleTags(t.Context(), &iam.ListRoleTagsInput{RoleName: r.RoleName})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text(t, tags.Tags), pair.TagKey) {
			continue
		}
		seen["role "+*r.RoleName] = *r.AssumeRolePolicyDocument + text(t, tags.Tags)
		policies, err := client.ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: r.RoleName})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range policies.PolicyNames {
			if strings.HasPrefix(name, pair.RulePrefix+l.world.Pair.ID()) {
				continue
			}
			out, err := client.GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: r.RoleName, PolicyName: &name})
			if err != nil {
				t.Fatal(err)
			}
			document, _ := url.QueryUnescape(*out.PolicyDocument)
			seen["policy "+name+" of role "+*r.RoleName] = document
		}
	}
}

// unharmed fails the test where something of others is gone or differs.
func (d decoys) unharmed(t *testing.T, l *lab, when string) {
	t.Helper()
	now := l.others(t)
	for _, what := range slices.Sorted(maps.Keys(d)) {
		switch {
		case now[what] == "":
			t.Errorf("%s: %s is gone", when, what)
		case now[what] != d[what]:
			t.Errorf("%s: %s was\n%s\nand is\n%s", when, what, d[what], now[what])
		}
	}
}

// alone fails the test where something of ours is left.
func (l *lab) alone(t *testing.T) {
	t.Helper()
	for _, side := range pair.Sides() {
		client, bucket := l.clients(side), l.world.Pair.Side(side).Bucket
		if rules, err := client.S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: &bucket}); err == nil {
			if all := text(t, rules.ReplicationConfiguration); strings.Contains(all, l.world.Pair.RuleID(pair.AtoB)) || strings.Contains(all, l.world.Pair.RuleID(pair.BtoA)) {
				t.Errorf("our rule is left in %s: %s", bucket, all)
			}
		}
		if policy, err := client.S3.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: &bucket}); err == nil && strings.Contains(*policy.Policy, "Bothways") {
			t.Errorf("our statements are left in %s: %s", bucket, *policy.Policy)
		}
		roles, err := client.IAM.ListRoles(t.Context(), &iam.ListRolesInput{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range roles.Roles {
			if *r.RoleName == l.world.Pair.RoleName(pair.AtoB) || *r.RoleName == l.world.Pair.RoleName(pair.BtoA) {
				t.Errorf("our role %s is left", *r.RoleName)
			}
			policies, err := client.IAM.ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: r.RoleName})
			if err != nil || slices.ContainsFunc(policies.PolicyNames, func(name string) bool { return strings.HasPrefix(name, pair.RulePrefix+l.world.Pair.ID()) }) {
				t.Errorf("our policy is left on role %s: %v, %v", *r.RoleName, policies, err)
			}
		}
	}
}

func text(t *testing.T, value any) string {
	t.Helper()
	out, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
