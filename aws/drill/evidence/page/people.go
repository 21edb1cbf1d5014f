package page

import (
	"fmt"
	"strings"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/record"
	"bothways/probe/wording"
)

func identification(r figures.Report) section {
	s := section{Title: "What was drilled, by whom", Facts: []fact{
		{"drill", r.Drill.ID},
		{"test type", r.Drill.TestType},
		{"scenario", r.Drill.Scenario},
		{"risk or impact analysis", orNone(r.Drill.Reference)},
		{"started, ended", instant(r.Drill.Started) + ", " + instant(r.Drill.Ended)},
		{"run", r.Drill.RunID + ", by " + r.Drill.Tool},
		{"reached", r.Drill.Access},
		{"operator", orNone(r.People.Operator)},
		{"observer", orNone(r.People.Observer)},
		{"decision maker", orNone(r.People.Decision)},
		{"targets set by", orNone(r.People.TargetsBy)},
		{"agreed to by typing", orNone(r.People.Typed)},
		{"third parties", strings.Join(r.Scope.ThirdParties, "; ")},
		{"scope", scope(r)},
	}}
	t := table{Title: "Sides", Head: []string{"side", "Region", "bucket", "account", "caller"}}
	for _, side := range r.Scope.Sides {
		name := string(side.Side)
		if name == r.Scope.Lost {
			name += " (taken to be lost)"
		}
		t.Rows = append(t.Rows, []string{name, side.Region, side.Bucket, orNone(side.Account), orNone(side.Caller)})
	}
	s.Tables = []table{t}
	return s
}

func scope(r figures.Report) string {
	text := "every key"
	if r.Scope.Prefix != "" {
		text = "keys that start with " + r.Scope.Prefix
	}
	switch r.Drill.Kind {
	case string(record.Readiness):
		return text
	case string(record.Alarm):
		return fmt.Sprintf("objects of the drill's own; they fail for at most %s", length(r.Scope.BoxMS))
	}
	return fmt.Sprintf("%s; a canary of each direction every %s; the fault lasts at most %s; arrivals are waited for %s", text, length(r.Scope.EveryMS), length(r.Scope.BoxMS), length(r.Scope.DrainMS))
}

func orNone(text string) string {
	if text == "" {
		return "not given"
	}
	return text
}

func plan(r figures.Report) section {
	s := section{Title: "The plan", Facts: []fact{
		{"target for the RPO", targetText(r.Plan.RPOTargetMS)}, {"target for the RTO", targetText(r.Plan.RTOTargetMS)},
	}}
	for _, of := range []struct {
		name  string
		lines []string
	}{
		{"objectives", r.Plan.Objectives},
		{"hypotheses", r.Plan.Hypotheses},
		{"assumptions", r.Plan.Assumptions},
		{"preconditions", r.Plan.Preconditions},
		{"expected outcomes", r.Plan.Expected},
		{"stop rules", r.Plan.StopRules},
		{"shown before it was agreed to", r.Plan.Shown},
	} {
		if len(of.lines) > 0 {
			s.Facts = append(s.Facts, fact{of.name, strings.Join(of.lines, "; ")})
		}
	}
	return s
}

func targetText(ms *float64) string {
	if ms == nil {
		return "none was set"
	}
	return length(*ms)
}

func undo(r figures.Report) section {
	if len(r.Restoration.Lines) == 0 {
		return section{}
	}
	s := section{Title: "Lines that undo the drill without bothways", Verbatim: r.Restoration.Lines}
	if r.Scope.Masked {
		s.Text = []string{"Account IDs are masked here: put them in again before a line is used."}
	}
	return s
}

func standing(r figures.Report) section {
	return section{Title: "What this report stands on", Facts: []fact{
		{"journal", fmt.Sprintf("%d lines, SHA-256 %s", r.Journal.Lines, r.Journal.Original)},
		{"figures", "all reckoned anew from the journal in this folder; method.md says how, and what is not known"},
		{"samples", "samples.csv has every canary"},
		{"to check", "bothways drill verify FOLDER; or sha256sum -c SHA256SUMS in the folder"},
		{"articles", "articles.md says which field answers which article, and what is not covered"},
	}}
}

func signOff() section {
	t := table{Title: "Sign-off", Head: []string{"role", "name", "date", "signature"}}
	for _, role := range []string{"operator", "observer", "decision maker", "owner of the risk"} {
		t.Rows = append(t.Rows, []string{role, "", "", ""})
	}
	return section{Title: "Sign-off", Tables: []table{t}}
}

// Undo are the lines that undo the drill with the AWS CLI alone, as a text.
func Undo(r figures.Report) string {
	var out strings.Builder
	out.WriteString("# Undo the drill " + wording.Visible(r.Drill.ID) + " with the AWS CLI alone.\n")
	switch {
	case len(r.Restoration.Lines) == 0:
		out.WriteString("# The journal has no such lines.\n")
	case r.Scope.Masked:
		out.WriteString("# Account IDs are masked here: put them in again before a line is used.\n")
	}
	for _, line := range r.Restoration.Lines {
		out.WriteString(wording.Visible(line) + "\n")
	}
	return out.String()
}
