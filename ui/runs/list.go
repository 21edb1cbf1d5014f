package runs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bothways/aws/audit/words"
	"bothways/aws/journal"
	"bothways/aws/localfile"
	"bothways/probe"
)

// State is how a run ended.
type State string

// The states of a listed run.
const (
	Complete    State = "complete"    // all that was asked for was done or measured
	Failed      State = "failed"      // a step failed, or was not reached because of one
	Interrupted State = "interrupted" // stopped before its end, by somebody or by a crash
	Running     State = "running"     // no end yet, and somebody writes on
	Unread      State = "unread"      // only its first lines were read
	Unreadable  State = "unreadable"  // see Error
)

// aMoment is how long ago the last line of a run that goes on was written, where
// no lock tells: at the slowest schedule that anybody watches.
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
	// Audit says that the run is an audit: it has no samples.
	Audit bool `json:"audit,omitempty"`
	// Drill is the kind of the drill that the run is, or "".
	Drill string `json:"drill,omitempty"`
	// Verdict is what the samples show of the directions, or what an audit found or a drill came to.
	Verdict string `json:"verdict,omitempty"`
	// Error says why the run can't be read: a broken journal, or one of a
	// newer version.
	Error string `json:"error,omitempty"`
	// Damage names the lines of its journal that can't be read and are left out.
	Damage string `json:"damage,omitempty"`

	locked  bool // whoever writes the journal holds its lock
	size    int64
	changed time.Time
}

// Same says whether an earlier entry is of the same journal as it still is, so
// that what was read of it holds.
func (e *Entry) Same(earlier Entry) bool {
	return e.Path == earlier.Path && e.size == earlier.size && e.changed.Equal(earlier.changed) &&
		earlier.State != Unread && earlier.State != Running
}

// EventName implements pair.Event.
func (Entry) EventName() string { return "listed" }

// List lists the runs whose journals lie in a folder, the newest first, by what
// their first lines say: what comes of a run's end takes Read. One that can't be
// read is listed with the reason. A folder that is not there has no runs.
func List(dir string) ([]Entry, error) {
	files, err := journal.Entries(dir)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, f := range slices.Backward(files) {
		if id, ok := strings.CutSuffix(f.Name(), journal.Extension); ok {
			e := Entry{RunID: id, Path: filepath.Join(dir, f.Name()), State: Unread}
			if err := e.begin(); err != nil {
				e.State, e.Error = Unreadable, err.Error()
			}
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// firstBytes of a journal are looked through for what was asked for.
const firstBytes = 64 << 10

// begin reads the first lines.
func (e *Entry) begin() error {
	return e.open(func(file *os.File) error {
		info, err := file.Stat()
		if err != nil {
			return err
		}
		e.size, e.changed = info.Size(), info.ModTime()
		_, err = journal.Scan(io.LimitReader(file, firstBytes), journal.LeaveOut, func(event string, line []byte) error {
			if event != (probe.RunEvent{}).EventName() {
				return nil
			}
			if err := decode(line, func(h probe.RunEvent) { e.A, e.B = h.Pair.A.String(), h.Pair.B.String() }); err != nil {
				return err
			}
			return journal.ErrEnough
		})
		return inJournal(err)
	})
}

// inJournal names what an error of a journal's line is about.
func inJournal(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read journal, %w", err)
}

// Read fills in the rest, from the whole journal: it is read once, as a stream,
// and held against now, to tell a run that goes on from one that was cut off.
func (e *Entry) Read(now time.Time) {
	if e.State == Unreadable {
		return
	}
	o := newOutline()
	err := e.open(func(file *os.File) error {
		out, err := journal.Scan(file, journal.LeaveOut, o.take)
		o.ending.Cut = o.ending.Cut || out.Torn || len(out.Damaged) > 0
		e.Damage = journal.DamageText(out.Damaged)
		return inJournal(err)
	})
	if err != nil {
		e.State, e.Error = Unreadable, err.Error()
		return
	}
	e.Samples, e.Replicated = o.ending.Samples, o.replicated
	e.State = o.state(e.Command)
	if len(o.ending.Headers) > 0 {
		p := o.ending.Headers[0].Pair
		e.A, e.B = p.A.String(), p.B.String()
		e.Verdict = o.stats.CompareDirections(o.ending.Looks()).Sentence
	}
	if o.audit != nil {
		e.Audit, e.A, e.B = true, o.audit.Pair.A.String(), o.audit.Pair.B.String()
	}
	if o.drill != nil {
		e.Drill, e.A, e.B, e.Verdict = string(o.drill.Kind), o.drill.Pair.A.String(), o.drill.Pair.B.String(), o.drilled()
	}
	if o.audited != nil {
		e.Verdict = words.Headline(o.audited.Tally, o.audited.Complete, o.audited.Lists)
	}
	if e.State == Interrupted && e.goesOn(now) {
		if e.State = Running; o.drill != nil {
			e.Verdict = o.drilling()
		}
	}
}

// open opens the journal, takes its opening over, and reads.
func (e *Entry) open(read func(*os.File) error) (err error) {
	file, err := localfile.Open(e.Path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	opening, err := journal.ReadOpening(file)
	e.StartedAt, e.Command, e.Version, e.Access, e.Notes = opening.StartedAt, opening.Command, opening.Version, opening.Access, opening.Notes
	e.locked = opening.Locked
	if err != nil {
		return err
	}
	return read(file)
}

// goesOn says whether somebody still writes a journal that has no end: its lock
// tells, and where there is none, that it was written to a moment ago.
func (e *Entry) goesOn(now time.Time) bool {
	if e.locked {
		return journal.Writing(e.Path)
	}
	return now.Sub(e.changed) < aMoment
}
