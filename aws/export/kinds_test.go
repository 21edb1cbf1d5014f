package export

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bothways/aws/replication/step"
)

// writtenAs is what a step of each kind becomes in the languages that describe
// what shall stand, or why it becomes nothing. The script has every step that
// has a line for the AWS CLI.
var writtenAs = map[step.Kind]struct{ terraform, cloudFormation, notBecause string }{
	step.KindBucket:     {`resource "aws_s3_bucket"`, "Type: AWS::S3::Bucket\n", ""},
	step.KindVersioning: {`resource "aws_s3_bucket_versioning"`, "VersioningConfiguration:\n", ""},
	step.KindSettle:     {"", "", "nothing is left of a wait"},
	step.KindRole:       {`resource "aws_iam_role"`, "Type: AWS::IAM::Role\n", ""},
	step.KindRolePolicy: {`resource "aws_iam_role_policy"`, "Type: AWS::IAM::RolePolicy\n", ""},
	step.KindPolicy:     {`resource "aws_s3_bucket_policy"`, "Type: AWS::S3::BucketPolicy\n", ""},
	step.KindRule:       {`resource "aws_s3_bucket_replication_configuration"`, "ReplicationConfiguration:\n", ""},
	step.KindCanary:     {"", "", "nothing is left of a proof"},
	step.KindObjects:    {"", "", "a set-up has none"},
}

func TestEveryKindOfStepIsExportedOrSaidNotToBe(t *testing.T) {
	var terraformed, formed strings.Builder
	for _, w := range worlds() {
		terraformed.WriteString(terraform(w))
		for _, content := range templates(t, w) {
			formed.WriteString(content)
		}
	}
	kinds := kindsOfSteps(t)
	for _, kind := range kinds {
		switch row := writtenAs[kind]; {
		case row.notBecause != "":
		case row.terraform == "" || row.cloudFormation == "":
			t.Errorf("steps of the kind %q are in no export: write them in terraform.go and cloudformation.go and say here as what, or say why not", kind)
		case !strings.Contains(terraformed.String(), row.terraform):
			t.Errorf("no step of the kind %q is written as %s by terraform.go for any of the worlds", kind, row.terraform)
		case !strings.Contains(formed.String(), row.cloudFormation):
			t.Errorf("no step of the kind %q is written as %s by cloudformation.go for any of the worlds", kind, row.cloudFormation)
		}
	}
	for kind := range writtenAs {
		if !slices.Contains(kinds, kind) {
			t.Errorf("no step is of the kind %q", kind)
		}
	}
}

// kindsOfSteps reads which kinds there are where they are declared.
func kindsOfSteps(t *testing.T) []step.Kind {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../replication/step/step.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []step.Kind
	ast.Inspect(file, func(node ast.Node) bool {
		constant, ok := node.(*ast.ValueSpec)
		if !ok || len(constant.Values) != 1 {
			return true
		}
		if of, ok := constant.Type.(*ast.Ident); !ok || of.Name != "Kind" {
			return true
		}
		kind, err := strconv.Unquote(constant.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, step.Kind(kind))
		return true
	})
	return kinds
}
