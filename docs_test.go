package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"bothways/aws/export"
	"bothways/probe/report"
)

// Each test that docs/pains.md names has to be there, down to the name of its
// case.
func TestThePainsNameTestsThatExist(t *testing.T) {
	page, err := os.ReadFile("docs/pains.md")
	if err != nil {
		t.Fatal(err)
	}
	sources := testSources(t)
	names := regexp.MustCompile("`(Test[A-Za-z0-9]+)(?:/([^`]+))?`")
	rows := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) != 7 {
			continue
		}
		number, err := strconv.Atoi(strings.TrimSpace(cells[1]))
		if err != nil {
			continue // the head of the table
		}
		rows++
		if number != rows {
			t.Errorf("row %d is numbered %d", rows, number)
		}
		for _, name := range names.FindAllStringSubmatch(cells[5], -1) {
			if !strings.Contains(sources, "func "+name[1]+"(t *testing.T)") {
				t.Errorf("row %d names %s, which does not exist", number, name[1])
			}
			if name[2] != "" && !strings.Contains(sources, strconv.Quote(name[2])) {
				t.Errorf("row %d names the case %q, which does not exist", number, name[2])
			}
		}
	}
	if rows < 25 {
		t.Errorf("there are %d pains", rows)
	}
}

// Each flag that the pages for people name has to be one of the program.
func TestThePagesNameFlagsThatExist(t *testing.T) {
	var defined strings.Builder
	var sources []string
	for _, pattern := range []string{"ui/command/*.go", "ui/command/*/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(found, err)
		}
		sources = append(sources, found...)
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		defined.Write(text)
	}
	// of the AWS CLI, and of every command
	others := map[string]bool{"endpoint-url": true, "help": true, "profile": true}
	for name, page := range pages(t) {
		if name == "docs/pains.md" { // it speaks of other tools, too
			continue
		}
		for _, flag := range regexp.MustCompile(`[ `+"`"+`(]--([a-z][a-z0-9-]*)`).FindAllStringSubmatch(page, -1) {
			if !others[flag[1]] && !regexp.MustCompile(`(VarP?\([^"]*|name: )"`+flag[1]+`",`).MatchString(defined.String()) {
				t.Errorf("%s: there is no --%s", name, flag[1])
			}
		}
	}
}

// A link of one page for people leads to another that is there, and to a heading
// that it has.
func TestThePagesLinkToWhatIsThere(t *testing.T) {
	all, links := pages(t), 0
	for name, page := range all {
		for _, link := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(page, -1) {
			target, fragment, _ := strings.Cut(link[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			links++
			file := name
			if target != "" {
				file = filepath.Join(filepath.Dir(name), target)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s links to %s, which is not there", name, link[1])
			}
			if fragment != "" && !headings(all[file])[fragment] {
				t.Errorf("%s links to %s, and there is no such heading", name, link[1])
			}
		}
	}
	if links < 20 {
		t.Errorf("there are %d links", links)
	}
}

// pages are those for people, by their paths.
func pages(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, name := range append(names, "README.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	return texts
}

// headings are a page's, as links name them.
func headings(page string) map[string]bool {
	all := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(page, -1) {
		words := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		all[strings.ReplaceAll(words, " ", "-")] = true
	}
	return all
}

// The README and the guide list the formats that there are.
func TestTheReadmeAndTheGuideListEveryFormat(t *testing.T) {
	page := pages(t)["README.md"] + pages(t)["docs/guide.md"]
	var saved []string
	for _, kind := range report.Kinds() {
		if kind.Extension != "" {
			saved = append(saved, kind.Title)
		}
	}
	last := len(saved) - 1
	for _, text := range []string{
		"bothways report  [RUN…] --format " + listed(report.Formats()) + " ",
		"bothways compare BEFORE[,BEFORE…] AFTER[,AFTER…] [--format " + listed(report.ComparisonFormats()) + "]",
		"--format " + listed(export.Formats()) + " ",
		"saves what was measured as " + strings.Join(saved[:last], ", ") + " and " + saved[last] + " ",
	} {
		if !strings.Contains(page, text) {
			t.Errorf("it does not say %q", text)
		}
	}
}

func listed[T ~string](names []T) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return strings.Join(texts, "|")
}

// Each test and benchmark that CONTRIBUTING.md says how to run has to be in the
// package that it names.
func TestThePageForContributorsRunsTestsThatExist(t *testing.T) {
	page, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	runs := regexp.MustCompile("go test (?:-run '\\^\\$' )?-(run|bench) (\\w+) [^`]*?(\\./[a-z/]+)`").FindAllStringSubmatch(string(page), -1)
	for _, run := range runs {
		kind := map[string]string{"run": "Test", "bench": "Benchmark"}[run[1]]
		sources, err := filepath.Glob(run[3] + "/*_test.go")
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, source := range sources {
			text, err := os.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			found = found || regexp.MustCompile(`func `+kind+`\w*`+run[2]).Match(text)
		}
		if !found {
			t.Errorf("%s has no %s of the name %s", run[3], kind, run[2])
		}
	}
	if len(runs) < 7 {
		t.Errorf("%d runs were read", len(runs))
	}
}

func testSources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
