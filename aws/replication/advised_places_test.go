package replication_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bothways/aws/replication/doctor"
)

// place is where the doctor makes a line: the pair in which the test above runs
// it, and what is in the line or said of it.
type place struct{ pair, says string }

// places are all functions of the doctor that make a line for the AWS CLI, or a
// change of a rule that becomes one.
var places = map[string]place{
	"account":       {"theirs: a wrong account in the destination", `"Account":"000000000000"`},
	"bucketsThere":  {"new: a region that is off", "is not enabled for account"},
	"encryption":    {"theirs: a key and no opt-in", "leaves objects under KMS out"},
	"grant":         {"theirs: a role without any right", "put-role-policy"},
	"letIn":         {"theirs: a partner's bucket that lets nobody in", "put-bucket-policy"},
	"markers":       {"theirs: delete markers on one side", "does not replicate delete markers"},
	"modifications": {"theirs: replica modification sync on one side", "sync is on for"},
	"ownership":     {"theirs: an owner override inside one account", "gains nothing"},
	"regionsOn":     {"ours: a region that is off for the bucket's account", "has not enabled region"},
	"rewritten":     {"ours: a rule with three faults", "put-bucket-replication"},
	"status":        {"theirs: a disabled rule", "is disabled"},
	"trusted":       {"theirs: a role that trusts another service and a user", "update-assume-role-policy"},
	"versioning":    {"theirs: versioning suspended where replicas go", "put-bucket-versioning"},
}

// everyPlaceIsRun fails the test where a function of the doctor makes a line of
// which none was run.
func everyPlaceIsRun(t *testing.T, ran map[string][]doctor.Trouble) {
	t.Helper()
	makers := makersOfLines(t, "doctor")
	for _, name := range makers {
		at, known := places[name]
		if !known {
			t.Errorf("%s makes a line that no test runs: say in which pair it is printed", name)
			continue
		}
		if !slices.ContainsFunc(ran[at.pair], func(said doctor.Trouble) bool { return strings.Contains(said.Words()+" "+said.CLI, at.says) }) {
			t.Errorf("no line of %s was run for %q that says %q: %v", name, at.pair, at.says, ran[at.pair])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(places)) {
		if !slices.Contains(makers, name) {
			t.Errorf("%s makes no line", name)
		}
	}
}

// makersOfLines names the functions of a folder in which something is made into
// a line for the AWS CLI, or given a mend that becomes one.
func makersOfLines(t *testing.T, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range file.Decls {
			function, is := declared.(*ast.FuncDecl)
			if !is {
				continue
			}
			ast.Inspect(function, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr: // Clients.CLI(service, operation, …)
					if call, is := n.Fun.(*ast.SelectorExpr); is && call.Sel.Name == "CLI" && len(n.Args) > 1 {
						found[function.Name.Name] = true
					}
				case *ast.SelectorExpr: // the line of a step
					if _, of := n.X.(*ast.CallExpr); of && n.Sel.Name == "CLI" {
						found[function.Name.Name] = true
					}
				case *ast.FuncLit: // func(*types.ReplicationRule), a mend
					if params := n.Type.Params.List; len(params) == 1 {
						if star, is := params[0].Type.(*ast.StarExpr); is {
							if of, is := star.X.(*ast.SelectorExpr); is && of.Sel.Name == "ReplicationRule" {
								found[function.Name.Name] = true
							}
						}
					}
				}
				return true
			})
		}
	}
	return slices.Sorted(maps.Keys(found))
}
