package journal_test

import (
	"encoding/json"
	"testing"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
)

// line is an event as it stands in a journal.
type line struct {
	name string
	Pair pair.Pair `json:"pair"`
}

func (l line) EventName() string { return l.name }

func TestAProbeThatGoesOnIsKnownByThePairAndEndsWithItsJournal(t *testing.T) {
	nobody := func(string) bool { return false }
	swapped := pair.Pair{A: one.B, B: one.A}
	other := pair.Pair{A: one.A, B: pair.Side{Region: "us-east-1", Bucket: "another"}}
	for name, c := range map[string]struct {
		access  string
		events  []line
		probing bool
	}{
		"a probe":                 {"profile work", []line{{"step", one}, {"probe", one}}, true},
		"with the sides swapped":  {"profile work", []line{{"probe", swapped}}, true},
		"of another pair":         {"profile work", []line{{"probe", other}}, false},
		"a change, and no probe":  {"profile work", []line{{"apply", one}}, false},
		"in a private sandbox":    {"sandbox", []line{{"probe", one}}, false},
		"before it has looked up": {"profile work", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			j, err := journal.Create(dir, journal.Opening{RunID: "20261122-101500-abcd", Command: "probe", Access: c.access, StartedAt: time.Now()})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range c.events {
				if err := j.Record(e); err != nil {
					t.Fatal(err)
				}
			}
			got := journal.Probing(dir, one, nobody)
			if (got != nil) != c.probing || got != nil && got.RunID != "20261122-101500-abcd" {
				text, _ := json.Marshal(got)
				t.Errorf("while it goes on: %s", text)
			}
			if got := journal.Probing(dir, one, func(path string) bool { return path == j.Path() }); got != nil {
				t.Errorf("a run of one's own: %+v", got)
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			if got := journal.Probing(dir, one, nobody); got != nil {
				t.Errorf("after its end: %+v", got)
			}
		})
	}
	if got := journal.Probing("", one, nobody); got != nil {
		t.Errorf("without a folder: %+v", got)
	}
}
