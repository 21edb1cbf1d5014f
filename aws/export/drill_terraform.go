package export

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// drillProvider is the first version of Terraform's provider that has the options
// of experiments (its changelog, 5.59.0); buckets as targets came before.
const drillProvider = ">= 5.59"

// drillTerraform writes the pause of both directions as one configuration.
func drillTerraform(w *wanted.Documents) string {
	file := hclwrite.NewEmptyFile()
	b := hclBody{file.Body()}
	b.comment(drillHead(w)...)
	settings := b.top("terraform")
	settings.set("required_version", quoted(">= 1.5"))
	settings.block("required_providers").set("aws", hclwrite.TokensForObject([]hclwrite.ObjectAttrTokens{
		{Name: hclwrite.TokensForIdentifier("source"), Value: quoted("hashicorp/aws")},
		{Name: hclwrite.TokensForIdentifier("version"), Value: quoted(drillProvider)},
	}))
	for _, name := range pair.Sides() {
		provider := b.top("provider", "aws")
		provider.set("alias", quoted(name.Slug()))
		provider.set("region", quoted(w.Pair.Side(name).Region))
		if account := w.Sides[name].Account; account != "" {
			provider.set("allowed_account_ids", list(quoted(account)))
		}
	}
	minutes := b.top("variable", "minutes")
	minutes.set("type", hclwrite.TokensForIdentifier("number"))
	minutes.set("default", number(usualMinutes))
	minutes.set("description", quoted("how long a pause lasts; AWS FIS ends it by itself"))
	valid := minutes.block("validation")
	valid.set("condition", expression(fmt.Sprintf("var.minutes >= 1 && var.minutes <= %d && floor(var.minutes) == var.minutes", mostMinutes)))
	valid.set("error_message", quoted(fmt.Sprintf("Give whole minutes from 1 to %d.", mostMinutes)))
	for _, d := range pair.Directions() {
		alarm := b.top("variable", stopVariable(d))
		alarm.set("type", hclwrite.TokensForIdentifier("string"))
		alarm.set("default", quoted(""))
		alarm.set("description", quoted("ARN of a CloudWatch alarm in "+w.Pair.From(d).Region+" that ends the pause "+d.Slug()+"; empty for none"))
	}
	for _, d := range pair.Directions() {
		drillTerraformDirection(b, w, d)
	}
	b.AppendNewline()
	b.comment(scheduleHead()...)
	b.comment(
		"",
		`resource "aws_scheduler_schedule" "a_to_b" {`,
		`  provider                     = aws.a`,
		`  name                         = "bothways-pause-a-to-b"`,
		`  schedule_expression          = "cron(0 10 ? * TUE#1 *)"`,
		`  schedule_expression_timezone = "UTC"`,
		`  flexible_time_window { mode = "OFF" }`,
		`  target {`,
		`    arn      = "arn:aws:scheduler:::aws-sdk:fis:startExperiment"`,
		`    role_arn = "ARN of the role that it may take"`,
		`    input = jsonencode({`,
		`      ClientToken          = "<aws.scheduler.execution-id>"`,
		`      ExperimentTemplateId = aws_fis_experiment_template.a_to_b.id`,
		`    })`,
		`  }`,
		`}`,
	)
	return string(hclwrite.Format(file.Bytes()))
}

func stopVariable(d pair.Direction) string { return "stop_alarm_" + directionLabel(d) }

// drillTerraformDirection is the role and the template of one direction.
func drillTerraformDirection(b hclBody, w *wanted.Documents, d pair.Direction) {
	want, label := wanted.PauseRole(*w, d), directionLabel(d)
	role := resource(b, "aws_iam_role", label, d.From())
	role.set("name", quoted(want.RoleName))
	role.set("path", quoted(want.RolePath))
	role.set("description", quoted(want.RoleDescription))
	role.document("assume_role_policy", want.Trust)
	if want.RoleBoundary != "" {
		role.set("permissions_boundary", quoted(want.RoleBoundary))
	}
	role.tags(want.RoleTags)
	policy := resource(b, "aws_iam_role_policy", label, d.From())
	policy.set("name", quoted(want.PolicyName))
	policy.set("role", reference("aws_iam_role", label, "name"))
	policy.document("policy", want.Policy)

	template := resource(b, "aws_fis_experiment_template", label, d.From())
	template.set("description", quoted(pauseTitle(w, d)))
	template.set("role_arn", reference("aws_iam_role", label, "arn"))
	template.tags(map[string]string{"Name": pauseTitle(w, d)})
	stop, variable := template.block("stop_condition"), "var."+stopVariable(d)
	stop.set("source", expression(variable+` == "" ? "none" : "`+alarmSource+`"`))
	stop.set("value", expression(variable+` == "" ? null : `+variable))
	target := template.block("target")
	target.set("name", quoted(bucketsTarget))
	target.set("resource_type", quoted(bucketType))
	target.set("selection_mode", quoted("ALL"))
	tag := target.block("resource_tag")
	tag.set("key", quoted(pair.PauseTagKey))
	tag.set("value", quoted(w.Pair.PauseMark(d.From())))
	action := template.block("action")
	action.set("name", quoted(pauseAction))
	action.set("action_id", quoted(pauseID))
	on := action.block("target")
	on.set("key", quoted("Buckets"))
	on.set("value", quoted(bucketsTarget))
	for _, p := range []struct {
		key   string
		value hclwrite.Tokens
	}{
		{"duration", expression(`"PT${var.minutes}M"`)}, {"region", quoted(w.Pair.To(d).Region)}, {"destinationBuckets", quoted(w.Pair.To(d).Bucket)},
	} {
		parameter := action.block("parameter")
		parameter.set("key", quoted(p.key))
		parameter.set("value", p.value)
	}
	options := template.block("experiment_options")
	options.set("account_targeting", quoted("single-account"))
	options.set("empty_target_resolution_mode", quoted("fail"))
	template.set("depends_on", list(reference("aws_iam_role_policy", label)))
}

// expression is one as it is written, of text of our own.
func expression(text string) hclwrite.Tokens {
	file, problems := hclwrite.ParseConfig([]byte("x = "+text+"\n"), "", hcl.InitialPos)
	if problems.HasErrors() {
		panic("write " + text + ": " + problems.Error()) // text of our own: cannot happen
	}
	return file.Body().GetAttribute("x").Expr().BuildTokens(nil)
}
