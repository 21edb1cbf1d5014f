package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// allowed says which folders of the project each folder may import. A folder
// stands for itself and all below it; the longest matching entry counts.
// Imports run one way, from the faces to the engines to the vocabulary, and
// nothing that is not drawn knows that there is a screen.
var allowed = table(`
.: ui/command
ui/command: ui aws probe
ui/command/system:
ui/command/usage: aws/localfile
ui/command/help: ui/command/usage
ui/command/debug: aws/account/httplog aws/localfile aws/pair
ui/command/completion: aws/account aws/journal
ui/command/configured: ui/command/usage ui/command/help ui/config ui/console/widget ui/plain aws/pair probe
ui/command/drilled: ui/command/usage aws/drill/evidence aws/drill/record aws/journal aws/localfile probe/wording
ui/command/sandboxed: ui/command/usage ui/plain aws/account aws/localfile aws/sandbox
ui/console: ui/console/host ui/console/widget aws/session aws/drill/opened aws/pair aws/account aws/apierror probe/wording
ui/console/host: ui/console/widget aws/session aws/audit aws/backfill aws/drill/opened aws/drill/record aws/pair aws/account aws/replication probe/watch
ui/console/choose: ui/console/host ui/console/widget aws/pair aws/account aws/apierror probe/wording
ui/console/change: ui/console/host ui/console/widget aws/session aws/backfill aws/drill/opened aws/pair aws/account aws/apierror aws/replication probe/wording
ui/console/measure: ui/console/host ui/console/widget ui/chart ui/figure ui/runs aws/session aws/pair aws/account aws/apierror aws/journal probe
ui/console/compare: ui/console/host ui/console/widget aws/session aws/audit aws/localfile aws/pair aws/account aws/apierror probe/cost probe/wording
ui/console/rehearse: ui/console/host ui/console/widget aws/session aws/drill/record aws/drill/evidence aws/drill aws/pair aws/apierror probe
ui/console/rooms: ui/console/host ui/console/choose ui/console/compare ui/console/change ui/console/measure ui/console/rehearse
ui/console/widget: ui/console/widget ui/chart aws/pair aws/replication probe/wording
ui/config: aws/localfile
ui/plain: ui/chart aws/audit aws/drill aws/pair aws/account aws/backfill aws/replication aws/journal probe
ui/live: ui/plain aws/audit aws/backfill aws/drill/record aws/pair aws/replication probe
ui/chart: ui/chart
ui/metrics: aws/audit aws/pair probe
ui/figure: ui/chart aws/pair probe
ui/runs: aws/pair aws/drill/record aws/audit aws/journal aws/localfile aws/replication probe
aws/pair:
aws/apierror:
aws/account: aws/account/httplog aws/account/wellformed aws/pair aws/apierror aws/localfile
aws/account/httplog: aws/apierror
aws/account/wellformed:
aws/localfile:
aws/journal: aws/pair aws/localfile
aws/policy:
aws/upload: aws/pair aws/policy
aws/replication:
aws/replication/survey: aws/pair aws/account aws/apierror aws/policy aws/upload
aws/replication/wanted: aws/pair aws/policy aws/upload aws/replication/survey
aws/replication/step: aws/pair aws/account aws/apierror aws/policy aws/upload aws/replication/survey aws/replication/wanted probe/wording
aws/replication/doctor: aws/pair aws/account aws/apierror aws/policy aws/upload aws/replication/survey aws/replication/wanted aws/replication/step probe/wording
aws/replication/plan: aws/pair aws/account aws/apierror aws/policy aws/upload aws/replication/survey aws/replication/wanted aws/replication/step aws/replication/doctor probe/wording
aws/audit/difference: aws/pair
aws/audit: aws/audit aws/pair aws/account aws/apierror aws/journal aws/localfile aws/policy aws/replication/survey aws/replication/wanted aws/replication/doctor probe/cost probe/wording
aws/audit/words: aws/audit/difference aws/pair
aws/audit/inventory/configure: aws/audit/inventory aws/pair aws/account aws/apierror aws/policy aws/replication
aws/backfill: aws/backfill aws/audit aws/pair aws/account aws/apierror aws/journal aws/policy aws/replication probe/cost probe/wording
aws/drill: aws/drill aws/audit aws/pair aws/account aws/apierror aws/journal aws/replication aws/policy aws/upload probe
aws/drill/record: aws/pair
aws/drill/evidence: aws/drill/evidence aws/localfile aws/pair
aws/drill/evidence/evidencetest: aws/drill/evidence aws/drill/record aws/journal aws/pair probe
aws/drill/evidence/trail: aws/drill/record aws/apierror aws/journal aws/pair probe
aws/drill/evidence/figures: aws/drill/evidence/trail aws/drill/record aws/drill/canary aws/drill/objective aws/drill/steady aws/pair probe
aws/drill/evidence/page: aws/drill/evidence/figures aws/drill/record aws/pair probe
aws/drill/canary: aws/drill/record aws/pair probe
aws/drill/cut: aws/drill/record aws/pair
aws/drill/alarm: aws/drill/record aws/drill/standing aws/drill/permitted aws/pair aws/apierror aws/policy aws/replication aws/upload
aws/drill/permitted: aws/drill/record aws/pair aws/replication
aws/drill/told: aws/drill/record aws/pair aws/account
aws/drill/standing: aws/drill/record aws/drill/told aws/pair aws/account aws/apierror aws/replication
aws/drill/opened: aws/drill/record aws/drill/standing aws/pair aws/journal aws/localfile aws/replication probe/wording
aws/drill/pause: aws/drill/permitted aws/drill/record aws/drill/standing aws/pair aws/account aws/apierror aws/replication probe/wording
aws/drill/steady: aws/pair probe
aws/drill/objective: aws/drill/record aws/drill/canary probe/wording
aws/session: aws/pair aws/account aws/apierror aws/audit aws/backfill aws/drill aws/journal aws/localfile aws/replication aws/upload probe
aws/export: aws/pair aws/account aws/policy aws/replication
aws/sandbox: aws/sandbox
aws/sandbox/refusal: aws/sandbox/refusal
aws/sandbox/xmltree:
aws/sandbox/distance:
aws/sandbox/delays: aws/sandbox/distance
aws/sandbox/state:
aws/sandbox/storageclass:
aws/sandbox/tagtext:
aws/sandbox/iam/policy:
aws/sandbox/wire: aws/sandbox/refusal aws/sandbox/xmltree
aws/sandbox/sigv4: aws/sandbox/refusal
aws/sandbox/fault: aws/sandbox/refusal
aws/sandbox/kms: aws/sandbox/iam aws/sandbox/iam/policy aws/sandbox/refusal aws/sandbox/wire
aws/sandbox/iam: aws/sandbox/iam/policy aws/sandbox/refusal aws/sandbox/sigv4 aws/sandbox/wire aws/sandbox/tagtext
aws/sandbox/account: aws/sandbox/distance aws/sandbox/iam aws/sandbox/refusal
aws/sandbox/replicate/rules: aws/sandbox/refusal aws/sandbox/storageclass aws/sandbox/xmltree aws/sandbox/tagtext
aws/sandbox/store: aws/sandbox/iam/policy aws/sandbox/replicate/rules aws/sandbox/state
aws/sandbox/generate: aws/sandbox/distance aws/sandbox/fault aws/sandbox/sigv4 aws/sandbox/storageclass aws/sandbox/store
aws/sandbox/replicate: aws/sandbox/kms aws/sandbox/replicate/rules aws/sandbox/storageclass aws/sandbox/store aws/sandbox/xmltree
aws/sandbox/batch: aws/sandbox/replicate aws/sandbox/state aws/sandbox/storageclass aws/sandbox/store
aws/sandbox/s3control: aws/sandbox/batch aws/sandbox/iam aws/sandbox/refusal aws/sandbox/sigv4 aws/sandbox/storageclass aws/sandbox/store aws/sandbox/tagtext aws/sandbox/wire aws/sandbox/xmltree
aws/sandbox/fis: aws/sandbox/distance aws/sandbox/iam aws/sandbox/refusal aws/sandbox/replicate aws/sandbox/state aws/sandbox/store aws/sandbox/tagtext aws/sandbox/wire
aws/sandbox/notify: aws/sandbox/store aws/sandbox/xmltree
aws/sandbox/inventory: aws/sandbox/iam aws/sandbox/iam/policy aws/sandbox/notify aws/sandbox/replicate aws/sandbox/store aws/sandbox/xmltree
aws/sandbox/cloudwatch: aws/sandbox/iam aws/sandbox/refusal aws/sandbox/replicate aws/sandbox/state aws/sandbox/wire
aws/sandbox/s3/form: aws/sandbox/refusal
aws/sandbox/s3/request: aws/sandbox/iam aws/sandbox/inventory aws/sandbox/kms aws/sandbox/notify aws/sandbox/refusal aws/sandbox/replicate aws/sandbox/s3/form aws/sandbox/sigv4 aws/sandbox/store aws/sandbox/xmltree aws/sandbox/tagtext
aws/sandbox/s3/checksum: aws/sandbox/s3/request aws/sandbox/sigv4 aws/sandbox/store
aws/sandbox/s3/buckets: aws/sandbox/distance aws/sandbox/iam aws/sandbox/iam/policy aws/sandbox/inventory aws/sandbox/refusal aws/sandbox/replicate/rules aws/sandbox/s3/request aws/sandbox/store aws/sandbox/xmltree
aws/sandbox/s3/objects: aws/sandbox/kms aws/sandbox/refusal aws/sandbox/s3/buckets aws/sandbox/s3/checksum aws/sandbox/s3/form aws/sandbox/s3/request aws/sandbox/sigv4 aws/sandbox/storageclass aws/sandbox/store aws/sandbox/xmltree
aws/sandbox/s3/multipart: aws/sandbox/refusal aws/sandbox/s3/checksum aws/sandbox/s3/objects aws/sandbox/s3/request aws/sandbox/sigv4 aws/sandbox/store aws/sandbox/xmltree
aws/sandbox/s3: aws/sandbox/refusal aws/sandbox/sigv4 aws/sandbox/s3
probe: aws/account/httplog aws/pair aws/apierror aws/upload probe/polling probe/cost probe/body probe/wording
probe/polling: aws/pair
probe/cost: aws/pair probe/polling probe/body
probe/body:
probe/wording:
probe/stats: aws/pair probe
probe/watch: aws/pair probe
probe/report: aws/pair aws/apierror aws/journal probe
`)

