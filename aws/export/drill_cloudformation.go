package export

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// drillCloudFormation writes one template a direction, for the Region of its source.
func drillCloudFormation(w *wanted.Documents) ([]File, error) {
	files := make([]File, 0, len(pair.Directions()))
	for _, d := range pair.Directions() {
		content, err := drillTemplate(w, d)
		if err != nil {
			return nil, fmt.Errorf("write the template of the pause %s: %w", d.Arrow(), err)
		}
		files = append(files, File{drillTemplateName(d), content})
	}
	return files, nil
}

func drillTemplateName(d pair.Direction) string { return "bothways-drill-" + d.Slug() + ".yaml" }

func drillTemplate(w *wanted.Documents, d pair.Direction) (string, error) {
	want := wanted.PauseRole(*w, d)
	role, err := roleResource(want)
	if err != nil {
		return "", err
	}
	drop(role, "DeletionPolicy") // nothing stands on it once the stack is gone
	integer := func(n int) *yaml.Node {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(n)}
	}
	attribute := func(of, name string) *yaml.Node {
		return mapping(member{"Fn::GetAtt", sequence(text(of), text(name))})
	}
	stop := mapping(member{"Fn::If", sequence(text("Stops"),
		mapping(member{"Source", text(alarmSource)}, member{"Value", ref("StopAlarm")}),
		mapping(member{"Source", text("none")}),
	)})
	template := mapping(
		member{"Type", text("AWS::FIS::ExperimentTemplate")},
		member{"Properties", mapping(
			member{"Description", text(pauseTitle(w, d))},
			member{"RoleArn", attribute("Role", "Arn")},
			member{"StopConditions", sequence(stop)},
			member{"Targets", mapping(member{bucketsTarget, mapping(
				member{"ResourceType", text(bucketType)},
				member{"SelectionMode", text("ALL")},
				member{"ResourceTags", mapping(member{pair.PauseTagKey, text(w.Pair.PauseMark(d.From()))})},
			)})},
			member{"Actions", mapping(member{pauseAction, mapping(
				member{"ActionId", text(pauseID)},
				member{"Parameters", mapping(
					member{"duration", mapping(member{"Fn::Sub", text("PT${Minutes}M")})},
					member{"region", text(w.Pair.To(d).Region)},
					member{"destinationBuckets", text(w.Pair.To(d).Bucket)},
				)},
				member{"Targets", mapping(member{"Buckets", text(bucketsTarget)})},
			)})},
			member{"ExperimentOptions", mapping(
				member{"AccountTargeting", text("single-account")},
				member{"EmptyTargetResolutionMode", text("fail")},
			)},
			member{"Tags", mapping(member{"Name", text(pauseTitle(w, d))})},
		)},
	)
	root := mapping(
		member{"AWSTemplateFormatVersion", text("2010-09-09")},
		member{"Description", text("Pause of a two-way replication, " + d.Arrow())},
		member{"Parameters", mapping(
			member{"Minutes", mapping(
				member{"Type", text("Number")}, member{"Default", integer(usualMinutes)}, member{"MinValue", integer(1)}, member{"MaxValue", integer(mostMinutes)},
				member{"Description", text("how long a pause lasts, in whole minutes; AWS FIS ends it by itself")},
			)},
			member{"StopAlarm", mapping(
				member{"Type", text("String")}, member{"Default", text("")},
				member{"Description", text("ARN of a CloudWatch alarm in this Region that ends the pause; empty for none")},
			)},
		)},
		member{"Conditions", mapping(member{"Stops", mapping(member{"Fn::Not", sequence(mapping(member{"Fn::Equals", sequence(ref("StopAlarm"), text(""))}))})})},
		member{"Resources", mapping(member{"Role", role}, member{"Pause", template})},
		member{"Outputs", mapping(member{"Template", mapping(
			member{"Description", text("ID of the experiment template")}, member{"Value", attribute("Pause", "Id")},
		)})},
	)
	if held := dynamicReference(root); held != "" {
		return "", fmt.Errorf("%q is text here, and CloudFormation would take {{resolve:…}} in it for a dynamic reference: export another format, such as drill-terraform", held)
	}
	lines := append(drillHead(w), "", "Deploy each in the Region of its source:")
	for _, one := range pair.Directions() {
		lines = append(lines, "  aws cloudformation deploy --region "+w.Pair.From(one).Region+" --stack-name bothways-drill-"+w.Pair.ID()+"-"+one.Slug()+
			" --template-file "+drillTemplateName(one)+" --capabilities CAPABILITY_NAMED_IAM")
	}
	lines = append(append(lines, ""), scheduleHead()...)
	lines = append(lines,
		"",
		"  PauseMonthly:",
		"    Type: AWS::Scheduler::Schedule",
		"    Properties:",
		"      ScheduleExpression: cron(0 10 ? * TUE#1 *)",
		"      FlexibleTimeWindow: {Mode: \"OFF\"}",
		"      Target:",
		"        Arn: arn:aws:scheduler:::aws-sdk:fis:startExperiment",
		"        RoleArn: ARN of the role that it may take",
		"        Input: !Sub '{\"ClientToken\": \"<aws.scheduler.execution-id>\", \"ExperimentTemplateId\": \"${Pause.Id}\"}'",
	)
	var out strings.Builder
	for _, line := range lines {
		out.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	content, err := encode(root)
	return out.String() + content, err
}
