package record

import (
	"time"

	"bothways/aws/pair"
)

// Moment says when a thing was read, by the fault.
type Moment string

// The moments.
const (
	Before Moment = "before"
	During Moment = "during"
	After  Moment = "after"
)

// Configuration is a bucket's replication configuration at a moment, in its
// canonical form: what AWS does not promise to keep, such as order, is sorted.
type Configuration struct {
	Side   pair.SideName `json:"side"`
	Moment Moment        `json:"moment"`
	// Document is canonical JSON; "" where the bucket has none.
	Document string    `json:"document"`
	SHA256   string    `json:"sha256"` // of the document, in hex
	Tags     string    `json:"tags"`   // the bucket's tags as canonical JSON, "" where it has none or they can't be read
	At       time.Time `json:"at"`
}

// EventName implements pair.Event.
func (Configuration) EventName() string { return "drill_configuration" }

// Durable says that it must be on the disk before the drill goes on.
func (Configuration) Durable() bool { return true }

// Call is one request of the drill to AWS that may change something, canaries
// left out, which have events of their own.
type Call struct {
	Service   string        `json:"service"`
	Operation string        `json:"operation"`
	Side      pair.SideName `json:"side"`
	Target    string        `json:"target"`
	// Begins: it is about to be sent. Otherwise the rest says what came of it.
	Begins    bool      `json:"begins,omitempty"`
	RequestID string    `json:"request_id,omitempty"`
	Outcome   string    `json:"outcome,omitempty"` // "ok", or the error's words
	At        time.Time `json:"at"`
}

// EventName implements pair.Event.
func (Call) EventName() string { return "drill_call" }

// Durable says that it must be on the disk before the drill goes on.
func (Call) Durable() bool { return true }

// Isolation is what the canaries of a direction show of a fault: the last that
// arrived and the first of the row that did not.
type Isolation struct {
	Direction pair.Direction `json:"direction"`
	// LastArrivedMS is when the last arrival was acknowledged on its origin, and
	// FirstHeldMS the same of the first of the unbroken row that is absent, both
	// in milliseconds from the canaries' start. The isolation of new writes
	// begins between the two.
	LastArrivedMS float64 `json:"last_arrived_ms"`
	FirstHeldMS   float64 `json:"first_held_ms"`
	Held          int     `json:"held"` // how many in a row
	// OlderThanMS is what each of them had to be older than: three times the
	// steady state's p99.
	OlderThanMS float64 `json:"older_than_ms"`
	Seen        bool    `json:"seen"` // false: it was not reached within the time box
	// SinceStartMS is At in milliseconds from the canaries' start: as of then it
	// can be reckoned again.
	SinceStartMS float64   `json:"since_start_ms,omitzero"`
	At           time.Time `json:"at"`
}

// EventName implements pair.Event.
func (Isolation) EventName() string { return "drill_isolation" }

// Durable says that it must be on the disk before the drill goes on.
func (Isolation) Durable() bool { return true }

// Step of a fail-over.
type Step string

// The steps of a fail-over, in their order. Their times make the RTO.
const (
	Detect Step = "detect" // from the fault to the moment it is noticed
	Decide Step = "decide" // until somebody decides to fail over
	Switch Step = "switch" // until writes go to the survivor
	Verify Step = "verify" // until a write is read back there
)

// Recovery is one step of a fail-over. Its end is known to the resolution of
// how it was looked for.
type Recovery struct {
	Step Step `json:"step"`
	// FromMS and ToMS are milliseconds from the canaries' start. The end lies in
	// (ToLowMS, ToMS]: it was not so at the former, and was at the latter.
	FromMS  float64 `json:"from_ms"`
	ToLowMS float64 `json:"to_low_ms"`
	ToMS    float64 `json:"to_ms"`
	How     string  `json:"how"` // in words: three failed writes in a row; enter was pressed
	Key     string  `json:"key,omitempty"`
	Version string  `json:"version,omitempty"`
}

// EventName implements pair.Event.
func (Recovery) EventName() string { return "drill_recovery" }

// Durable says that it must be on the disk before the drill goes on.
func (Recovery) Durable() bool { return true }

// Instant is a moment that numbers count from.
type Instant struct {
	What InstantOf `json:"what"`
	// Direction is set where it is of one direction alone, as of one of two
	// experiments; of the fault as a whole there is one without.
	Direction *pair.Direction `json:"direction,omitempty"`
	// SinceStartMS is milliseconds from the canaries' start.
	SinceStartMS float64   `json:"since_start_ms"`
	At           time.Time `json:"at"`
}

// InstantOf names an instant.
type InstantOf string

// The instants.
const (
	FaultBegins InstantOf = "fault_begins"
	TheCut      InstantOf = "cut" // the moment as of which the RPO is told
	FaultEnds   InstantOf = "fault_ends"
)

// EventName implements pair.Event.
func (Instant) EventName() string { return "drill_instant" }

// Durable says that it must be on the disk before the drill goes on.
func (Instant) Durable() bool { return true }

// Backlog is how a direction stands, told once a second while canaries are written.
type Backlog struct {
	Direction pair.Direction `json:"direction"`
	Posted    int            `json:"posted"` // acknowledged so far
	Arrived   int            `json:"arrived"`
	Missing   int            `json:"missing"`
	Refused   int            `json:"refused"` // uploads that failed
	Holes     int            `json:"holes"`   // missing although a later one arrived
	// OldestMS is the age of the oldest canary that is not there, 0 without any.
	OldestMS     float64   `json:"oldest_ms"`
	SinceStartMS float64   `json:"since_start_ms"`
	At           time.Time `json:"at"`
}