// onlyIn lists outside modules that some folders alone may import.
var onlyIn = map[string][]string{
	"charm.land/bubbles":   {"ui/console/widget", "ui/live"},
	"charm.land/bubbletea": {"ui/console"},
	"charm.land/lipgloss":  {"ui"},
	"github.com/hashicorp": {"aws/export"},
	"github.com/spf13":     {"ui/command"},
	"github.com/aws":       {"aws", "probe", "ui/command"},
}

// pure lists folders whose code only computes: the same arguments give the same
// result, at any time and on any computer. It imports pure code only; beside a
// folder stands what else it may take types and functions from.
var pure = map[string][]string{
	"aws/pair":             {"unicode/utf16"},
	"aws/audit/difference": {},
	"aws/audit/estimate":   {},
	"aws/audit/compare":    {"bothways/aws/audit/draw"},
	"aws/audit/keyspace":   {},
	"aws/audit/words":      {"github.com/dustin/go-humanize", "github.com/dustin/go-humanize/english"},
	"probe/polling":        {},
	// What should stand is composed of what was read, in the types of the SDK.
	"aws/replication/wanted": {
		"bothways/aws/policy", "bothways/aws/replication/survey", "bothways/aws/upload", "github.com/dustin/go-humanize/english",
		"github.com/aws/aws-sdk-go-v2/aws", "github.com/aws/aws-sdk-go-v2/service/s3/types",
	},
	"probe/stats/turnbull": {},
	"probe/wording":        {"github.com/dustin/go-humanize/english"},
	"ui/chart":             {"charm.land/lipgloss/v2"},
}

