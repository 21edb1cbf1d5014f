package export

import (
	"strconv"

	"bothways/aws/pair"
	"bothways/aws/replication"
)

// terraform writes one configuration for both sides. Nothing in it is a
// cycle: the replication configurations are resources of their own, which need
// both buckets, and no bucket needs them.
func terraform(w *replication.Wanted) string {
	h := &hclWriter{}
	h.comment(head(w,
		"What stands already is imported (Terraform 1.5 or newer), so that terraform plan",
		"shows nothing that was there before as new. Read the plan before you apply it.")...)
	h.block("terraform", func() {
		h.set("required_version", quoted(">= 1.5"))
		h.line("required_providers {")
		h.line(`  aws = { source = "hashicorp/aws", version = "` + providerVersion(w) + `" }`)
		h.line("}")
	})
	for _, name := range pair.Sides() {
		h.block(`provider "aws"`, func() {
			h.set("alias", quoted(label(name)))
			h.set("region", quoted(w.Pair.Side(name).Region))
			if account := w.Sides[name].Account; account != "" {
				h.set("allowed_account_ids", list(quoted(account)))
			}
		})
	}
	for _, name := range pair.Sides() {
		terraformBucket(h, w, name)
	}
	for _, d := range pair.Directions() {
		terraformRole(h, w, d)
	}
	for _, name := range pair.Sides() {
		if policy := w.Sides[name].Policy; policy != "" {
			resource(h, "aws_s3_bucket_policy", label(name), name, func() {
				h.set("bucket", bucketRef(w, name))
				h.document("policy", policy)
				// It names the other side's role, and S3 refuses who is not there.
				if d := towards(name); w.Links[d].Own {
					h.set("depends_on", list(expression("aws_iam_role."+linkLabel(d))))
				}
				if w.Sides[name].PolicyStands {
					keptByOthers(h, "statements")
				}
			})
			importing(h, w.Sides[name].PolicyStands, "aws_s3_bucket_policy."+label(name), name, w.Pair.Side(name).Bucket)
		}
	}
	for _, d := range pair.Directions() {
		terraformConfiguration(h, w, d)
	}
	return aligned(h.text.String())
}

// terraformBucket describes a bucket of bothways as a resource. One that
// others made is only looked up: as a resource its tags and settings would
// become Terraform's to remove.
func terraformBucket(h *hclWriter, w *replication.Wanted, name pair.SideName) {
	side, want := w.Pair.Side(name), w.Sides[name]
	if want.Made {
		resource(h, "aws_s3_bucket", label(name), name, func() {
			h.set("bucket", quoted(side.Bucket))
			if _, _, regional := pair.RegionalName(side.Bucket); regional {
				h.set("bucket_namespace", quoted("account-regional"))
			}
			if want.Locked {
				h.set("object_lock_enabled", expression("true"))
			}
			h.tags("tags", want.Tags)
		})
		importing(h, !want.Makes, "aws_s3_bucket."+label(name), name, side.Bucket)
	} else {
		h.block(`data "aws_s3_bucket" "`+label(name)+`"`, func() {
			h.set("provider", expression("aws."+label(name)))
			h.set("bucket", quoted(side.Bucket))
		})
	}
	if !versions(want) {
		return
	}
	resource(h, "aws_s3_bucket_versioning", label(name), name, func() {
		h.set("bucket", bucketRef(w, name))
		h.block("versioning_configuration", func() { h.set("status", quoted("Enabled")) })
	})
	importing(h, want.Versioned, "aws_s3_bucket_versioning."+label(name), name, side.Bucket)
}

// versions says whether versioning becomes Terraform's: destroying it would
// suspend what somebody else had switched on.
func versions(want replication.WantedSide) bool { return want.Made || !want.Versioned }

// keptByOthers keeps terraform destroy from removing what others have in a
// document together with ours.
func keptByOthers(h *hclWriter, what string) {
	h.comment("It holds " + what + " of others, which destroying it would remove, too.")
	h.block("lifecycle", func() { h.set("prevent_destroy", expression("true")) })
}

