package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// cloudFormation writes one template a region. Side A is deployed first
// without its rule, side B with its rule, and side A again with its rule: a
// bucket's replication is a property of the bucket in CloudFormation, so one
// template could not hold both without a cycle.
func cloudFormation(w *wanted.Documents) ([]File, error) {
	files := make([]File, 0, len(pair.Sides()))
	for _, name := range pair.Sides() {
		content, err := template(w, name)
		if err != nil {
			return nil, fmt.Errorf("write the template of side %s: %w", name, err)
		}
		files = append(files, File{templateName(name), content})
	}
	return files, nil
}

func templateName(name pair.SideName) string { return "bothways-" + name.Slug() + ".yaml" }

func stackName(w *wanted.Documents, name pair.SideName) string {
	return "bothways-" + w.Pair.ID() + "-" + name.Slug()
}

// outwards is the direction that starts at a side: its role and its rule are
// in that side's template.
func outwards(name pair.SideName) pair.Direction { return wanted.Incoming(name.Other()) }

func template(w *wanted.Documents, name pair.SideName) (string, error) {
	d := outwards(name)
	resources := mapping()
	add := func(id string, node *yaml.Node, err error) error {
		if err == nil && node != nil {
			resources.Content = append(resources.Content, text(id), node)
		}
		return err
	}
	role, err := roleResource(w.Directions[d])
	if err := add("Role", role, err); err != nil {
		return "", err
	}
	policy, err := policyResource(w.Sides[name].Policy)
	if err := add("BucketPolicy", policy, err); err != nil {
		return "", err
	}
	if err := add("Bucket", bucketResource(w, name), nil); err != nil {
		return "", err
	}
	root := mapping(
		member{"AWSTemplateFormatVersion", text("2010-09-09")},
		member{"Description", text("Side " + string(name) + " of a two-way replication, " + d.Arrow())},
		member{"Parameters", mapping(member{"Replicate", mapping(
			member{"Type", text("String")},
			member{"AllowedValues", sequence(text("yes"), text("no"))},
			member{"Default", text("yes")},
			member{"Description", text("no while the other side's bucket is not there yet")},
		)})},
		member{"Conditions", mapping(member{"Replicating", mapping(member{"Fn::Equals", sequence(ref("Replicate"), text("yes"))})})},
		member{"Resources", resources},
	)
	if held := dynamicReference(root); held != "" {
		return "", fmt.Errorf("%q is text here, and CloudFormation would take {{resolve:…}} in it for a dynamic reference, which it replaces and which no escape keeps as it is: export another format, such as terraform or cli", held)
	}
	var out strings.Builder
	for _, line := range templateHead(w, name) {
		out.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	content, err := encode(root)
	return out.String() + content, err
}

// templateHead says how to deploy both templates, and what CloudFormation
// does about what stands already.
func templateHead(w *wanted.Documents, name pair.SideName) []string {
	deploy := func(side pair.SideName, replicate string) string {
		return "  aws cloudformation deploy --region " + w.Pair.Side(side).Region + " --stack-name " + stackName(w, side) +
			" --template-file " + templateName(side) + " --capabilities CAPABILITY_NAMED_IAM --parameter-overrides Replicate=" + replicate
	}
	lines := head(w, "", "Deploy in this order:", deploy(pair.A, "no"), deploy(pair.B, "yes"), deploy(pair.A, "yes"))
	side, direction := w.Sides[name], w.Directions[outwards(name)]
	var stands []string
	if !side.Makes {
		stands = append(stands, "the bucket")
	}
	if direction.Own && direction.RoleStands {
		stands = append(stands, "the role")
	}
	if side.Policy != "" && side.PolicyStands {
		stands = append(stands, "the bucket policy")
	}
	if len(stands) == 0 {
		return lines
	}
	return append(lines, "",
		"Standing already: "+strings.Join(stands, ", ")+". CloudFormation does not take over what it did not make by",
		"deploying: import it first (aws cloudformation create-change-set --change-set-type IMPORT",
		"--resources-to-import …), and read the change set before you execute it. Retain keeps all of",
		"it when a stack is deleted.")
}

func bucketResource(w *wanted.Documents, name pair.SideName) *yaml.Node {
	want, direction := w.Sides[name], w.Directions[outwards(name)]
	var needs *yaml.Node
	if direction.Policy != "" {
		needs = sequence(text("Role"))
	}
	bucketName, namespace := member{"BucketName", text(w.Pair.Side(name).Bucket)}, member{}
	if account, region, regional := pair.RegionalName(w.Pair.Side(name).Bucket); regional {
		// The account and the region are added by CloudFormation.
		prefix := strings.TrimSuffix(w.Pair.Side(name).Bucket, "-"+account+"-"+region+"-an")
		bucketName, namespace = member{"BucketNamePrefix", text(prefix)}, member{"BucketNamespace", text("account-regional")}
	}
	var tags, locked *yaml.Node
	if want.Made {
		tags = tagList(want.Tags)
	}
	if want.Locked {
		locked = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"}
	}
	return mapping(
		member{"Type", text("AWS::S3::Bucket")},
		member{"DeletionPolicy", text("Retain")},
		member{"UpdateReplacePolicy", text("Retain")},
		member{"DependsOn", needs},
		member{"Properties", mapping(
			bucketName,
			namespace,
			member{"VersioningConfiguration", mapping(member{"Status", text("Enabled")})},
			member{"ObjectLockEnabled", locked},
			member{"Tags", tags},
			member{"ReplicationConfiguration", when("Replicating", configuration(direction.Configuration))},
		)},
	)
}

// roleResource is our role, or our policy on a role that others made, or
// nothing where a role is used as it is.
func roleResource(direction wanted.Direction) (*yaml.Node, error) {
	if direction.Policy == "" {
		return nil, nil
	}
	written := direction.Policy
	if !direction.Own && direction.Proven != "" {
		written = survey.WithProof(written, direction.Proven)
	}
	policy, err := document(written)
	if err != nil {
		return nil, err
	}
	named := []member{{"PolicyName", text(direction.PolicyName)}, {"PolicyDocument", policy}}
	if !direction.Own {
		return mapping(
			member{"Type", text("AWS::IAM::RolePolicy")},
			member{"Properties", mapping(append([]member{{"RoleName", text(direction.RoleName)}}, named...)...)},
		), nil
	}
	trust, err := document(direction.Trust)
	if err != nil {
		return nil, err
	}
	var boundary *yaml.Node
	if direction.RoleBoundary != "" {
		boundary = text(direction.RoleBoundary)
	}
	return mapping(
		member{"Type", text("AWS::IAM::Role")},
		member{"DeletionPolicy", text("Retain")},
		member{"Properties", mapping(
			member{"RoleName", text(direction.RoleName)},
			member{"Path", text(direction.RolePath)},
			member{"Description", text(direction.RoleDescription)},
			member{"AssumeRolePolicyDocument", trust},
			member{"PermissionsBoundary", boundary},
			member{"Policies", sequence(mapping(named...))},
			member{"Tags", tagList(standingTags(direction))},
		)},
	), nil
}

// standingTags are those of a role of ours, with what a canary proved where that
// stands: CloudFormation takes a resource over as its template says, and can
// leave no tag out of that. A role that is not there has no such tag.
func standingTags(direction wanted.Direction) map[string]string {
	tags := maps.Clone(direction.RoleTags)
	if direction.Proven != "" {
		tags[pair.ProvenTagKey] = direction.Proven
	}
	return tags
}

func policyResource(policy string) (*yaml.Node, error) {
	if policy == "" {
		return nil, nil
	}
	node, err := document(policy)
	if err != nil {
		return nil, err
	}
	return mapping(
		member{"Type", text("AWS::S3::BucketPolicy")},
		// It names the other side's role, and S3 refuses who is not there.
		member{"Condition", text("Replicating")},
		member{"DeletionPolicy", text("Retain")},
		member{"Properties", mapping(member{"Bucket", ref("Bucket")}, member{"PolicyDocument", node})},
	), nil
}

func tagList(tags map[string]string) *yaml.Node {
	if len(tags) == 0 {
		return nil
	}
	node := sequence()
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		node.Content = append(node.Content, mapping(member{"Key", text(key)}, member{"Value", text(tags[key])}))
	}
	return node
}