// The standard library's packages that pure code may use, and of some of them
// only the names given.
var computing = map[string][]string{
	"bytes": nil, "cmp": nil, "crypto/sha256": nil, "encoding/base32": nil, "encoding/hex": nil, "encoding/json": nil, "encoding/xml": nil, "errors": nil,
	"fmt": nil, "html": nil, "iter": nil, "maps": nil, "math": nil, "math/big": nil, "math/bits": nil, "net/netip": nil, "net/url": nil,
	"reflect": nil, "regexp": nil, "slices": nil, "sort": nil, "strconv": nil, "strings": nil, "sync": nil, "unicode": nil, "unicode/utf8": nil,
	"io":           {"Writer", "WriteString"}, // to whom the caller gives one
	"math/rand/v2": {"New", "NewPCG", "Rand"}, // with a seed
	"time":         nil,
}

// impure are what those packages have that is no computing.
var impure = map[string][]string{
	"fmt":  {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation"},
}

func TestPureCodeOnlyComputes(t *testing.T) {
	found := map[string]bool{}
	forEachGoFile(t, func(file string, imports []string) {
		modules, listed := pure[path.Dir(file)]
		if !listed || strings.HasSuffix(file, "_test.go") {
			return
		}
		found[path.Dir(file)] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range imports {
			_, computes := computing[imported]
			_, inside := pure[strings.TrimPrefix(imported, "bothways/")]
			if !computes && !inside && !slices.Contains(modules, imported) {
				t.Errorf("%s imports %s: code of %s only computes", file, imported, path.Dir(file))
			}
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			selector, ok := node.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			from, ok := selector.X.(*ast.Ident)
			if !ok {
				return true
			}
			for _, imported := range imports {
				only := computing[imported]
				if from.Name != packageName(imported) || from.Obj != nil {
					continue
				}
				if slices.Contains(impure[imported], selector.Sel.Name) || only != nil && !slices.Contains(only, selector.Sel.Name) {
					t.Errorf("%s uses %s.%s: code of %s only computes", file, from.Name, selector.Sel.Name, path.Dir(file))
				}
			}
			return true
		})
	})
	for folder := range pure {
		if !found[folder] {
			t.Errorf("there is no code in %s", folder)
		}
	}
}

