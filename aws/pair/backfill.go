package pair

import "strings"

// What a backfill makes is named so that it can be found again with every local
// file lost: its bucket and its role by the pair's ID and the region, its objects
// by the room of the pair.

const (
	backfillRoom = "backfill/"
	// ManifestKey is the user metadata of a manifest that names the request of
	// its job (x-amz-meta-bothways-job).
	ManifestKey = "bothways-job"
	// DigestKey is that of a digest of what it lists.
	DigestKey = "bothways-digest"
	// BackfillTagKey is the tag of a job that says which direction it is for.
	BackfillTagKey = "bothways:backfill"
)

// BackfillPrefix is where the manifests and reports of a direction's backfill
// lie, in the bucket for them. It depends on neither prefix nor order of the pair.
func (p Pair) BackfillPrefix(d Direction) string {
	return objectRoom + p.ID() + "/" + backfillRoom + p.From(d).Region + "/"
}

// BackfillBucket names the bucket that bothways makes for the manifests and
// reports of a side's backfills. Where the region has names of an account's own
// it is one of those, which nobody else can take (S3 User Guide, "Namespaces for
// general purpose buckets").
func (p Pair) BackfillBucket(side SideName, account string) string {
	return p.bucketName("backfill", side, account)
}

func (p Pair) bucketName(what string, side SideName, account string) string {
	region := p.Side(side).Region
	name := RulePrefix + p.ID() + "-" + what + "-" + account + "-" + region
	if region == "me-south-1" || region == "me-central-1" || PartitionOf(region) != "aws" {
		return name
	}
	return name + "-an"
}

// BackfillRoleName names the role that Batch Operations takes for direction d.
// Where a prefix that was asked for leaves too little room, its last part is
// shortened.
func (p Pair) BackfillRoleName(d Direction) string {
	start, region := p.Options.RolePrefix+RulePrefix+p.ID()+"-", p.From(d).Region
	if name := start + "batch-" + region; len(name) <= mostRoleName {
		return name
	}
	return start + "b-" + strings.ReplaceAll(region, "-", "")
}

// BackfillPolicyName names the inline policy of that role.
func (p Pair) BackfillPolicyName() string { return "bothways-backfill" }
