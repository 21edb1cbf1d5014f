package record

import (
	"time"

	"bothways/aws/pair"
)

// How an alarm is known to have rung.
const (
	ByCloudWatch = "cloudwatch"
	ByHand       = "a key press"
)

// Rang is an alarm that changed its state, or one that did not.
type Rang struct {
	Alarm  string        `json:"alarm"`
	Side   pair.SideName `json:"side"`
	How    string        `json:"how"` // cloudwatch, or a key press
	Rang   bool          `json:"rang"`
	FromMS float64       `json:"from_ms"` // the failing object's upload was acknowledged, from the drill's start
	// It rang in (LowMS, HighMS]: last seen silent when asked at the former, first
	// seen to ring when answered at the latter. Of one that did not, HighMS is when
	// the last answer came.
	LowMS  float64 `json:"low_ms"`
	HighMS float64 `json:"high_ms"`
	// Updated is when the state changed by AWS's clock, and Reason what AWS says of
	// it; empty where AWS was not asked.
	Updated time.Time `json:"state_updated_at,omitzero"`
	Reason  string    `json:"state_reason,omitempty"`
	// Unknown says why it is not known whether it rings, or "".
	Unknown string    `json:"unknown,omitempty"`
	At      time.Time `json:"at"`
}

// EventName implements pair.Event.
func (Rang) EventName() string { return "drill_alarm" }

// Durable says that it must be on the disk before the drill goes on.
func (Rang) Durable() bool { return true }

// RolePolicies is all that says what a role may do, at a moment, in canonical
// form; the drill's own policy is left out.
type RolePolicies struct {
	Side     pair.SideName `json:"side"`
	Role     string        `json:"role"` // its name
	Moment   Moment        `json:"moment"`
	Document string        `json:"document"`
	SHA256   string        `json:"sha256"` // of the document, in hex
	At       time.Time     `json:"at"`
}

// EventName implements pair.Event.
func (RolePolicies) EventName() string { return "drill_role_policies" }

// Durable says that it must be on the disk before the drill goes on.
func (RolePolicies) Durable() bool { return true }
