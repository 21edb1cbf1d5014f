package report

import (
	"strings"

	"bothways/aws/account"
	"bothways/aws/audit/words"
)

// Mending is what puts right what an audit found, as an event before its result.
type Mending struct {
	Remedies []words.Mend `json:"remedies"`
	// Command is the line that does all of it that needs no choice; "" where there
	// is nothing that a backfill does.
	Command string `json:"command,omitempty"`
}

// EventName implements pair.Event.
func (Mending) EventName() string { return "audit_mending" }

// GoOn is the line that puts right what an audit found, as far as a backfill does
// without anybody's choice; "" where it does nothing. A report does not know by
// which profile AWS was reached.
func (a Audit) GoOn() string {
	flags, does := words.BackfillFlags(a.Tally)
	if !does || !a.Complete() {
		return ""
	}
	line := "bothways backfill --a " + account.Quote(a.Started.Pair.A.String()) + " --b " + account.Quote(a.Started.Pair.B.String())
	if a.RunID != "" {
		line += " --from " + account.Quote(a.RunID)
	}
	return strings.Join(append(append([]string{line}, flags...), "--yes"), " ")
}

// Mending is what puts right what the audit found.
func (a Audit) Mending() Mending {
	return Mending{Remedies: append([]words.Mend{}, words.Mends(a.Tally)...), Command: a.GoOn()}
}
