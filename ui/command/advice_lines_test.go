package command_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// lineMakers are the functions that make a line to paste which calls bothways for
// a pair, and the tests that run it.
var lineMakers = map[string]string{
	"line":           "TestWhatIsAdvisedChangesNoRuleThatStands, and those below",
	"script":         "TestTheScriptsLastLineProvesAndChangesNothing",
	"GoOn":           "TestTheLineThatAnAuditEndsWithPutsRightWhatItFound: the same words as the backfill of line",
	"destroyCommand": "TestTheDestroyCommandIsQuotedForAShell: the same words as the destroy of line",
	"open":           "none: it has no pair, but REGION/BUCKET",
}

// A new place that puts a line together has to say what runs it.
func TestEveryLineThatCallsBothwaysIsRun(t *testing.T) {
	pasted := regexp.MustCompile(`bothways [a-z]+ +--a `)
	found := map[string]bool{}
	for _, root := range []string{"../../ui", "../../aws", "../../probe"} {
		err := filepath.WalkDir(root, func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			files := token.NewFileSet()
			parsed, err := parser.ParseFile(files, name, nil, 0)
			if err != nil {
				return err
			}
			for _, declared := range parsed.Decls {
				function, is := declared.(*ast.FuncDecl)
				if !is {
					continue
				}
				ast.Inspect(function, func(n ast.Node) bool {
					if text, is := n.(*ast.BasicLit); is && pasted.MatchString(text.Value) || strings.HasPrefix(name, "../../ui") && isLine(n) {
						found[function.Name.Name] = true
					}
					return true
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	known := slices.Sorted(maps.Keys(lineMakers))
	if made := slices.Sorted(maps.Keys(found)); !slices.Equal(made, known) {
		t.Errorf("lines are made by %v; what runs them is said of %v", made, known)
	}
}

// isLine says whether a list of words begins a call of bothways.
func isLine(n ast.Node) bool {
	list, is := n.(*ast.CompositeLit)
	if !is || len(list.Elts) == 0 {
		return false
	}
	word, is := list.Elts[0].(*ast.BasicLit)
	return is && word.Value == `"bothways"`
}

// The line that takes a pair down again finds all that was made, also for
// somebody who knows nothing of the run that made it.
func TestTheLineThatApplyEndsWithTakesAllDown(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "40")
	made := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair, []string{"--prefix", "logs/", "--role-prefix", "team-", "--role-path", "/of/us/"})...)
	if made.code != 0 {
		t.Fatalf("apply exits %d: %s", made.code, made.stderr)
	}
	if r := u.stranger(t).run(t, advised(t, made.stderr, "destroy")...); r.code != 0 {
		t.Fatalf("what apply ends with exits %d: %s", r.code, r.stderr)
	}
	if left := u.rolesNamed(t, "team-"); len(left) > 0 {
		t.Errorf("these roles are left: %v", left)
	}
}

// rolesNamed are the roles whose names begin so.
func (u *user) rolesNamed(t *testing.T, prefix string) (names []string) {
	t.Helper()
	out, err := iam.NewFromConfig(u.config(t, "eu-west-1")).ListRoles(t.Context(), &iam.ListRolesInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range out.Roles {
		if strings.HasPrefix(*role.RoleName, prefix) {
			names = append(names, *role.RoleName)
		}
	}
	return names
}

// What an exported script says last proves the pair, and keeps its rules as the
// script has made them.
func TestTheScriptsLastLineProvesAndChangesNothing(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "40")
	options := []string{"--prefix", "logs/", "--no-delete-markers", "--storage-class", "STANDARD_IA"}
	exported := u.run(t, slices.Concat([]string{"export", "--format", "cli"}, thePair, options)...)
	if exported.code != 0 {
		t.Fatalf("export exits %d: %s", exported.code, exported.stderr)
	}
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair, options)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	before := u.ruleOf(t, thePair[1]) + u.ruleOf(t, thePair[3])
	if r := u.stranger(t).run(t, advised(t, exported.stdout, "doctor")...); r.code != 0 {
		t.Errorf("it exits %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if now := u.ruleOf(t, thePair[1]) + u.ruleOf(t, thePair[3]); now != before {
		t.Errorf("the rules were\n%s\nand are\n%s", before, now)
	}
}

// What is advised of a private sandbox stays in one.
func TestALineOfASandboxDoesNotLeadToAWS(t *testing.T) {
	t.Parallel()
	r := newUser(t).run(t, slices.Concat([]string{"doctor", "--sandbox"}, thePair)...)
	if r.code != 1 || !slices.Contains(advised(t, r.stderr, "apply"), "--sandbox") {
		t.Errorf("it exits %d: %s", r.code, r.stderr)
	}
}
