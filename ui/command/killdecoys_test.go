//go:build unix

package command_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const theirTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// sideOf is a side's region and bucket.
func sideOf(i int) (region, bucket string) {
	region, bucket, _ = strings.Cut(thePair[2*i+1], "/")
	return region, bucket
}

// plant makes the pair's buckets somebody else's: with rules, a role, a policy,
// tags, objects, and an unfinished upload under the prefix of bothways, too.
func (k *killing) plant() {
	k.tb.Helper()
	ctx := k.tb.Context()
	must := func(err error) {
		k.tb.Helper()
		if err != nil {
			k.tb.Fatal(err)
		}
	}
	role, err := k.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("their-role"), AssumeRolePolicyDocument: aws.String(theirTrust)})
	must(err)
	_, err = k.iam.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String("their-role"), PolicyName: aws.String("theirs"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`),
	})
	must(err)
	for i := range 2 {
		region, bucket := sideOf(i)
		client, copies := k.s3[region], "their-copies-"+region
		for _, name := range []string{bucket, copies} {
			_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{
				Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)},
			})
			must(err)
			_, err = client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
				Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
			})
			must(err)
		}
		_, err = client.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: &bucket, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("team"), Value: aws.String("theirs")}}}})
		must(err)
		_, err = client.PutBucketReplication(ctx, &s3.PutBucketReplicationInput{Bucket: &bucket, ReplicationConfiguration: &types.ReplicationConfiguration{
			Role: role.Role.Arn,
			Rules: []types.ReplicationRule{{
				ID: aws.String("theirs"), Status: types.ReplicationRuleStatusEnabled, Priority: aws.Int32(5), Filter: &types.ReplicationRuleFilter{Prefix: aws.String("invoices/")},
				DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
				Destination:             &types.Destination{Bucket: aws.String("arn:aws:s3:::" + copies)},
			}},
		}})
		must(err)
		for _, key := range []string{"theirs.txt", "theirs.txt", "bothways/theirs.txt", "bothways/canary/theirs"} {
			_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("theirs"), Tagging: aws.String("of=theirs")})
			must(err)
		}
		_, err = client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: aws.String("theirs.txt")})
		must(err)
		for _, key := range []string{"theirs.iso", "bothways/theirs.iso"} {
			_, err := client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key})
			must(err)
		}
	}
}

// theirs is all of others that can be read, one line each.
func (k *killing) theirs() (all []string) {
	k.tb.Helper()
	ctx := k.tb.Context()
	note := func(err error, parts ...any) {
		k.tb.Helper()
		if err != nil {
			k.tb.Fatal(err)
		}
		all = append(all, fmt.Sprintln(parts...))
	}
	roles, err := k.iam.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: aws.String("their-role")})
	note(err, "role", slices.DeleteFunc(roles.PolicyNames, func(name string) bool { return strings.HasPrefix(name, "bothways-") }))
	for i := range 2 {
		region, bucket := sideOf(i)
		client := k.s3[region]
		tags, err := client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: &bucket})
		note(err)
		for _, t := range tags.TagSet {
			if !strings.HasPrefix(*t.Key, "bothways:") {
				note(nil, bucket, "tag", *t.Key, *t.Value)
			}
		}
		rules, err := client.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &bucket})
		note(err, bucket, *rules.ReplicationConfiguration.Role)
		for _, r := range rules.ReplicationConfiguration.Rules {
			if !strings.HasPrefix(*r.ID, "bothways-") {
				note(nil, bucket, "rule", *r.ID, *r.Priority, r.Status, *r.Filter.Prefix, *r.Destination.Bucket)
			}
		}
		versions, err := client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &bucket})
		note(err)
		for _, v := range versions.Versions {
			if strings.Contains(*v.Key, "theirs") {
				note(nil, bucket, *v.Key, *v.VersionId, *v.ETag)
			}
		}
		for _, m := range versions.DeleteMarkers {
			note(nil, bucket, "marker", *m.Key, *m.VersionId)
		}
		uploads, err := client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &bucket})
		note(err)
		for _, u := range uploads.Uploads {
			note(nil, bucket, "upload", *u.Key, *u.UploadId)
		}
	}
	slices.Sort(all)
	return all
}

// besides kills an apply and a destroy in buckets of others, and wants theirs as
// it was and nothing of ours.
func (k *killing) besides(theirs []string) {
	k.tb.Helper()
	for _, command := range []string{"apply", "destroy"} {
		k.cut(command)
		if now := k.theirs(); !slices.Equal(now, theirs) {
			k.tb.Fatalf("after a killed %s of others is there\n%s\nwas\n%s", command, now, theirs)
		}
		k.whole(command)
		if now := k.theirs(); !slices.Equal(now, theirs) {
			k.tb.Fatalf("after %s of others is there\n%s\nwas\n%s", command, now, theirs)
		}
	}
	if out, err := k.iam.ListRolePolicies(k.tb.Context(), &iam.ListRolePoliciesInput{RoleName: aws.String("their-role")}); err != nil || len(out.PolicyNames) != 1 {
		k.tb.Fatalf("their role has the policies %s, %v", out.PolicyNames, err)
	}
}

func (k *killing) amongOthers() []string {
	k.tb.Helper()
	k.consents = []string{"--merge"}
	k.plant()
	k.whole("apply")
	k.whole("destroy")
	return k.theirs()
}

func TestAKilledRunHarmsNothingOfOthers(t *testing.T) {
	t.Parallel()
	k := newKilling(t)
	theirs := k.amongOthers()
	for range 2 {
		k.besides(theirs)
	}
}

// BenchmarkKillAmongOthers is the same at length:
// go test -run '^$' -bench KillAmongOthers -benchtime 100x ./ui/command.
func BenchmarkKillAmongOthers(b *testing.B) {
	k := newKilling(b)
	theirs := k.amongOthers()
	for b.Loop() {
		k.besides(theirs)
	}
	b.ReportMetric(float64(k.died), "killed")
}
