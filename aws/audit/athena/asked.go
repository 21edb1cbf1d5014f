package athena

import (
	"encoding/json"
	"fmt"
	"slices"

	"bothways/aws/journal"
	"bothways/aws/localfile"
)

// Query is what the journal of an audit has of a query. It is there before the
// query is, so that whatever interrupts the run, a later one knows of it.
type Query struct {
	// Token names the question to Athena: asked with it again, it answers with
	// the same query.
	Token string `json:"token"`
	ID    string `json:"id,omitempty"` // of the execution, once it is known
	State State  `json:"state"`
	// Makes and Drops are the table that the query does so with, or "".
	Makes string `json:"makes,omitempty"`
	Drops string `json:"drops,omitempty"`
}

// State is where a query stands.
type State string

// The states before Athena's own, which are SUCCEEDED, FAILED and CANCELLED.
const (
	Asked   State = "asked"   // whether Athena has heard it is not known
	Begun   State = "begun"   // it waits, or runs
	Stopped State = "stopped" // by bothways

	succeeded State = "SUCCEEDED"
)

// EventName implements pair.Event.
func (Query) EventName() string { return "athena_query" }

// Durable implements journal.Durable.
func (Query) Durable() bool { return true }

// open says that the query may go on in Athena.
func (q Query) open() bool { return q.State == Asked || q.State == Begun }

// over says that it came to no answer.
func (q Query) over() bool { return !q.open() && q.State != succeeded }

// Earlier is what a journal has of queries, by their tokens.
type Earlier map[string]Query

// Record is what the journal of an audit has of Athena.
type Record struct {
	Plan    *Plan // nil: the audit did not ask Athena
	Queries Earlier
	// Tables are those that may be there still.
	Tables []string
}

// Read reads it.
func Read(path string) (Record, error) {
	file, err := localfile.Open(path)
	if err != nil {
		return Record{}, err
	}
	defer file.Close()
	if _, err := journal.ReadOpening(file); err != nil {
		return Record{}, fmt.Errorf("%s: %w", path, err)
	}
	found := Record{Queries: Earlier{}}
	_, err = journal.Scan(file, journal.LeaveOut, func(event string, line []byte) error {
		switch event {
		case Plan{}.EventName():
			var p Plan
			if err := json.Unmarshal(line, &p); err != nil {
				return err
			}
			found.Plan = &p
		case Query{}.EventName():
			var q Query
			if err := json.Unmarshal(line, &q); err != nil {
				return err
			}
			if q.ID == "" {
				q.ID = found.Queries[q.Token].ID
			}
			found.Queries[q.Token] = q
			switch {
			case q.Makes != "" && !slices.Contains(found.Tables, q.Makes):
				found.Tables = append(found.Tables, q.Makes)
			case q.Drops != "" && q.State == succeeded:
				found.Tables = slices.DeleteFunc(found.Tables, func(t string) bool { return t == q.Drops })
			}
		}
		return nil
	})
	if err != nil {
		return Record{}, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}
