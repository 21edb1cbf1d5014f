package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/probe"
)

func TestAJournalThatBreaksOffIsToldOfOnceAndTheRunGoesOn(t *testing.T) {
	world := survey.World{A: &account.Clients{}, B: &account.Clients{}, RunID: "r1"}
	var shown []string
	var last Recording
	r := New("test", t.TempDir()).record("probe", account.Access{}, world, func(e pair.Event) {
		shown = append(shown, e.EventName())
		if told, is := e.(Recording); is {
			last = told
		}
	})
	if last.Err != nil || !strings.HasSuffix(last.Path, "r1.ndjson") || last.RunID != "r1" {
		t.Errorf("at first %+v", last)
	}
	r.close() // nothing more can be written
	for range 2 {
		r.emit(probe.StartedEvent{Key: "k"})
	}
	if got := strings.Join(shown, " "); got != "recording recording started started" || last.Err == nil || last.Path == "" {
		t.Errorf("shown was %s, the last of it %+v", got, last)
	}
}

// A record says by itself that it is of a sandbox, not only in words.
func TestARecordOfTheSandboxSaysSo(t *testing.T) {
	for _, private := range []bool{false, true} {
		dir := t.TempDir()
		world := survey.World{A: &account.Clients{}, B: &account.Clients{}, RunID: "r1"}
		New("test", dir).record("probe", account.Access{Sandbox: private}, world, func(pair.Event) {}).close()
		text, err := os.ReadFile(filepath.Join(dir, "r1.ndjson"))
		if err != nil || strings.Contains(string(text), `"sandbox":true`) != private {
			t.Errorf("in a sandbox %t: %s, %v", private, text, err)
		}
	}
}
