package export

import (
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7"
	"github.com/awslabs/goformation/v7/cloudformation/fis"
	"github.com/awslabs/goformation/v7/intrinsics"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// blocks are those of a kind, by their last label.
func blocks(body *hclsyntax.Body, kind string) map[string]*hclsyntax.Body {
	all := map[string]*hclsyntax.Body{}
	for _, b := range body.Blocks {
		if b.Type == kind {
			label := ""
			if n := len(b.Labels); n > 0 {
				label = b.Labels[n-1]
				if n > 1 {
					label = b.Labels[0] + "." + label
				}
			}
			all[label] = b.Body
		}
	}
	return all
}

// What a schedule starts is the pause that a drill starts, but for its marks.
func TestTerraformPausesAsADrillDoes(t *testing.T) {
	for name, w := range worlds() {
		t.Run(name, func(t *testing.T) {
			body := parsed(t, drillTerraform(w))
			resources := blocks(body, "resource")
			for _, d := range pair.Directions() {
				for alarm, source := range map[string]string{"": "none", "arn:aws:cloudwatch:eu-west-1:012345678901:alarm:stop": "aws:cloudwatch:alarm"} {
					want, label := wanted.PauseRole(*w, d), directionLabel(d)
					ctx := known("", "", want.RoleARN, want.RoleARN)
					ctx.Functions = map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}
					ctx.Variables["var"] = cty.ObjectVal(map[string]cty.Value{
						"minutes": cty.NumberIntVal(42), "stop_alarm_a_to_b": cty.StringVal(alarm), "stop_alarm_b_to_a": cty.StringVal(alarm),
					})
					template := resources["aws_fis_experiment_template."+label]
					stop := blocks(template, "stop_condition")[""]
					if got := value(t, stop, "source", ctx); got != source {
						t.Errorf("the stop condition's source is %s, want %s", got, source)
					}
					v, problems := stop.Attributes["value"].Expr.Value(ctx)
					if problems.HasErrors() || alarm == "" != v.IsNull() || alarm != "" && v.AsString() != alarm {
						t.Errorf("its value is %#v: %s", v, problems)
					}
					if got := value(t, template, "role_arn", ctx); got != want.RoleARN {
						t.Errorf("the role is %s", got)
					}
					target := blocks(template, "target")[""]
					tag := blocks(target, "resource_tag")[""]
					if value(t, target, "resource_type", ctx) != "aws:s3:bucket" || value(t, tag, "key", ctx) != pair.PauseTagKey || value(t, tag, "value", ctx) != w.Pair.PauseMark(d.From()) {
						t.Error("the target is not our bucket by its tag")
					}
					action := blocks(template, "action")[""]
					got := map[string]string{}
					for _, b := range action.Blocks {
						if b.Type == "parameter" {
							got[value(t, b.Body, "key", ctx)] = value(t, b.Body, "value", ctx)
						}
					}
					if value(t, action, "action_id", ctx) != "aws:s3:bucket-pause-replication" || len(got) != 3 || got["duration"] != "PT42M" || got["region"] != w.Pair.To(d).Region || got["destinationBuckets"] != w.Pair.To(d).Bucket {
						t.Errorf("the action has %v", got)
					}
					role := resources["aws_iam_role."+label]
					sameJSON(t, value(t, role, "assume_role_policy", ctx), want.Trust)
					sameJSON(t, value(t, resources["aws_iam_role_policy."+label], "policy", ctx), want.Policy)
					if value(t, role, "name", ctx) != want.RoleName || want.RoleName == w.Pair.DrillRoleName(d) || len(want.RoleName) > 64 {
						t.Errorf("the role is called %s", want.RoleName)
					}
				}
			}
			minutes := blocks(body, "variable")["minutes"]
			for n, valid := range map[string]cty.Value{"0": cty.False, "1": cty.True, "720": cty.True, "721": cty.False, "1.5": cty.False} {
				ctx := &hcl.EvalContext{
					Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{"minutes": cty.MustParseNumberVal(n)})},
					Functions: map[string]function.Function{"floor": stdlib.FloorFunc},
				}
				got, problems := blocks(minutes, "validation")[""].Attributes["condition"].Expr.Value(ctx)
				if problems.HasErrors() || !got.RawEquals(valid) {
					t.Errorf("%s minutes are valid: %#v, %s", n, got, problems)
				}
			}
		})
	}
}

func TestCloudFormationPausesAsADrillDoes(t *testing.T) {
	for name, w := range worlds() {
		t.Run(name, func(t *testing.T) {
			files, err := drillCloudFormation(w)
			if err != nil {
				t.Fatal(err)
			}
			for i, d := range pair.Directions() {
				for alarm, source := range map[string]string{"": "none", "arn:aws:cloudwatch:eu-west-1:012345678901:alarm:stop": "aws:cloudwatch:alarm"} {
					read, err := goformation.ParseYAMLWithOptions([]byte(files[i].Content), &intrinsics.ProcessorOptions{
						ParameterOverrides: map[string]any{"Minutes": "42", "StopAlarm": alarm}, EvaluateConditions: true,
					})
					if err != nil {
						t.Fatalf("%s\n%s", err, files[i].Content)
					}
					template, is := read.Resources["Pause"].(*fis.ExperimentTemplate)
					if !is {
						t.Fatalf("%T", read.Resources["Pause"])
					}
					stop := template.StopConditions[0]
					if stop.Source != source || alarm != "" && (stop.Value == nil || *stop.Value != alarm) {
						t.Errorf("it stops by %+v, want %s", stop, source)
					}
					target, action := template.Targets["Buckets"], template.Actions["Pause"]
					if target.ResourceTags[pair.PauseTagKey] != w.Pair.PauseMark(d.From()) || target.ResourceType != "aws:s3:bucket" || target.SelectionMode != "ALL" {
						t.Errorf("the target is %+v", target)
					}
					if action.ActionId != "aws:s3:bucket-pause-replication" || action.Parameters["duration"] != "PT42M" || action.Parameters["region"] != w.Pair.To(d).Region || action.Parameters["destinationBuckets"] != w.Pair.To(d).Bucket {
						t.Errorf("the action is %+v", action)
					}
					if *template.ExperimentOptions.EmptyTargetResolutionMode != "fail" {
						t.Error("without a target it would do nothing and say nothing")
					}
					checkRole(t, read, wanted.PauseRole(*w, d))
				}
			}
		})
	}
}

// What a template says of how its buckets are tagged is a line for each.
func TestTheTagsOfAPauseAreToBeSet(t *testing.T) {
	for _, w := range worlds() {
		text := drillTerraform(w)
		for _, side := range pair.Sides() {
			if !strings.Contains(text, "--tags Key="+pair.PauseTagKey+",Value="+w.Pair.PauseMark(side)) {
				t.Errorf("nothing says how side %s is tagged", side)
			}
		}
	}
}
