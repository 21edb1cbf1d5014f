package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
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
	if rows != 25 {
		t.Errorf("there are %d pains", rows)
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
