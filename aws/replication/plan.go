// Package replication sets up two-way replication between the two sides of a
// pair, proves it and takes it down again: survey, plan, apply, prove, undo.
//
// A plan is data: what was reviewed is exactly what runs.
package replication

import (
	"bothways/aws/pair"
)

// Plan is the ordered steps from what the survey found to the wanted state.
// Steps are in an order in which they could run one after the other; steps
// that don't need each other run side by side.
type Plan struct {
	Pair     pair.Pair
	Accounts map[pair.SideName]string // that the sides belong to
	Purpose  Purpose
	Steps    []Step
	Findings []Finding // what the survey found worth saying, blockers first
	// Wanted is what stands once a set-up plan has run; nil for others.
	Wanted *Wanted
}

// Purpose says what a plan is for.
type Purpose string

// What plans are for.
const (
	SetUp    Purpose = "set up"
	TearDown Purpose = "tear down"
)

// Severity ranks a finding.
type Severity string

// The severities.
const (
	Blocker Severity = "blocker" // the plan cannot run
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is something the survey saw that the reviewer should know.
type Finding struct {
	Severity Severity
	Side     pair.SideName
	Title    string // what is there
	Meaning  string // what it means, and what will be done or must be done
	// Consent says that a blocker is lifted by agreeing to something, and to
	// what: the console asks for it, the commands take it as a flag.
	Consent pair.Consent
}

func finding(severity Severity, side pair.SideName, title, meaning string) Finding {
	return Finding{Severity: severity, Side: side, Title: title, Meaning: meaning}
}

// Planned is the plan's first line in a journal.
func (p Plan) Planned() Planned {
	return Planned{Pair: p.Pair, Accounts: p.Accounts, Purpose: p.Purpose}
}

// Changes counts the steps that have something to do, canaries among them.
func (p Plan) Changes() int {
	count := 0
	for _, s := range p.Steps {
		if s.Change != Nothing {
			count++
		}
	}
	return count
}

// Blocked returns the findings that keep the plan from running.
func (p Plan) Blocked() []Finding {
	var found []Finding
	for _, f := range p.Findings {
		if f.Severity == Blocker {
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
