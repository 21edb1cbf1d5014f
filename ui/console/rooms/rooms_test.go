package rooms

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"bothways/ui/console"
	"bothways/ui/console/host"
)

// A place without a face would end the console where it is gone to.
func TestEveryPlaceHasAFaceAndEveryFaceAPlace(t *testing.T) {
	a := console.New(t.Context(), console.Config{Engines: &host.Engines{}}, All)
	faces := All(a)
	for _, s := range host.Stations() {
		if faces[s.Place] == nil {
			t.Errorf("nothing is drawn at %q", s.Place)
		}
		delete(faces, s.Place)
	}
	for place := range faces {
		t.Errorf("%q is not in the table of the places", place)
	}
}

// A place that no key leads to might as well not be there.
func TestEveryPlaceIsGoneToFromSomewhere(t *testing.T) {
	names, goneTo := map[string]string{}, map[string]bool{}
	err := filepath.WalkDir("..", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.ValueSpec: // such as: Where Place = "where"
				if kind, ok := node.Type.(*ast.Ident); ok && kind.Name == "Place" && len(node.Values) == 1 {
					names[strings.Trim(node.Values[0].(*ast.BasicLit).Value, `"`)] = node.Names[0].Name
				}
			case *ast.CallExpr:
				if called, ok := node.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "GoTo" {
					switch to := node.Args[0].(type) {
					case *ast.Ident:
						goneTo[to.Name] = true
					case *ast.SelectorExpr:
						goneTo[to.Sel.Name] = true
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range host.Stations() {
		name := names[string(s.Place)]
		if name == "" {
			t.Errorf("%q is none of the places of host/place.go", s.Place)
		} else if !goneTo[name] {
			t.Errorf("nothing goes to host.%s: bind a key of a screen to it", name)
		}
		delete(names, string(s.Place))
	}
	for _, name := range names {
		t.Errorf("host.%s has no row in Stations", name)
	}
}
