package doctor

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

// A cause that is not in the list would be told before all others.
func TestEveryCauseHasItsPlaceAmongTheCauses(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "diagnosis.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if !is {
			return true
		}
		if kind, is := spec.Type.(*ast.Ident); !is || kind.Name != "Cause" {
			return true
		}
		named++
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil || !slices.Contains(causes, Cause(value)) {
			t.Errorf("%s is not among the causes, %v", spec.Names[0].Name, err)
		}
		return true
	})
	if named == 0 || named != len(causes) {
		t.Errorf("%d causes are named, %d are listed", named, len(causes))
	}
}
