package record

import (
	"slices"
	"time"
)

// State is how far a drill is.
type State string

// The states of a drill, in their order. Each is in the journal when it is
// entered and again when it is reached. A drill's kind leaves some out.
const (
	Draft      State = "draft"
	Checked    State = "checked"     // preconditions, rights, settings, preview
	Baseline   State = "baseline"    // the steady state is measured
	Armed      State = "armed"       // agreed to; the lines that undo it are saved
	Isolating  State = "isolating"   // the fault begins
	Isolated   State = "isolated"    // seen by canaries, not assumed
	FailedOver State = "failed_over" // written and read back on the survivor
	Frozen     State = "frozen"      // what was not on the other side at the cut is counted
	Restoring  State = "restoring"   // the fault is undone
	Draining   State = "draining"    // what was held arrives
	Converged  State = "converged"   // both sides hold the same, twice
	FailedBack State = "failed_back" // the steady state is measured again
	Cleaned    State = "cleaned"     // what the drill made is gone
	Reported   State = "reported"
)

// States are those of a kind, in their order.
func States(k Kind) []State {
	switch k {
	case Readiness:
		return []State{Draft, Checked, Reported}
	case Alarm:
		return []State{Draft, Checked, Armed, Isolating, Isolated, Restoring, Cleaned, Reported}
	case Cut, Pause:
		return []State{Draft, Checked, Baseline, Armed, Isolating, Isolated, FailedOver, Frozen, Restoring, Draining, Converged, FailedBack, Cleaned, Reported}
	}
	return nil
}

// After says whether a state comes after another in the order of all states.
func (s State) After(other State) bool {
	all := States(Pause)
	return slices.Index(all, s) > slices.Index(all, other)
}

// Open says whether a drill that ended in this state may have left something
// changed: from the moment it arms itself until it has cleaned up.
func (s State) Open() bool { return !s.Before(Armed) && s.Before(Cleaned) }

// Before says whether a state comes before another.
func (s State) Before(other State) bool { return other.After(s) }

// Change is a state that is entered, or reached.
type Change struct {
	Drill string `json:"drill"`
	State State  `json:"state"`
	// Reached: what the state stands for holds. It is entered before.
	Reached bool `json:"reached"`
	// Why says in words what was seen, or what turned the drill aside.
	Why string    `json:"why,omitempty"`
	At  time.Time `json:"at"`
	// SinceStartMS is At in milliseconds from the canaries' start, on their own
	// monotonic clock; 0 before they start.
	SinceStartMS float64 `json:"since_start_ms,omitzero"`
}

// EventName implements pair.Event.
func (Change) EventName() string { return "drill_state" }

// Durable says that it must be on the disk before the drill goes on.
func (Change) Durable() bool { return true }
