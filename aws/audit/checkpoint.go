package audit

import "bothways/aws/audit/difference"

// Checkpoint closes a part: its rows are on the disk, and its counts stand. An
// audit that goes on compares what no checkpoint has.
type Checkpoint struct {
	// Slice names a part of a source other than the listings; else the part is
	// the keys after From up to and with To, where "" is the end.
	Slice string `json:"slice,omitempty"`
	From  string `json:"from"`
	To    string `json:"to"`
	// Tally is the part's alone.
	Tally difference.Tally `json:"tally"`
	// RowsEnd is where the file of the rows ends after the part's, in bytes. What
	// lies after the last checkpoint's is of no part that counts.
	RowsEnd int64 `json:"rows_end"`
	// Requests are those of the whole audit so far.
	Requests Requests `json:"requests"`
}

// EventName implements pair.Event.
func (Checkpoint) EventName() string { return "audit_checkpoint" }

// Durable implements journal.Durable.
func (Checkpoint) Durable() bool { return true }