func terraformRole(h *hclWriter, w *replication.Wanted, d pair.Direction) {
	link := w.Links[d]
	role := quoted(link.RoleName)
	if link.Own {
		resource(h, "aws_iam_role", linkLabel(d), d.From(), func() {
			h.set("name", quoted(link.RoleName))
			h.set("path", quoted(link.RolePath))
			h.set("description", quoted(link.RoleDescription))
			h.document("assume_role_policy", link.Trust)
			h.tags("tags", link.RoleTags)
		})
		importing(h, link.RoleStands, "aws_iam_role."+linkLabel(d), d.From(), link.RoleName)
		role = expression("aws_iam_role." + linkLabel(d) + ".name")
	}
	if link.Policy != "" {
		resource(h, "aws_iam_role_policy", linkLabel(d), d.From(), func() {
			h.set("name", quoted(link.PolicyName))
			h.set("role", role)
			h.document("policy", link.Policy)
		})
		importing(h, link.PolicyWritten, "aws_iam_role_policy."+linkLabel(d), d.From(), link.RoleName+":"+link.PolicyName)
	}
}

func terraformConfiguration(h *hclWriter, w *replication.Wanted, d pair.Direction) {
	link := w.Links[d]
	role := quoted(link.RoleARN)
	if link.Own {
		role = expression("aws_iam_role." + linkLabel(d) + ".arn")
	}
	var needs []expression
	for _, name := range pair.Sides() {
		if versions(w.Sides[name]) {
			needs = append(needs, expression("aws_s3_bucket_versioning."+label(name)))
		}
	}
	if link.Policy != "" {
		needs = append(needs, expression("aws_iam_role_policy."+linkLabel(d)))
	}
	if w.Sides[d.To()].Policy != "" {
		needs = append(needs, expression("aws_s3_bucket_policy."+label(d.To())))
	}
	resource(h, "aws_s3_bucket_replication_configuration", linkLabel(d), d.From(), func() {
		h.set("bucket", bucketRef(w, d.From()))
		h.set("role", role)
		for _, r := range link.Configuration.Rules {
			h.block("rule", func() { terraformRule(h, w, d, r) })
		}
		if len(needs) > 0 {
			h.set("depends_on", list(needs...))
		}
		if len(link.Configuration.Rules) > 1 {
			keptByOthers(h, "rules")
		}
	})
	importing(h, link.ConfigurationStands, "aws_s3_bucket_replication_configuration."+linkLabel(d), d.From(), w.Pair.From(d).Bucket)
}

func resource(h *hclWriter, kind, name string, side pair.SideName, fill func()) {
	h.block("resource "+strconv.Quote(kind)+" "+strconv.Quote(name), func() {
		h.set("provider", expression("aws."+label(side)))
		fill()
	})
}

func importing(h *hclWriter, stands bool, to string, side pair.SideName, id string) {
	if !stands {
		return
	}
	h.block("import", func() {
		h.set("provider", expression("aws."+label(side)))
		h.set("to", expression(to))
		h.set("id", quoted(id))
	})
}

func bucketRef(w *replication.Wanted, name pair.SideName) expression {
	if w.Sides[name].Made {
		return expression("aws_s3_bucket." + label(name) + ".id")
	}
	return expression("data.aws_s3_bucket." + label(name) + ".id")
}

func bucketARN(w *replication.Wanted, name pair.SideName) expression {
	if w.Sides[name].Made {
		return expression("aws_s3_bucket." + label(name) + ".arn")
	}
	return expression("data.aws_s3_bucket." + label(name) + ".arn")
}

// providerVersion is the first of the AWS provider that knows all that is
// written: import blocks and replication configurations as resources, and
// bucket_namespace since 6.37.
func providerVersion(w *replication.Wanted) string {
	for _, name := range pair.Sides() {
		if _, _, regional := pair.RegionalName(w.Pair.Side(name).Bucket); regional {
			return ">= 6.37"
		}
	}
	return ">= 5.0"
}
