package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What a set-up makes stands in the README, and what it does beside others in the
// guide: a new kind of step must not turn them into half the truth.
func TestTheReadmeAndTheGuideSayWhatEveryKindOfStepMakes(t *testing.T) {
	says := map[string]string{
		"bucket": "the two buckets", "versioning": "versioning, switched on", "settle": "", // it waits
		"role": "two roles with one inline policy", "role-policy": "one inline policy of ours", "policy": "our statements join their bucket policy",
		"rule": "one replication rule on each bucket", "canary": "canaries and probe objects", "objects": "", // it removes those
	}
	page := squeezed(t, "README.md") + " " + squeezed(t, "docs/guide.md")
	file, err := parser.ParseFile(token.NewFileSet(), "aws/replication/step/step.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Kind") {
			return true
		}
		kind, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		kinds++
		if words, known := says[kind]; !known || !strings.Contains(page, words) {
			t.Errorf("steps of the kind %s: let the README's table of what is made or the guide say it, in these words: %q", kind, words)
		}
		return true
	})
	if kinds != len(says) {
		t.Errorf("%d kinds of steps, and words for %d", kinds, len(says))
	}
}

// The map for contributors has each folder with code, but for the sandbox's rooms
// and helpers of tests.
func TestEveryFolderIsOnTheMap(t *testing.T) {
	page, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```\n")
	drawn, _, _ := strings.Cut(rest, "\n```")
	onMap := map[string]bool{}
	var within []string
	for line := range strings.Lines(drawn) {
		name := strings.TrimLeft(line, " ")
		depth := (len(line) - len(name)) / 2
		if folder, _, is := strings.Cut(strings.Fields(name)[0], "/"); is && depth <= len(within) {
			within = append(within[:depth:depth], folder)
			onMap[strings.Join(within, "/")] = true
		}
	}
	missing := map[string]bool{}
	forEachGoFile(t, func(file string, _ []string) {
		folder := path.Dir(file)
		if folder != "." && !onMap[folder] && !strings.HasPrefix(folder, "aws/sandbox/") && !strings.HasPrefix(folder, ".") && !strings.HasSuffix(folder, "test") {
			missing[folder] = true
		}
	})
	if len(missing) > 0 || len(onMap) < 40 {
		t.Errorf("the map of CONTRIBUTING.md has %d folders and lacks %v", len(onMap), slices.Sorted(maps.Keys(missing)))
	}
}

// Each module that is asked for has its reason.
func TestEveryModuleHasItsReason(t *testing.T) {
	module, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page := squeezed(t, "CONTRIBUTING.md")
	version := regexp.MustCompile(`^v[0-9]+$`)
	found := 0
	for line := range strings.Lines(string(module)) {
		words := strings.Fields(line)
		if len(words) != 2 || !strings.HasPrefix(words[1], "v") || !strings.Contains(words[0], "/") {
			continue // indirect ones have a comment
		}
		found++
		name := path.Base(words[0])
		if version.MatchString(name) {
			name = path.Base(path.Dir(words[0]))
		}
		named := regexp.MustCompile("`([^`]*/)?" + regexp.QuoteMeta(name) + "(/v[0-9]+)?`")
		if !named.MatchString(page) {
			t.Errorf("CONTRIBUTING's table of dependencies lacks %s", words[0])
		}
	}
	if found == 0 {
		t.Error("go.mod asks for nothing")
	}
}

func squeezed(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}
