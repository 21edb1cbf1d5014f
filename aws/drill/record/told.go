package record

import (
	"time"

	"bothways/aws/pair"
)

// Agreed is what was shown before a drill armed itself, and what was typed.
type Agreed struct {
	Drill string `json:"drill"`
	Typed string `json:"typed"` // the pair's name
	// Shown is the blast radius line by line: whose keys, which prefix, how long,
	// at most how much money.
	Shown []string  `json:"shown"`
	At    time.Time `json:"at"`
}

// EventName implements pair.Event.
func (Agreed) EventName() string { return "drill_agreed" }

// Durable says that it must be on the disk before the drill goes on.
func (Agreed) Durable() bool { return true }

// NoteKind says what a note is of.
type NoteKind string

// The kinds of notes.
const (
	Remark    NoteKind = "note"      // what somebody typed
	Deviation NoteKind = "deviation" // something went otherwise than planned
)

// Note is what was said while the drill went on.
type Note struct {
	Kind NoteKind  `json:"kind"`
	Text string    `json:"text"`
	By   string    `json:"by,omitempty"` // as typed; "" is bothways itself
	At   time.Time `json:"at"`
	// SinceStartMS is At in milliseconds from the canaries' start.
	SinceStartMS float64 `json:"since_start_ms,omitzero"`
}

// EventName implements pair.Event.
func (Note) EventName() string { return "drill_note" }

// Durable says that it must be on the disk before the drill goes on.
func (Note) Durable() bool { return true }

// Cost is what a drill may cost at most, or what was counted once it was over.
type Cost struct {
	Estimated  bool       `json:"estimated"` // before it armed itself
	Items      []CostItem `json:"items"`
	Dollars    float64    `json:"dollars"` // the sum, at list prices
	PricesAsOf string     `json:"prices_as_of"`
	Unpriced   []string   `json:"unpriced,omitempty"` // what has no price here
}

// CostItem is a part of a cost.
type CostItem struct {
	What    string  `json:"what"`
	N       float64 `json:"n"`
	Unit    string  `json:"unit"`
	Dollars float64 `json:"dollars"`
}

// EventName implements pair.Event.
func (Cost) EventName() string { return "drill_cost" }

// Durable says that it must be on the disk before the drill goes on.
func (Cost) Durable() bool { return true }

// Experiment is an experiment of AWS FIS as it was last read.
type Experiment struct {
	Side      pair.SideName  `json:"side"` // whose Region it runs in
	Direction pair.Direction `json:"direction"`
	ID        string         `json:"id"`
	Template  string         `json:"template"`
	State     string         `json:"state"` // in AWS's words
	Reason    string         `json:"reason,omitempty"`
	StartedAt time.Time      `json:"started_at,omitzero"` // by AWS's clock
	EndedAt   time.Time      `json:"ended_at,omitzero"`
	At        time.Time      `json:"at"`
}

// EventName implements pair.Event.
func (Experiment) EventName() string { return "drill_experiment" }

// Durable says that it must be on the disk before the drill goes on.
func (Experiment) Durable() bool { return true }

// ObjectStatus is what HEAD says of the replication of one canary. AWS does not
// say what it shows during a pause.
type ObjectStatus struct {
	Direction pair.Direction `json:"direction"`
	Side      pair.SideName  `json:"side"` // that was asked
	Moment    Moment         `json:"moment"`
	Key       string         `json:"key"`
	Version   string         `json:"version"`
	// Status is x-amz-replication-status; "" is none.
	Status  string    `json:"status"`
	Unknown string    `json:"unknown,omitempty"` // why it could not be asked
	At      time.Time `json:"at"`
	// SinceStartMS is At in milliseconds from the canaries' start.
	SinceStartMS float64 `json:"since_start_ms,omitzero"`
}

// EventName implements pair.Event.
func (ObjectStatus) EventName() string { return "drill_object_status" }
