package export

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/hashicorp/hcl/v2"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// ignored are the attributes of a resource that Terraform leaves as they are,
// such as tags or tags["x"].
func ignored(t *testing.T, text, kind, name string) []string {
	t.Helper()
	var names []string
	for _, b := range find(t, parsed(t, text), "resource", kind, name).Blocks {
		if b.Type != "lifecycle" || b.Body.Attributes["ignore_changes"] == nil {
			continue
		}
		for _, traversal := range b.Body.Attributes["ignore_changes"].Expr.Variables() {
			attribute := traversal.RootName()
			for _, part := range traversal[1:] {
				attribute += `["` + part.(hcl.TraverseIndex).Key.AsString() + `"]`
			}
			names = append(names, attribute)
		}
	}
	return names
}

// Importing a pair that stands changes nothing about it, and what its canaries
// proved stays noted.
func TestAnImportLeavesWhatWasProvenAsItStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, demo())
		apply(t, planned(t, l.world))
		standing := planned(t, l.world)
		if standing.Changes() > 0 {
			t.Fatalf("%d changes are left", standing.Changes())
		}
		text := terraform(standing.Wanted)
		for side, content := range templates(t, standing.Wanted) {
			d := outwards(side)
			direction := standing.Wanted.Directions[d]
			out, err := l.world.Clients(side).IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: &direction.RoleName})
			if err != nil {
				t.Fatal(err)
			}
			stands := survey.TagsOf(out.Role)
			if stands[pair.ProvenTagKey] == "" {
				t.Fatalf("nothing is noted on role %s", direction.RoleName)
			}
			written := map[string]string{}
			role := find(t, parsed(t, text), "resource", "aws_iam_role", directionLabel(d))
			tags, problems := role.Attributes["tags"].Expr.Value(nil)
			if problems.HasErrors() {
				t.Fatal(problems)
			}
			for key, value := range tags.AsValueMap() {
				written[key] = value.AsString()
			}
			if !slices.Equal(ignored(t, text, "aws_iam_role", directionLabel(d)), []string{`tags["` + pair.ProvenTagKey + `"]`}) {
				t.Errorf("Terraform ignores %v", ignored(t, text, "aws_iam_role", directionLabel(d)))
			}
			if written[pair.ProvenTagKey] != "" {
				t.Error("Terraform would note a proof on a role that it makes")
			}
			written[pair.ProvenTagKey] = stands[pair.ProvenTagKey] // as Terraform leaves it
			if !maps.Equal(written, stands) {
				t.Errorf("Terraform writes %v where %v stands", written, stands)
			}
			made, err := stack(t, content, "yes").GetIAMRoleWithName("Role")
			if err != nil {
				t.Fatal(err)
			}
			written = map[string]string{}
			for _, tag := range made.Tags {
				written[tag.Key] = tag.Value
			}
			if !maps.Equal(written, stands) {
				t.Errorf("CloudFormation writes %v where %v stands", written, stands)
			}
		}
	})
}

// What is not there yet was never proven.
func TestAnExportNotesNoProofOfWhatIsNotThere(t *testing.T) {
	l := newLab(t, demo())
	w := planned(t, l.world).Wanted
	for _, content := range templates(t, w) {
		if strings.Contains(content, pair.ProvenTagKey) {
			t.Error("a template notes a proof on a role that it makes")
		}
	}
}

// On a role of others the proof is in our policy.
func TestAnImportLeavesOurPolicyOnARoleOfOthersAsItStands(t *testing.T) {
	const proof = "0123456789abcdef"
	w := worlds()["buckets and rules of others"]
	for _, d := range pair.Directions() {
		direction := w.Directions[d]
		direction.PolicyName, direction.PolicyWritten, direction.Proven = "ours", true, proof
		direction.Policy = `{"Version":"2012-10-17","Statement":[{"Sid":"Source","Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}`
		w.Directions[d] = direction
	}
	text := terraform(w)
	for side, content := range templates(t, w) {
		if got := ignored(t, text, "aws_iam_role_policy", directionLabel(outwards(side))); !slices.Equal(got, []string{"policy"}) {
			t.Errorf("Terraform ignores %v", got)
		}
		made, err := stack(t, content, "yes").GetIAMRolePolicyWithName("Role")
		if err != nil {
			t.Fatal(err)
		}
		statements := made.PolicyDocument.(map[string]any)["Statement"].([]any)
		if sid := statements[0].(map[string]any)["Sid"]; sid != survey.SourceStatement+"Proven"+proof {
			t.Errorf("CloudFormation names the statement %v", sid)
		}
	}
	if strings.Contains(text, proof) {
		t.Error("Terraform would note a proof in a policy that it makes")
	}
}
