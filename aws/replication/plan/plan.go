// Package plan orders the steps from what a survey found to two-way replication
// between the two sides of a pair, or to the removal of what bothways made of it.
//
// A plan is data: what was reviewed is exactly what runs.
package plan

import (
	"context"
	"fmt"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Plan is the ordered steps from what the survey found to the wanted state.
// Steps are in an order in which they could run one after the other; steps
// that don't need each other run side by side.
type Plan struct {
	Pair     pair.Pair
	Accounts map[pair.SideName]string // that the sides belong to
	Purpose  pair.Purpose
	Steps    []step.Step
	Findings []survey.Finding // what the survey found worth saying, blockers first
	// Drills are those whose leftovers its steps take away.
	Drills []string
	// Wanted is what stands once a set-up plan has run; nil for others.
	Wanted *wanted.Documents
}

// Planned is the plan's first line in a journal.
func (p Plan) Planned() Planned {
	return Planned{Pair: p.Pair, Accounts: p.Accounts, Purpose: p.Purpose}
}

// Changes counts the steps that have something to do, canaries among them.
func (p Plan) Changes() int {
	count := 0
	for _, s := range p.Steps {
		if s.Change != step.Nothing {
			count++
		}
	}
	return count
}

// Blocked returns the findings that keep the plan from running.
func (p Plan) Blocked() []survey.Finding {
	var found []survey.Finding
	for _, f := range p.Findings {
		if f.Severity == survey.Blocker {
			found = append(found, f)
		}
	}
	return found
}

// LongestPath counts the steps on the longest chain of needs: with enough
// hands, the time of the plan is the time of that chain.
func (p Plan) LongestPath() int {
	depth := map[string]int{}
	longest := 0
	for _, s := range p.Steps { // an order in which needs come first
		d := 1
		for _, need := range s.Needs {
			d = max(d, depth[need]+1)
		}
		depth[s.ID] = d
		longest = max(longest, d)
	}
	return longest
}

// Apply runs a plan that nothing blocks and reports every change of a step's
// status. A step whose wish already holds changes nothing, so a plan can be
// applied again after a failure or an interruption. It returns when all steps
// have ended; its error joins the failures, or is the context's.
func Apply(ctx context.Context, plan Plan, emit pair.Emit) error {
	if blocked := plan.Blocked(); len(blocked) > 0 {
		return fmt.Errorf("the plan cannot run: %s. %s", blocked[0].Title, blocked[0].Meaning)
	}
	return step.Apply(ctx, plan.Steps, emit)
}

// Skip ends a step of the plan that only waits, now or once it begins, and
// says whether there is such a step. The step ends as skipped, which is no
// failure.
func (p Plan) Skip(id string) bool { return step.Skip(p.Steps, id) }

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
