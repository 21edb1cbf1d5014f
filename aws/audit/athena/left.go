package athena

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"bothways/aws/apierror"
)

// Left is what an audit that was cut off had left in Athena, and what became of
// it. It is an event.
type Left struct {
	RunID string `json:"run_id"` // of that audit
	// Stopped are the queries that were still going on, by their IDs.
	Stopped []string `json:"stopped,omitempty"`
	Dropped []string `json:"dropped,omitempty"` // tables
	Failed  []string `json:"failed,omitempty"`  // what could not be looked at or taken away, in words
}

// EventName implements pair.Event.
func (Left) EventName() string { return "athena_left" }

// What says it in words.
func (l Left) What() string {
	var said []string
	if len(l.Stopped) > 0 {
		said = append(said, "stopped: "+strings.Join(l.Stopped, ", "))
	}
	if len(l.Dropped) > 0 {
		said = append(said, "dropped: "+strings.Join(l.Dropped, ", "))
	}
	return "The audit " + l.RunID + " was cut off and had left queries or tables in Athena. " + strings.Join(append(said, l.Failed...), "; ") + "."
}

// Nothing says that nothing was left.
func (l Left) Nothing() bool { return len(l.Stopped)+len(l.Dropped)+len(l.Failed) == 0 }

// Leaves says that something of an audit may be in Athena still.
func (r Record) Leaves() bool {
	for _, q := range r.Queries {
		if q.open() && q.ID != "" {
			return true
		}
	}
	return len(r.Tables) > 0
}

// TakeAway stops the queries and drops the tables that an audit left that
// nobody goes on with. These are its Queries, whose Told keeps its journal.
func (q *Queries) TakeAway(ctx context.Context, r Record) (left Left) {
	left.RunID = q.RunID
	fail := func(what string, err error) { left.Failed = append(left.Failed, what+": "+apierror.Describe(err)) }
	for _, of := range r.Queries {
		if !of.open() || of.ID == "" {
			continue
		}
		out, err := q.Client.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: &of.ID}, patient)
		switch {
		case apierror.Code(err) == "InvalidRequestException": // Athena keeps queries for 45 days
			of.State = Stopped
			q.tell(of)
			continue
		case err != nil:
			fail("the query "+of.ID, err)
			continue
		case out.QueryExecution == nil || out.QueryExecution.Status == nil:
			continue
		}
		switch state := out.QueryExecution.Status.State; state {
		case types.QueryExecutionStateQueued, types.QueryExecutionStateRunning:
			if err := q.stop(ctx, of, nil); err != nil {
				fail("the query "+of.ID, err)
				continue
			}
			left.Stopped = append(left.Stopped, of.ID)
		default:
			of.State = State(state)
			q.tell(of)
		}
	}
	slices.Sort(left.Stopped)
	for _, name := range r.Tables {
		if err := q.drop(ctx, name); err != nil {
			fail("the table "+name, err)
			continue
		}
		left.Dropped = append(left.Dropped, name)
	}
	return left
}

func (q *Queries) drop(ctx context.Context, name string) error {
	if err := q.do(ctx, Drop(name), Query{Drops: name}); err != nil {
		return fmt.Errorf("drop it: %w", err)
	}
	return nil
}