// EventName implements pair.Event.
func (Backlog) EventName() string { return "drill_backlog" }

// Metric is what CloudWatch said of a direction.
type Metric struct {
	Direction pair.Direction `json:"direction"`
	Moment    Moment         `json:"moment"`
	Name      string         `json:"name"`
	Value     *float64       `json:"value"` // null: nothing was published
	Unit      string         `json:"unit"`
	Stamp     time.Time      `json:"stamp,omitzero"` // of the data point
	Why       string         `json:"why,omitempty"`  // why there is none
}

// EventName implements pair.Event.
func (Metric) EventName() string { return "drill_metric" }

// Compared is an audit of the drill's scope.
type Compared struct {
	Moment Moment `json:"moment"`
	RunID  string `json:"run_id,omitempty"` // the audit's own, where it has a journal
	Prefix string `json:"prefix"`
	// Versions were looked at on both sides together; Counts are differences by
	// their verdict.
	Versions int64            `json:"versions"`
	Counts   map[string]int64 `json:"counts"`
	// Missing of each direction are exact counts of versions that the other side
	// lacks, with their bytes.
	Missing map[pair.Direction]Amount `json:"missing"`
	Clean   bool                      `json:"clean"`
	Whole   bool                      `json:"whole"` // everything was compared
	Why     string                    `json:"why,omitempty"`
	At      time.Time                 `json:"at"`
	// BeganMS and SinceStartMS are when it began and ended, in milliseconds from
	// the canaries' start; 0 before they start.
	BeganMS      float64 `json:"began_ms,omitzero"`
	SinceStartMS float64 `json:"since_start_ms,omitzero"`
	// Differences name what differs, at most MostDifferences; Unlisted counts the rest.
	Differences []Differing `json:"differences,omitempty"`
	Unlisted    int64       `json:"unlisted,omitempty"`
}

// MostDifferences is how many differences an event names.
const MostDifferences = 1000

// Differing is one version that the two sides don't have alike.
type Differing struct {
	Key     string        `json:"key"`
	Version string        `json:"version,omitempty"`
	On      pair.SideName `json:"on,omitempty"` // the side that alone has it
	Verdict string        `json:"verdict"`
}

// Amount is a number of versions and of bytes.
type Amount struct {
	Versions int64 `json:"versions"`
	Bytes    int64 `json:"bytes"`
}

// EventName implements pair.Event.
func (Compared) EventName() string { return "drill_compared" }

// Durable says that it must be on the disk before the drill goes on.
func (Compared) Durable() bool { return true }

// ConflictKind is how a key was brought into conflict.
type ConflictKind string

// The conflicts.
const (
	WriteWrite   ConflictKind = "write_write"    // a version on each side
	DeleteWrite  ConflictKind = "delete_write"   // a marker on one side, a later version on the other
	MarkerMarker ConflictKind = "marker_version" // a version on one side, a later marker on the other
)

// Conflict is one key that both sides changed while isolated, and what each side
// serves once everything arrived. AWS does not say who wins.
type Conflict struct {
	Key  string       `json:"key"`
	Kind ConflictKind `json:"kind"`
	// Wrote is what was written on each side, and Serves what is current there
	// afterwards; before that it is empty.
	Wrote  map[pair.SideName]Written `json:"wrote"`
	Serves map[pair.SideName]Served  `json:"serves,omitempty"`
	Same   *bool                     `json:"same"` // null: not looked at yet, or unknown
	At     time.Time                 `json:"at"`
}

// Written is one version or marker.
type Written struct {
	Version string    `json:"version"`
	Marker  bool      `json:"marker,omitempty"`
	At      time.Time `json:"at"` // as the side says, LastModified
}

// Served is what a side says is the latest.
type Served struct {
	Version string        `json:"version,omitempty"`
	Marker  bool          `json:"marker,omitempty"`
	Of      pair.SideName `json:"of,omitempty"`   // the side that wrote it
	None    bool          `json:"none,omitempty"` // nothing is there
	Unknown string        `json:"unknown,omitempty"`
}

// EventName implements pair.Event.
func (Conflict) EventName() string { return "drill_conflict" }

// Durable says that it must be on the disk before the drill goes on.
func (Conflict) Durable() bool { return true }

// Level is how much a finding matters.
type Level string

// The levels of findings.
const (
	Blocks Level = "blocks" // no drill, unless asked for by name
	Warns  Level = "warns"
	Notes  Level = "notes"
)

// Finding is what the checks, or the drill, found.
type Finding struct {
	Level Level         `json:"level"`
	State State         `json:"state"`
	Side  pair.SideName `json:"side,omitempty"`
	Title string        `json:"title"`
	Text  string        `json:"text"`           // what it means
	Todo  string        `json:"todo,omitempty"` // what to do
	// Unknown: what the drill was to show is not known.
	Unknown bool `json:"unknown,omitempty"`
}

// EventName implements pair.Event.
func (Finding) EventName() string { return "drill_finding" }

// Lines are what undoes the drill without bothways, saved before it arms itself.
type Lines struct {
	Drill string   `json:"drill"`
	CLI   []string `json:"cli"`
}

// EventName implements pair.Event.
func (Lines) EventName() string { return "drill_undo_lines" }

// Durable says that it must be on the disk before the drill goes on.
func (Lines) Durable() bool { return true }
