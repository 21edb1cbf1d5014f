package command

import (
	"bothways/aws/pair"
	"bothways/aws/replication"
)

// planned is the journal's line before the first step of a plan: for which
// pair, and whether it is being made or taken down.
type planned struct {
	Pair    pair.Pair           `json:"pair"`
	Purpose replication.Purpose `json:"purpose"`
}

// EventName implements pair.Event.
func (planned) EventName() string { return "apply" }

// Durable implements journal.Durable.
func (planned) Durable() bool { return true }
