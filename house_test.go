package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// allowed says which folders of the project each folder may import. A folder
// stands for itself and all below it; the longest matching entry counts.
// Imports run one way, from the faces to the engines to the vocabulary, and
// nothing that is not drawn knows that there is a screen.
var allowed = map[string][]string{
	".":               {"ui/command"},
	"ui/command":      {"ui", "aws", "probe"},
	"ui/console":      {"ui/console", "ui/chart", "ui/figure", "ui/runs", "aws/pair", "aws/account", "aws/apierror", "aws/replication", "aws/journal", "probe"},
	"ui/plain":        {"ui/chart", "aws/pair", "aws/account", "aws/replication", "aws/journal", "probe"},
	"ui/chart":        {"ui/chart"},
	"ui/metrics":      {"aws/pair", "probe"},
	"ui/figure":       {"ui/chart", "aws/pair", "probe"},
	"ui/runs":         {"aws/pair", "aws/journal", "aws/replication", "probe"},
	"aws/pair":        {},
	"aws/apierror":    {},
	"aws/account":     {"aws/pair", "aws/apierror"},
	"aws/journal":     {"aws/pair"},
	"aws/policy":      {},
	"aws/replication": {"aws/pair", "aws/account", "aws/apierror", "aws/policy"},
	"aws/export":      {"aws/pair", "aws/replication"},
	"aws/sandbox":     {"aws/sandbox"}, // shares no code with the clients, so that their agreement is evidence
	"probe":           {"aws/pair", "aws/apierror", "probe"},
}

// onlyIn lists outside modules that some folders alone may import.
var onlyIn = map[string][]string{
	"charm.land/bubbletea": {"ui/console"},
	"charm.land/lipgloss":  {"ui"},
	"github.com/hashicorp": {"aws/export"},
	"github.com/spf13":     {"ui/command"},
	"github.com/aws":       {"aws", "probe", "ui/command"},
}

func TestImportsRunOneWay(t *testing.T) {
	forEachGoFile(t, func(file string, imports []string) {
		if strings.HasSuffix(file, "_test.go") {
			return // tests may put the sandbox behind any client
		}
		folder := path.Dir(file)
		rules, known := rulesOf(folder)
		if !known {
			t.Errorf("%s: folder %s has no place in the house: add it to the table with what it may import", file, folder)
		}
		for _, imported := range imports {
			if inside, ok := strings.CutPrefix(imported, "bothways/"); ok && !within(inside, rules) {
				t.Errorf("%s imports %s, against the arrows", file, imported)
			}
			for module, homes := range onlyIn {
				if strings.HasPrefix(imported, module) && !within(folder, homes) {
					t.Errorf("%s imports %s, which only %s may", file, imported, homes)
				}
			}
			if strings.HasPrefix(imported, "github.com/aws") && within(folder, []string{"aws/sandbox"}) {
				t.Errorf("%s imports %s: the sandbox shares no code with the clients", file, imported)
			}
		}
	})
}

func rulesOf(folder string) ([]string, bool) {
	best, known := "", false
	for entry := range allowed {
		if (folder == entry || strings.HasPrefix(folder, entry+"/")) && len(entry) > len(best) {
			best, known = entry, true
		}
	}
	return allowed[best], known
}

func within(folder string, entries []string) bool {
	for _, e := range entries {
		if folder == e || strings.HasPrefix(folder, e+"/") {
			return true
		}
	}
	return false
}

func forEachGoFile(t *testing.T, visit func(file string, imports []string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && file != "." && strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(file, ".go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, i := range parsed.Imports {
			imports = append(imports, strings.Trim(i.Path.Value, `"`))
		}
		visit(filepath.ToSlash(file), imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
