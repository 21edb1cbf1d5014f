// Package page writes the report of a drill for people: Markdown, a page of HTML
// that loads nothing, the canaries as CSV, and the pages that say how the numbers
// were got and what they answer.
package page

import (
	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/record"
)

// document is a report as Markdown and HTML show it alike. Its texts are plain:
// each face escapes them.
type document struct {
	Kicker, Title, Lead string
	Notes               []string // what a reader must know before anything else
	Headline            string
	Class               string // good, wrong or open
	Cards               []card
	Sections            []section
	Version             string
}

// card is one figure at a glance.
type card struct{ Name, Figure, Detail, Class string }

type section struct {
	Title    string
	Text     []string
	Drawing  int // of the page's drawings, from 1; 0: none
	Facts    []fact
	Tables   []table
	List     []string
	Verbatim []string // lines to copy
}

type fact struct{ Name, Text string }

type table struct {
	Title string
	Head  []string
	Rows  [][]string
}

// The drawings of a page.
const (
	phasesDrawing = iota + 1
	agesDrawing
)

func compose(r figures.Report) document {
	d := document{
		Kicker: "Disaster-recovery drill of two buckets that replicate to each other", Title: title(r), Lead: lead(r), Notes: notes(r),
		Headline: headline(r), Class: class(r), Cards: cards(r), Version: r.Drill.WrittenBy,
	}
	if r.Drill.Kind == string(record.Alarm) { // it has no steady state, and nothing has to come together again
		r.Results.Baseline, r.Results.After, r.Results.Convergence, r.Execution.Canaries = nil, nil, figures.Convergence{}, nil
	}
	for _, s := range []section{
		why(r), missing(r),
		{Title: "Time line", Drawing: phasesDrawing, Tables: []table{states(r)}},
		ages(r), loss(r), recovery(r), fault(r), convergence(r), steadyState(r),
		integrity(r), conflicts(r), alarms(r), restoration(r), deviations(r), findings(r), identification(r), plan(r), calls(r), costs(r), undo(r), standing(r), signOff(),
	} {
		if len(s.Text)+len(s.Facts)+len(s.Tables)+len(s.List)+len(s.Verbatim)+s.Drawing > 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	return d
}

func title(r figures.Report) string {
	if r.Drill.Title != "" {
		return r.Drill.Title
	}
	if len(r.Scope.Sides) == 2 && r.Scope.Sides[0].Region != "" {
		return "Drill " + r.Drill.ID + ": " + r.Scope.Sides[0].Region + " ⇄ " + r.Scope.Sides[1].Region
	}
	return "Drill " + r.Drill.ID
}

func lead(r figures.Report) string {
	return r.Drill.Kind + " drill " + r.Drill.ID + ", " + instant(r.Drill.Started) + " to " + instant(r.Drill.Ended) + ": " + r.Drill.Scenario
}

func notes(r figures.Report) []string {
	all := append([]string{}, r.Drill.Notes...)
	if r.Drill.Simulated && len(all) == 0 {
		all = append(all, "Sandbox: the times are simulated")
	}
	if r.Scope.Masked {
		all = append(all, "Account IDs are masked in this folder, so that its configurations' hashes are those of documents that are not here")
	}
	return all
}
