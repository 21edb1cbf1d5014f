package report

import (
	"bufio"
	"io"

	"bothways/aws/audit"
	"bothways/aws/pair"
)

// Head is the first line of the JSON report.
type Head struct {
	RunID   string   `json:"run_id"`
	Version string   `json:"version"` // of bothways
	Access  string   `json:"access"`
	Notes   []string `json:"notes"`
	audit.Started
}

// EventName implements pair.Event.
func (Head) EventName() string { return "audit" }

// writeJSON writes an audit as lines, as its events come: the audit, its
// differences, what puts them right, its result. Of one that was cut off the result says so.
func writeJSON(w io.Writer, a Audit) error {
	out := bufio.NewWriterSize(w, 64<<10)
	put := func(e pair.Event) error {
		line, err := pair.EncodeEvent(e)
		if err == nil {
			_, err = out.Write(append(line, '\n'))
		}
		return err
	}
	if err := put(Head{RunID: a.RunID, Version: a.Version, Access: a.Access, Notes: a.Notes, Started: a.Started}); err != nil {
		return err
	}
	for d, err := range a.Rows {
		if err != nil {
			return err
		}
		if err := put(d); err != nil {
			return err
		}
	}
	if err := put(a.Mending()); err != nil {
		return err
	}
	if err := put(a.result()); err != nil {
		return err
	}
	return out.Flush()
}

// result is the audit's, or what is known of one that was cut off.
func (a Audit) result() audit.Result {
	if a.Result != nil {
		return *a.Result
	}
	return audit.Result{Tally: a.Tally, CutOff: a.Started.CutOff, Requests: a.Requests, Why: "it was cut off: the counts are those of the parts that were finished"}
}
