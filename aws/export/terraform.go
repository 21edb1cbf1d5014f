package export

import (
	"reflect"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// terraform writes one configuration for both sides. Nothing in it is a
// cycle: the replication configurations are resources of their own, which need
// both buckets, and no bucket needs them.
func terraform(w *wanted.Documents) string {
	file := hclwrite.NewEmptyFile()
	b := hclBody{file.Body()}
	b.comment(head(w,
		"What stands already is imported (Terraform 1.5 or newer), so that terraform plan",
		"shows nothing that was there before as new. Read the plan before you apply it.")...)
	settings := b.top("terraform")
	settings.set("required_version", quoted(">= 1.5"))
	settings.block("required_providers").set("aws", hclwrite.TokensForObject([]hclwrite.ObjectAttrTokens{
		{Name: hclwrite.TokensForIdentifier("source"), Value: quoted("hashicorp/aws")},
		{Name: hclwrite.TokensForIdentifier("version"), Value: quoted(providerVersion(w))},
	}))
	for _, name := range pair.Sides() {
		provider := b.top("provider", "aws")
		provider.set("alias", quoted(name.Slug()))
		provider.set("region", quoted(w.Pair.Side(name).Region))
		if account := w.Sides[name].Account; account != "" {
			provider.set("allowed_account_ids", list(quoted(account)))
		}
	}
	for _, name := range pair.Sides() {
		terraformBucket(b, w, name)
	}
	for _, d := range pair.Directions() {
		terraformRole(b, w, d)
	}
	for _, name := range pair.Sides() {
		terraformBucketPolicy(b, w, name)
	}
	for _, d := range pair.Directions() {
		terraformConfiguration(b, w, d)
	}
	return string(hclwrite.Format(file.Bytes()))
}

// terraformBucket describes a bucket of bothways as a resource. One that
// others made is only looked up: as a resource its tags and settings would
// become Terraform's to remove.
func terraformBucket(b hclBody, w *wanted.Documents, name pair.SideName) {
	side, want := w.Pair.Side(name), w.Sides[name]
	if want.Made {
		bucket := resource(b, "aws_s3_bucket", name.Slug(), name)
		bucket.set("bucket", quoted(side.Bucket))
		if _, _, regional := pair.RegionalName(side.Bucket); regional {
			bucket.set("bucket_namespace", quoted("account-regional"))
		}
		if want.Locked {
			bucket.set("object_lock_enabled", yes())
		}
		bucket.tags(want.Tags)
		importing(b, !want.Makes, "aws_s3_bucket", name.Slug(), name, side.Bucket)
	} else {
		bucket := b.top("data", "aws_s3_bucket", name.Slug())
		bucket.set("provider", reference("aws", name.Slug()))
		bucket.set("bucket", quoted(side.Bucket))
	}
	if !versions(want) {
		return
	}
	versioning := resource(b, "aws_s3_bucket_versioning", name.Slug(), name)
	versioning.set("bucket", bucketRef(w, name, "id"))
	versioning.block("versioning_configuration").set("status", quoted("Enabled"))
	importing(b, want.Versioned, "aws_s3_bucket_versioning", name.Slug(), name, side.Bucket)
}

// versions says whether versioning becomes Terraform's: destroying it would
// suspend what somebody else had switched on.
func versions(want wanted.Side) bool { return want.Made || !want.Versioned }

// keptByOthers keeps terraform destroy from removing what others have in a
// document together with ours.
func keptByOthers(b hclBody, what string) {
	b.comment("It holds " + what + " of others, which destroying it would remove, too.")
	b.block("lifecycle").set("prevent_destroy", yes())
}

// provenElsewhere keeps Terraform from taking away, or from making, what bothways
// notes when a canary proves a direction: on a role of its own as a tag, on one
// of others in the name of a statement of its policy.
func provenElsewhere(b hclBody, attribute hclwrite.Tokens) {
	b.comment("bothways notes here what a canary proved; whatever made it anew proves nothing.")
	b.block("lifecycle").set("ignore_changes", list(attribute))
}

func terraformRole(b hclBody, w *wanted.Documents, d pair.Direction) {
	direction := w.Directions[d]
	name := quoted(direction.RoleName)
	if direction.Own {
		role := resource(b, "aws_iam_role", directionLabel(d), d.From())
		role.set("name", quoted(direction.RoleName))
		role.set("path", quoted(direction.RolePath))
		role.set("description", quoted(direction.RoleDescription))
		role.document("assume_role_policy", direction.Trust)
		if direction.RoleBoundary != "" {
			role.set("permissions_boundary", quoted(direction.RoleBoundary))
		}
		role.tags(direction.RoleTags)
		provenElsewhere(role, hclwrite.TokensForTraversal(hcl.Traversal{
			hcl.TraverseRoot{Name: "tags"}, hcl.TraverseIndex{Key: cty.StringVal(pair.ProvenTagKey)},
		}))
		importing(b, direction.RoleStands, "aws_iam_role", directionLabel(d), d.From(), direction.RoleName)
		name = reference("aws_iam_role", directionLabel(d), "name")
	}
	if direction.Policy != "" {
		policy := resource(b, "aws_iam_role_policy", directionLabel(d), d.From())
		policy.set("name", quoted(direction.PolicyName))
		policy.set("role", name)
		policy.document("policy", direction.Policy)
		if !direction.Own {
			provenElsewhere(policy, reference("policy"))
		}
		importing(b, direction.PolicyWritten, "aws_iam_role_policy", directionLabel(d), d.From(), direction.RoleName+":"+direction.PolicyName)
	}
}

func terraformBucketPolicy(b hclBody, w *wanted.Documents, name pair.SideName) {
	want := w.Sides[name]
	if want.Policy == "" {
		return
	}
	policy := resource(b, "aws_s3_bucket_policy", name.Slug(), name)
	policy.set("bucket", bucketRef(w, name, "id"))
	policy.document("policy", want.Policy)
	// It names the other side's role, and S3 refuses who is not there.
	if d := wanted.Incoming(name); w.Directions[d].Own {
		policy.set("depends_on", list(reference("aws_iam_role", directionLabel(d))))
	}
	if want.PolicyStands {
		keptByOthers(policy, "statements")
	}
	importing(b, want.PolicyStands, "aws_s3_bucket_policy", name.Slug(), name, w.Pair.Side(name).Bucket)
}

func terraformConfiguration(b hclBody, w *wanted.Documents, d pair.Direction) {
	direction := w.Directions[d]
	role := quoted(direction.RoleARN)
	if direction.Own {
		role = reference("aws_iam_role", directionLabel(d), "arn")
	}
	var needs []hclwrite.Tokens
	for _, name := range pair.Sides() {
		if versions(w.Sides[name]) {
			needs = append(needs, reference("aws_s3_bucket_versioning", name.Slug()))
		}
	}
	if direction.Policy != "" {
		needs = append(needs, reference("aws_iam_role_policy", directionLabel(d)))
	}
	if w.Sides[d.To()].Policy != "" {
		needs = append(needs, reference("aws_s3_bucket_policy", d.To().Slug()))
	}
	configuration := resource(b, "aws_s3_bucket_replication_configuration", directionLabel(d), d.From())
	configuration.set("bucket", bucketRef(w, d.From(), "id"))
	configuration.set("role", role)
	for _, r := range direction.Configuration.Rules {
		terraformRule(configuration.block("rule"), reflect.ValueOf(r), func(arn string) hclwrite.Tokens {
			if arn == w.Pair.To(d).BucketARN() {
				return bucketRef(w, d.To(), "arn")
			}
			return quoted(arn)
		})
	}
	if len(needs) > 0 {
		configuration.set("depends_on", list(needs...))
	}
	if len(direction.Configuration.Rules) > 1 {
		keptByOthers(configuration, "rules")
	}
	importing(b, direction.ConfigurationStands, "aws_s3_bucket_replication_configuration", directionLabel(d), d.From(), w.Pair.From(d).Bucket)
}

// resource begins a resource of a side.
func resource(b hclBody, kind, name string, side pair.SideName) hclBody {
	inside := b.top("resource", kind, name)
	inside.set("provider", reference("aws", side.Slug()))
	return inside
}

// importing takes over a resource that stands already, by what AWS calls it.
func importing(b hclBody, stands bool, kind, name string, side pair.SideName, id string) {
	if !stands {
		return
	}
	inside := b.top("import")
	inside.set("provider", reference("aws", side.Slug()))
	inside.set("to", reference(kind, name))
	inside.set("id", quoted(id))
}

// bucketRef refers to an attribute of a side's bucket.
func bucketRef(w *wanted.Documents, name pair.SideName, attribute string) hclwrite.Tokens {
	if w.Sides[name].Made {
		return reference("aws_s3_bucket", name.Slug(), attribute)
	}
	return reference("data", "aws_s3_bucket", name.Slug(), attribute)
}

// providerVersion is the first of the AWS provider that knows all that is
// written: import blocks and replication configurations as resources, and
// bucket_namespace since 6.37.
func providerVersion(w *wanted.Documents) string {
	for _, name := range pair.Sides() {
		if _, _, regional := pair.RegionalName(w.Pair.Side(name).Bucket); regional {
			return ">= 6.37"
		}
	}
	return ">= 5.0"
}
