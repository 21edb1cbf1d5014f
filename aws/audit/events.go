// Package audit finds out whether both sides of a pair hold the same: every
// version and every delete marker of both, compared key by key as sets, each
// difference looked at twice and told with its cause. It changes nothing.
package audit

import (
	"fmt"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// Started opens an audit: what it compares.
type Started struct {
	Pair   pair.Pair `json:"pair"`
	Prefix string    `json:"prefix,omitempty"`
	// Since leaves out what was created before it; zero: nothing is left out.
	Since time.Time `json:"since,omitzero"`
	// CutOff is the newest time that is judged, by the earlier of both servers'
	// clocks; what is younger is counted as Young.
	CutOff time.Time `json:"cut_off"`
	// Lists are what is compared in place of the buckets; nil: these were listed.
	Lists *difference.Lists `json:"lists,omitempty"`
	// Resumes is the run whose checkpoints this one goes on from, or "".
	Resumes string `json:"resumes,omitempty"`
	// Rows is the file of the differences, one JSON object a line, in the
	// journal's folder; "" keeps none.
	Rows string `json:"rows,omitempty"`
}

// Durable implements journal.Durable.
func (Started) Durable() bool { return true }

// EventName implements pair.Event.
func (Started) EventName() string { return "audit" }

// Phase is what an audit is doing.
type Phase string

// The phases, in their order.
const (
	Listing Phase = "listing"
	Looking Phase = "looking again"
	Deep    Phase = "deep samples"
	Ended   Phase = "ended"
)

// Progress is where an audit stands. It comes at most four times a second.
type Progress struct {
	Phase Phase            `json:"phase"`
	Tally difference.Tally `json:"tally"`
	// Candidates have not had their second look yet.
	Candidates int64 `json:"candidates"`
	// Done is the share that is listed, from 0 to 1, by how close together the keys
	// lie that were listed: the least that this told over the last seconds, so that
	// it is rather too small. It never goes back; negative: it can't be told yet.
	Done float64 `json:"done"`
	// PerSecond are versions a second, both sides counted, over the last seconds.
	PerSecond float64       `json:"versions_per_second"`
	Elapsed   time.Duration `json:"elapsed_ns"`
	// Left is the projected time to the end; negative: it can't be told yet.
	Left     time.Duration `json:"left_ns"`
	Requests Requests      `json:"requests"`
	Workers  int           `json:"workers"` // they halve when S3 asks to slow down
	// Waiting is which side gives no answer right now, and why; "": none.
	Waiting string `json:"waiting,omitempty"`
}

// EventName implements pair.Event.
func (Progress) EventName() string { return "audit_progress" }

// Requests counts what was asked for, for the cost.
type Requests struct {
	Lists int64 `json:"lists"`
	Heads int64 `json:"heads"`
	Bytes int64 `json:"bytes"`           // of the answers, as they came
	Slow  int64 `json:"slow,omitempty"`  // answers that asked to slow down
	Again int64 `json:"again,omitempty"` // requests that were sent again
}

// Result closes an audit.
type Result struct {
	Tally    difference.Tally `json:"tally"`
	CutOff   time.Time        `json:"cut_off"`
	Began    time.Time        `json:"began"`
	Finished time.Time        `json:"finished"`
	Requests Requests         `json:"requests"`
	// Lists are what was compared in place of the buckets, and what these held
	// where the lists had no row; nil: the buckets were listed.
	Lists *difference.Lists `json:"lists,omitempty"`
	// Complete says that every range was compared and every candidate looked at.
	Complete bool `json:"complete"`
	// Unread is what could not be read and may hide a cause, in words.
	Unread []string `json:"unread,omitempty"`
	// Why it is not, in words.
	Why string `json:"why,omitempty"`
}

// Durable implements journal.Durable.
func (Result) Durable() bool { return true }

// EventName implements pair.Event.
func (Result) EventName() string { return "audit_result" }

// What says what an audit compares, in words.
func (s Started) What() string {
	text := s.Pair.A.String() + " and " + s.Pair.B.String()
	if s.Prefix != "" {
		text += fmt.Sprintf(" under %q", s.Prefix)
	}
	if !s.Since.IsZero() {
		text += " since " + s.Since.UTC().Format(time.RFC3339)
	}
	return text
}
