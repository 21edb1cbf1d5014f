// Package export writes a set-up plan, or the pair that stands, in the
// languages of other tools: Terraform, CloudFormation, the AWS CLI, and the
// IAM policy that the person who runs it needs. It reads nothing and changes
// nothing: everything comes from the plan.
package export

import (
	"fmt"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/wanted"
)

// Format is a language to write a plan in.
type Format string

// The formats.
const (
	Terraform      Format = "terraform"
	CloudFormation Format = "cloudformation"
	CLI            Format = "cli"
	Policy         Format = "policy"
	// DrillPolicy is what drills take beside that: both together are longer than IAM
	// lets one policy be.
	DrillPolicy Format = "drill-policy"
	// DrillTerraform and DrillCloudFormation are the pause of a drill as templates of
	// AWS FIS, for those who want it on a schedule.
	DrillTerraform      Format = "drill-terraform"
	DrillCloudFormation Format = "drill-cloudformation"
)

// Formats lists the formats in the order of the help.
func Formats() []Format {
	return []Format{Terraform, CloudFormation, CLI, Policy, DrillPolicy, DrillTerraform, DrillCloudFormation}
}

// ParseFormat reads a format's name.
func ParseFormat(text string) (Format, error) {
	if slices.Contains(Formats(), Format(text)) {
		return Format(text), nil
	}
	if text == "" {
		return "", fmt.Errorf("no format is given: choose one of %s", names())
	}
	return "", fmt.Errorf("%q is not a format: give one of %s", text, names())
}

// File is one file of an export, by a name without a folder.
type File struct{ Name, Content string }

// Files writes a set-up plan in a format. Its error says why the plan cannot
// be written: it is blocked, or it is not for a set-up.
func Files(format Format, plan plan.Plan) ([]File, error) {
	if plan.Wanted == nil {
		return nil, fmt.Errorf("only the plan of a set-up can be exported, not that of a %s", plan.Purpose)
	}
	if blocked := plan.Blocked(); len(blocked) > 0 && format != Policy && format != DrillPolicy {
		return nil, fmt.Errorf("the plan cannot run, so there is nothing to export: %s. %s", blocked[0].Title, blocked[0].Meaning)
	}
	switch format {
	case Terraform:
		return []File{{"bothways.tf", terraform(plan.Wanted)}}, nil
	case CloudFormation:
		return cloudFormation(plan.Wanted)
	case CLI:
		return []File{{"bothways.sh", script(plan)}}, nil
	case DrillPolicy:
		return drillPolicies(plan.Wanted)
	case DrillTerraform:
		return []File{{"bothways-drill.tf", drillTerraform(plan.Wanted)}}, nil
	case DrillCloudFormation:
		return drillCloudFormation(plan.Wanted)
	case Policy:
		return policies(plan.Wanted)
	}
	_, err := ParseFormat(string(format))
	return nil, err
}

func names() string {
	all := make([]string, 0, len(Formats()))
	for _, f := range Formats() {
		all = append(all, string(f))
	}
	return strings.Join(all, ", ")
}

// directionLabel names the resources of a direction: a_to_b.
func directionLabel(d pair.Direction) string { return strings.ReplaceAll(d.Slug(), "-", "_") }

// head is the comment at the beginning of every file that can have one.
func head(w *wanted.Documents, lines ...string) []string {
	return append([]string{
		"Two-way replication between " + oneLine(w.Pair.A.String()) + " and " + oneLine(w.Pair.B.String()) + ",",
		"written by bothways from what it read in AWS. It describes what bothways apply does.",
	}, lines...)
}

// oneLine keeps a text from ending the comment that it stands in.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}
