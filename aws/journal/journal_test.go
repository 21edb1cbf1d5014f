package journal_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"bothways/aws/journal"
)

type note struct {
	N int `json:"n"`
}

func (note) EventName() string { return "note" }

func TestEveryEventIsALineInTheOrderOfItsWriting(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "when needed")
	j, err := journal.Create(dir, journal.Opening{RunID: "20261122-101500-abcd", Command: "probe"})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		if err := j.Record(note{n}); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(j.Path())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], `{"event":"run","schema":1,`) || lines[3] != `{"event":"note","n":2}` {
		t.Errorf("the journal is\n%s", text)
	}
}

func TestWritersFromManyGoroutinesNeverTearALine(t *testing.T) {
	j, err := journal.Create(t.TempDir(), journal.Opening{RunID: "r"})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			if err := j.Record(note{n}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	text, err := os.ReadFile(j.Path())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 51 {
		t.Fatalf("%d lines, want 51", len(lines))
	}
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("torn line %q", line)
		}
	}
}

func TestARunGoesOnWithoutAPlaceForItsJournal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", filepath.Join(file, "below a file")} {
		j, err := journal.Create(dir, journal.Opening{RunID: "r"})
		if err == nil || j == nil {
			t.Fatalf("in %q: %v, %v; want a reason and a journal that keeps nothing", dir, j, err)
		}
		if j.Path() != "" || j.Record(note{1}) == nil {
			t.Errorf("in %q: it claims to keep something", dir)
		}
		if err := j.Close(); err != nil {
			t.Errorf("closing it fails: %v", err)
		}
	}
}

func TestOneRunIsNeverWrittenOverAnother(t *testing.T) {
	dir := t.TempDir()
	for n := range 2 {
		_, err := journal.Create(dir, journal.Opening{RunID: "same"})
		if (err != nil) != (n == 1) {
			t.Errorf("creation %d: %v", n+1, err)
		}
	}
}

func TestNamesOfRunsAreInTheOrderThatTheyBeganIn(t *testing.T) {
	start := time.Date(2026, 11, 22, 10, 0, 59, 0, time.UTC)
	last := ""
	for n := range 1500 {
		id := journal.NewRunID(start.Add(time.Duration(n)*time.Millisecond), uint64(n)*7919)
		if id <= last {
			t.Fatalf("%d ms later a run is named %s after %s", n, id, last)
		}
		last = id
	}
}

func TestRunsAreFoundByNameOrAsTheNewestThatMeasured(t *testing.T) {
	dir := t.TempDir()
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	var ids []string
	for n := range 3 {
		id := journal.NewRunID(start.Add(time.Duration(n)*time.Hour), uint64(n)*7919)
		j, err := journal.Create(dir, journal.Opening{RunID: id})
		if err != nil {
			t.Fatal(err)
		}
		if n < 2 {
			if err := j.Record(note{n}); err != nil {
				t.Fatal(err)
			}
		}
		ids = append(ids, id)
	}
	if path, _, err := journal.Newest(dir, "note"); err != nil || filepath.Base(path) != ids[1]+".ndjson" {
		t.Errorf("the newest with a note is %s, %v; want %s", path, err, ids[1])
	}
	for _, id := range []string{ids[2], ids[2][:11]} {
		if path, err := journal.Find(dir, id); err != nil || filepath.Base(path) != ids[2]+".ndjson" {
			t.Errorf("%q finds %s, %v", id, path, err)
		}
	}
	for _, id := range []string{"2027", "20261122"} {
		if path, err := journal.Find(dir, id); err == nil {
			t.Errorf("%q finds %s, want an error", id, path)
		}
	}
	if _, _, err := journal.Newest(filepath.Join(dir, "none"), "note"); err == nil {
		t.Error("a folder that is not there has a run")
	}
}

func TestAJournalOfANewerSchemaIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"event":"run","schema":1,"run_id":"r"}` + "\n":                "",
		`{"event":"run","schema":99,"run_id":"r","version":"9"}` + "\n": "schema 99",
		"not a journal\n": "first line",
		"":                "first line",
	} {
		_, err := journal.ReadOpening(strings.NewReader(text))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
