package wanted

import (
	"strings"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// BatchPrincipal is the service that takes the role of a job (S3 User Guide,
// "Granting permissions for Batch Operations").
const BatchPrincipal = "batchoperations.s3.amazonaws.com"

// BackfillRole is the role that Batch Operations takes for a direction's
// backfill, with a bucket for its manifests and reports. Its trust carries no
// condition, as AWS's own examples don't: which keys the service sends is not
// documented, and a role of another account is refused anyway ("Cross-account
// pass role is not allowed").
func BackfillRole(s *survey.Survey, d pair.Direction, bucket pair.Side) Direction {
	p := s.World.Pair
	account := s.Sides[d.From()].Identity.Account
	name := prefixed(p, d, s.OwnRoleName(d), s.Directions[d].Own(p)).BackfillRoleName(d)
	return Direction{
		Own: true, RoleName: name, RolePath: p.RolePath(),
		RoleARN:         "arn:" + pair.PartitionOf(p.From(d).Region) + ":iam::" + account + ":role" + p.RolePath() + name,
		RoleDescription: "S3 Batch Replication from " + p.From(d).Bucket + " to " + p.To(d).Bucket,
		RoleTags:        batchTags(s, d), RoleBoundary: roleBoundary(s, d).arn,
		Trust: policy.Compose(policy.Draft{
			Effect: "Allow", Principal: map[string]string{"Service": BatchPrincipal}, Action: "sts:AssumeRole",
		}),
		PolicyName: p.BackfillPolicyName(), Policy: backfillPolicy(p, d, bucket),
	}
}

// batchTags are those that were asked for, and those that the pair's own role has:
// whoever demanded them of that one demands them of this one, too.
func batchTags(s *survey.Survey, d pair.Direction) map[string]string {
	tags := madeTags(s)
	if found := s.Directions[d]; found.Own(s.World.Pair) {
		for key, value := range found.RoleTags {
			if _, given := tags[key]; !given && key != pair.ProvenTagKey {
				tags[key] = value
			}
		}
	}
	return tags
}

// backfillPolicy is the least that a job needs whose manifest is its owner's
// (S3 User Guide, "Configuring an IAM role for S3 Batch Replication").
func backfillPolicy(p pair.Pair, d pair.Direction, bucket pair.Side) string {
	room := bucket.BucketARN() + "/" + p.BackfillPrefix(d) + "*"
	return policy.Compose(
		policy.Draft{Sid: "Replicate", Effect: "Allow", Action: "s3:InitiateReplication", Resource: p.From(d).BucketARN() + "/*"},
		policy.Draft{Sid: "ReadManifest", Effect: "Allow", Action: []string{"s3:GetObject", "s3:GetObjectVersion"}, Resource: room},
		policy.Draft{Sid: "WriteReport", Effect: "Allow", Action: "s3:PutObject", Resource: room},
	)
}

// MadeTags are those of everything that bothways makes for a pair.
func MadeTags(s *survey.Survey) map[string]string { return madeTags(s) }

// BackfillRights lists what the credentials of both sides must be allowed for a
// backfill of directions, beside what reading a pair takes. buckets are those for
// manifests and reports; makes are the ones of them that bothways makes, and placed
// what is done in place.
func BackfillRights(s *survey.Survey, ways []pair.Direction, buckets map[pair.SideName]pair.Side, makes map[pair.SideName]bool, placed map[pair.SideName]InPlace) []survey.Right {
	var all []survey.Right
	for _, d := range ways {
		name, bucket := d.From(), buckets[d.From()]
		add := func(resource, why string, actions ...string) {
			for _, action := range actions {
				all = append(all, survey.Right{Side: name, Action: action, Resource: resource, Why: why, For: pair.Backfill})
			}
		}
		role := BackfillRole(s, d, bucket)
		add("*", "to replicate what is missing by a job "+d.Arrow(), "s3:CreateJob", "s3:ListJobs")
		jobs := "arn:" + pair.PartitionOf(bucket.Region) + ":s3:" + bucket.Region + ":" + s.Sides[name].Identity.Account + ":job/*"
		add(jobs, "to mark, follow and end the job "+d.Arrow(), "s3:DescribeJob", "s3:PutJobTagging", "s3:GetJobTagging", "s3:UpdateJobStatus")
		if makes[name] {
			add(bucket.BucketARN(), "to make the bucket for manifests and reports, and to remove it", "s3:CreateBucket", "s3:TagResource", "s3:DeleteBucket", "s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock")
		}
		add(bucket.BucketARN(), "to find and remove manifests and reports", "s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads", "s3:GetBucketTagging")
		add(ObjectsUnder(bucket, s.World.Pair.BackfillPrefix(d)), "to write the manifest and to read the report", "s3:PutObject", "s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload")
		for _, action := range []string{"iam:CreateRole", "iam:TagRole", "iam:GetRole", "iam:GetRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:DeleteRole"} {
			all = append(all, survey.Right{
				Side: name, Action: action, Resource: role.RoleARN, Why: "to make the role of the job, and to remove it", For: pair.Backfill, Boundary: boundaryFor(action, role),
			})
		}
		// Of a role that is not there IAM does not know the path, so it asks for the
		// right on the name alone.
		all = append(all, survey.Right{
			Side: name, Action: "iam:GetRole", Resource: strings.Replace(role.RoleARN, role.RolePath, "/", 1), Why: "to see whether the role of the job is there", For: pair.Backfill,
		})
		all = append(all, survey.Right{
			Side: name, Action: "iam:PassRole", Resource: role.RoleARN, For: pair.Backfill,
			PassedTo: BatchPrincipal, Why: "Batch Operations takes a role only from somebody who may pass it",
		})
	}
	for _, name := range pair.Sides() {
		all = append(all, survey.Right{
			Side: name, Action: "s3:ListBucket", Resource: s.World.Pair.Side(name).BucketARN(), For: pair.Backfill, Why: "to tell what is missing from what is forbidden",
		})
		for _, action := range []string{"s3:GetObject", "s3:GetObjectVersion"} {
			all = append(all, survey.Right{
				Side: name, Action: action, Resource: ObjectsUnder(s.World.Pair.Side(name), ""), For: pair.Backfill, Why: "to look at what was missing again",
			})
		}
		all = append(all, placeRights(s, name, placed[name])...)
	}
	return all
}
