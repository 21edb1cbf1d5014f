package backfill

import (
	"strconv"

	"bothways/aws/account"
	"bothways/aws/audit/difference"
	"bothways/aws/backfill/inplace"
	"bothways/aws/backfill/job"
	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// Lines for the AWS CLI, each of which runs as it is printed: nothing in them is
// left to be filled in, and no comment follows, which some shells don't take when
// they are typed into.

// restoreLine brings an archived version out of its archive.
func (s sorter) restoreLine(d difference.Difference) string {
	side := pair.A
	if d.A == nil {
		side = pair.B
	}
	e := d.Entry()
	return inplace.RestoreLine(s.world.Clients(side), s.world.Pair.Side(side).Bucket, d.Key, e.VersionID, e.Class)
}

// headLine asks a side for a version, "" being what it serves.
func (r *run) headLine(side pair.SideName, key, version string) string {
	words := append([]string{"--bucket", r.world.Pair.Side(side).Bucket}, account.Given("--key", "Key", key)...)
	if version != "" {
		words = append(words, account.Given("--version-id", "VersionId", version)...)
	}
	return r.world.Clients(side).CLI("s3api", "head-object", words...)
}

// lookLine looks at one target on both sides. Of what an earlier run listed none is
// known before its manifest is read.
func (r *run) lookLine(t *target) string {
	if t == nil {
		return ""
	}
	return r.headLine(t.to.From(), t.key, t.version) + " && " + r.headLine(t.to.To(), t.key, t.version)
}

// markLine hides a key.
func (r *run) markLine(side pair.SideName, key string) string {
	words := append([]string{"--bucket", r.world.Pair.Side(side).Bucket}, account.Given("--key", "Key", key)...)
	return r.world.Clients(side).CLI("s3api", "delete-object", words...)
}

// jobLine asks for the job of a manifest that stands, whose ETag it reads.
func jobLine(o job.Order, m job.Manifest) string {
	in := o.Input(m, 1)
	json := func(part any) string { return wanted.Compact(wanted.ExactJSON(part)) }
	location := `{"Spec":` + json(in.Manifest.Spec) + `,"Location":{"ObjectArn":` + json(in.Manifest.Location.ObjectArn) + `,"ETag":`
	etag := o.Clients.CLI("s3api", "head-object", "--bucket", o.Bucket.Bucket, "--key", m.Key, "--query", "ETag", "--output", "text") // in quotes, as it is sent
	return o.Clients.CLI("s3control", "create-job", "--account-id", o.Account, "--operation", `{"S3ReplicateObject":{}}`, "--role-arn", o.RoleARN,
		"--no-confirmation-required", "--priority", strconv.Itoa(int(*in.Priority)), "--client-request-token", *in.ClientRequestToken, "--description", *in.Description,
		"--report", json(in.Report), "--tags", json(in.Tags)) + ` --manifest "$(printf '%s%s}}' ` + account.Quote(location) + ` "$(` + etag + `)")"`
}
