package runs

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication"
	"bothways/probe"
)

// State is how a run ended.
type State string

// The states of a listed run.
const (
	Complete    State = "complete"    // all that was asked for was done or measured
	Failed      State = "failed"      // a step failed, or was not reached because of one
	Interrupted State = "interrupted" // stopped before its end, by somebody or by a crash
	Running     State = "running"     // no end yet, and written to a moment ago
	Unreadable  State = "unreadable"  // see Error
)

// aMoment is how long ago the last line of a run that goes on was written: at
// the slowest schedule that anybody watches.
const aMoment = time.Minute

// Entry is one run of the list. Members that a run lacks are empty.
type Entry struct {
	RunID      string    `json:"run_id"`
	Path       string    `json:"path"`
	StartedAt  time.Time `json:"started_at,omitzero"`
	Command    string    `json:"command"`
	Version    string    `json:"version"`
	Access     string    `json:"access"`
	Notes      []string  `json:"notes,omitempty"`
	A          string    `json:"a"` // REGION/BUCKET, where something was measured
	B          string    `json:"b"`
	Samples    int       `json:"samples"`
	Replicated int       `json:"replicated"`
	State      State     `json:"state"`
	// Verdict is what the samples show of the directions.
	Verdict string `json:"verdict,omitempty"`
	// Error says why the run can't be read: a broken journal, or one of a
	// newer version.
	Error string `json:"error,omitempty"`
}

// EventName implements pair.Event.
func (Entry) EventName() string { return "listed" }

// List lists the runs whose journals lie in a folder, the newest first. One
// that can't be read is listed with the reason. A folder that is not there has
// no runs.
func List(dir string, now time.Time) ([]Entry, error) {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for runs: %w", err)
	}
	var entries []Entry
	for _, f := range slices.Backward(files) {
		if id, ok := strings.CutSuffix(f.Name(), journal.Extension); ok && !f.IsDir() {
			entries = append(entries, entry(filepath.Join(dir, f.Name()), id, now))
		}
	}
	return entries, nil
}

func entry(path, id string, now time.Time) Entry {
	m, err := read(path)
	e := Entry{
		RunID: id, Path: path, StartedAt: m.Opening.StartedAt, Command: m.Opening.Command, Version: m.Opening.Version,
		Access: m.Opening.Access, Notes: m.Opening.Notes,
	}
	if err != nil {
		e.State, e.Error = Unreadable, err.Error()
		return e
	}
	e.State, e.Samples = Complete, len(m.Samples)
	for _, s := range m.Samples {
		if s.Outcome == probe.Replicated {
			e.Replicated++
		}
	}
	if len(m.Headers) > 0 {
		p := m.Headers[0].Pair
		e.A, e.B = p.A.String(), p.B.String()
		e.Verdict = m.Statistics().CompareDirections(m.Looks()).Sentence
		if !m.Complete() {
			e.State = Interrupted
		}
	}
	if e.Command == "probe" && len(m.Headers) == 0 {
		e.State = Interrupted // before it could begin to measure
	}
	if state := stepsState(path); state != Complete && e.State == Complete {
		e.State = state
	}
	if info, err := os.Stat(path); err == nil && e.State == Interrupted && now.Sub(info.ModTime()) < aMoment {
		e.State = Running
	}
	return e
}

// stepsState is how the steps of a run ended, by the last news of each. A run
// without steps is complete.
func stepsState(path string) State {
	text, err := os.ReadFile(path) //nolint:gosec // a file of the journal's own folder
	if err != nil {
		return Unreadable
	}
	last := map[string]replication.Status{}
	start := []byte(`{"event":"` + replication.StepEvent{}.EventName() + `"`)
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, len(text)+1)
	for lines.Scan() {
		var step struct {
			ID        string             `json:"id"`
			Direction *pair.Direction    `json:"direction"`
			Status    replication.Status `json:"status"`
		}
		if bytes.HasPrefix(lines.Bytes(), start) && json.Unmarshal(lines.Bytes(), &step) == nil {
			last[step.ID] = step.Status
		}
	}
	state := Complete
	for _, status := range last {
		switch {
		case status == replication.Failed:
			return Failed
		case !status.Final() || status == replication.Cancelled:
			state = Interrupted
		}
	}
	return state
}
