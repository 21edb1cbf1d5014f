package sandbox_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bothways/aws/sandbox"
)

// fileNames are the names in a folder, without what is not there.
func fileNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// A log that was cut takes no bytes with it: they are put aside, it is said, and
// with the whole log they are back.
func TestAStateWhoseLinesAreLostKeepsTheBodies(t *testing.T) {
	const objects = 10
	dir := t.TempDir()
	w := again(t, dir)
	w.bucket("here", ireland)
	for i := range objects {
		w.put("here", ireland, fmt.Sprint(i), strings.Repeat("x", 10<<10))
	}
	w.shut()
	text, err := os.ReadFile(filepath.Join(dir, "sandbox.jsonl"))
	must(t, text, err)
	lines := bytes.SplitAfter(text, []byte("\n"))
	half := bytes.Join(lines[:len(lines)/2], nil)
	for name, left := range map[string][]byte{
		"emptied": nil, "in its first line": text[:10], "in the middle of a line": text[:len(half)+10], "at a line's end": half,
		"by its last objects": bytes.Join(lines[:len(lines)-8], nil),
	} {
		t.Run(name, func(t *testing.T) {
			cut := t.TempDir()
			must(t, 0, os.CopyFS(cut, os.DirFS(dir)))
			log := filepath.Join(cut, "sandbox.jsonl")
			must(t, 0, os.WriteFile(log, left, 0o600))
			w := again(t, cut)
			said := strings.Join(w.sandbox.Notes(), "\n")
			there, aside := fileNames(t, filepath.Join(cut, "bodies")), fileNames(t, filepath.Join(cut, "bodies.before"))
			if len(there)+len(aside) != objects || len(aside) == 0 {
				t.Errorf("%d bodies are there, and %d aside", len(there), len(aside))
			}
			if !strings.Contains(said, fmt.Sprintf("does not name: %d, put aside in %s", len(aside), filepath.Join(cut, "bodies.before"))) {
				t.Errorf("it says %q", said)
			}
			if emptied := strings.Contains(said, "was empty"); emptied != (len(left) <= 10) {
				t.Errorf("it says %q", said)
			}
			if kept, err := os.ReadFile(log + ".before"); err != nil || !bytes.Equal(kept, left) {
				t.Errorf("the log is kept with %d bytes of %d: %v", len(kept), len(left), err)
			}
			w.bucket("new", ireland)
			w.put("new", ireland, "k", strings.Repeat("y", 10<<10)) // in no file that is to come back
			w.shut()
			if notes := again(t, cut).sandbox.Notes(); len(notes) > 0 {
				t.Errorf("the next start says %q", notes)
			}
			for _, body := range aside {
				back := filepath.Join(cut, "bodies", body)
				if _, err := os.Stat(back); err == nil {
					t.Errorf("%s was given anew", body)
				}
			}
		})
	}
}

// Where the files are put back beside the whole log, the objects are back.
func TestBodiesThatWerePutAsideComeBackWithTheWholeLog(t *testing.T) {
	dir := t.TempDir()
	w := again(t, dir)
	w.bucket("here", ireland)
	w.put("here", ireland, "k", strings.Repeat("x", 10<<10))
	w.shut()
	log := filepath.Join(dir, "sandbox.jsonl")
	text, err := os.ReadFile(log)
	must(t, text, err)
	must(t, 0, os.Truncate(log, 0))
	again(t, dir).shut()
	for _, body := range fileNames(t, filepath.Join(dir, "bodies.before")) {
		must(t, 0, os.Rename(filepath.Join(dir, "bodies.before", body), filepath.Join(dir, "bodies", body)))
	}
	must(t, 0, os.WriteFile(log, text, 0o600))
	w = again(t, dir)
	if got := w.content("here", ireland, "k"); len(got) != 10<<10 || len(w.sandbox.Notes()) > 0 {
		t.Errorf("%d bytes, %q", len(got), w.sandbox.Notes())
	}
}

// Lines that are gone from the middle, or stand elsewhere, are no crash's doing,
// and what is left of them is not served as if it were all.
func TestAStateOfWhichALineIsMissingIsRefused(t *testing.T) {
	dir := t.TempDir()
	w := again(t, dir)
	w.bucket("here", ireland)
	for i := range 3 {
		w.put("here", ireland, fmt.Sprint(i), "x")
	}
	w.shut()
	text, err := os.ReadFile(filepath.Join(dir, "sandbox.jsonl"))
	must(t, text, err)
	lines := bytes.SplitAfter(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	last := len(lines) - 2
	for name, c := range map[string]struct {
		left      [][]byte
		line, was int // that is named, and what it was
	}{
		"taken out": {slices.Concat(lines[:last-1], lines[last:]), last, last + 1},
		"twice":     {slices.Concat(lines[:last], lines[last-1:]), last + 1, last},
		"swapped":   {slices.Concat(lines[:last-1], [][]byte{lines[last], lines[last-1]}, lines[last+1:]), last, last + 1},
	} {
		t.Run(name, func(t *testing.T) {
			cut := t.TempDir()
			must(t, 0, os.WriteFile(filepath.Join(cut, "sandbox.jsonl"), append(bytes.Join(c.left, nil), '\n'), 0o600))
			s, err := sandbox.New(sandbox.Options{State: cut})
			if err == nil {
				must(t, 0, s.Close())
				t.Fatal("it starts")
			}
			if want := fmt.Sprintf("line %d: it was written as line %d", c.line, c.was); !strings.Contains(err.Error(), want) {
				t.Errorf("it says %v", err)
			}
		})
	}
}
