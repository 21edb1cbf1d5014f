package plan

import "bothways/aws/pair"

// Planned is the journal's line before the first step of a plan: for which
// pair, and whether it is being made or taken down.
type Planned struct {
	Pair     pair.Pair                `json:"pair"`
	Accounts map[pair.SideName]string `json:"accounts,omitempty"`
	Purpose  pair.Purpose             `json:"purpose"`
}

// EventName implements pair.Event.
func (Planned) EventName() string { return "apply" }

// Durable says that the line must be on the disk before the first step.
func (Planned) Durable() bool { return true }