// What a package compiles while it is initialised costs every start of the
// program, whatever it goes on to do.
func TestNothingIsCompiledBeforeItIsUsed(t *testing.T) {
	forEachGoFile(t, func(file string, _ []string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range parsed.Decls {
			variables, ok := declaration.(*ast.GenDecl)
			if !ok {
				continue
			}
			ast.Inspect(variables, func(node ast.Node) bool {
				if selector, ok := node.(*ast.SelectorExpr); ok && (selector.Sel.Name == "MustCompile" || selector.Sel.Name == "Must") {
					t.Errorf("%s: %s at the start: use sync.OnceValue", file, selector.Sel.Name)
				}
				_, later := node.(*ast.FuncLit)
				return !later
			})
		}
	})
}

// packageName is that of an import path; the last part, without a version.
func packageName(imported string) string {
	if base := path.Base(imported); len(base) < 2 || base[0] != 'v' || base[1] < '0' || base[1] > '9' {
		return base
	}
	return path.Base(path.Dir(imported))
}

// table reads lines of "folder: folder folder".
func table(lines string) map[string][]string {
	rows := map[string][]string{}
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		folder, rest, _ := strings.Cut(line, ":")
		rows[folder] = strings.Fields(rest)
	}
	return rows
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

// TestRoomsAndFilesStaySmall holds what a reader can take in at a glance: a
// folder of some twenty-five files, a file of four hundred lines.
func TestRoomsAndFilesStaySmall(t *testing.T) {
	const mostFiles, mostLines = 26, 400
	files := map[string]int{}
	forEachGoFile(t, func(file string, _ []string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		files[path.Dir(file)]++
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(string(text), "\n"); lines > mostLines {
			t.Errorf("%s has %d lines: split it by concern", file, lines)
		}
	})
	for folder, n := range files {
		if n > mostFiles {
			t.Errorf("%s has %d files: cut it into rooms", folder, n)
		}
	}
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
