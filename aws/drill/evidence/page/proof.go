package page

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

func integrity(r figures.Report) section {
	s := section{Title: "Integrity and completeness"}
	t := table{Title: "Audits of the scope", Head: []string{"when", "at (UTC)", "versions looked at", "clean", "whole", "what differs", "the audit's run"}}
	rest := table{Title: "What differs, by key", Head: []string{"when", "key", "version", "only on", "verdict"}}
	for _, c := range r.Results.Integrity {
		counts := make([]string, 0, len(c.Counts))
		for _, verdict := range slices.Sorted(maps.Keys(c.Counts)) {
			counts = append(counts, fmt.Sprintf("%s %d", verdict, c.Counts[verdict]))
		}
		if c.Why != "" {
			counts = append(counts, c.Why)
		}
		t.Rows = append(t.Rows, []string{string(c.Moment), instant(c.At), strconv.FormatInt(c.Versions, 10), yes(c.Clean), yes(c.Whole), strings.Join(counts, "; "), c.RunID})
		for i, d := range c.Differences {
			if i == mostKeys {
				s.Text = append(s.Text, fmt.Sprintf("%d more differences are in report.json.", int64(len(c.Differences)-i)+c.Unlisted))
				break
			}
			rest.Rows = append(rest.Rows, []string{string(c.Moment), d.Key, d.Version, string(d.On), d.Verdict})
		}
	}
	for _, one := range []table{t, rest} {
		if len(one.Rows) > 0 {
			s.Tables = append(s.Tables, one)
		}
	}
	if l := r.Results.Loops; l.Held+l.Broken+l.Unknown > 0 {
		s.Text = append(s.Text, fmt.Sprintf("Loop checks of canaries, that a replica does not come back: %d held, %d broken, of %d it is not known.", l.Held, l.Broken, l.Unknown))
	}
	return s
}

func conflicts(r figures.Report) section {
	if len(r.Results.Conflicts) == 0 {
		return section{}
	}
	c := r.Results.Same
	s := section{Title: "Keys that both sides changed", Text: []string{
		fmt.Sprintf("%d keys: both sides serve the same of %d, not the same of %d, and of %d it is not known. AWS does not say which version wins.", c.Keys, c.Same, c.Differ, c.Unknown),
	}}
	t := table{Title: "What each side serves", Head: []string{"key", "kind", "A wrote", "B wrote", "A serves", "B serves", "the same"}}
	for _, one := range r.Results.Conflicts {
		same := unknown
		if one.Same != nil {
			same = yes(*one.Same)
		}
		t.Rows = append(t.Rows, []string{
			one.Key, strings.ReplaceAll(string(one.Kind), "_", " "), wrote(one.Wrote[pair.A]), wrote(one.Wrote[pair.B]), served(one.Serves, pair.A), served(one.Serves, pair.B), same,
		})
	}
	s.Tables = []table{t}
	return s
}

func wrote(w record.Written) string {
	text := w.Version
	if w.Marker {
		text += " (delete marker)"
	}
	if !w.At.IsZero() {
		text += " at " + instant(w.At)
	}
	return text
}

func served(all map[pair.SideName]record.Served, side pair.SideName) string {
	s, looked := all[side]
	switch {
	case !looked:
		return "not looked at"
	case s.Unknown != "":
		return unknown + ": " + s.Unknown
	case s.None:
		return "nothing"
	}
	text := s.Version
	if s.Marker {
		text += " (delete marker)"
	}
	if s.Of != "" {
		text += ", written on " + string(s.Of)
	}
	return text
}

func alarms(r figures.Report) section {
	t := table{Title: "Alarms", Head: []string{"alarm", "side", "seen by", "rang", "after the failing object was written", "by AWS's clock (UTC)", "reason"}}
	for _, a := range r.Results.Alarms {
		after, rang, why := between(a.LowMS, a.HighMS), yes(a.Rang), a.Reason
		switch {
		case a.Unknown != "":
			after, rang, why = unknown, unknown, a.Unknown
		case !a.Rang:
			after = "not within " + lengths(a.LowMS)
		}
		t.Rows = append(t.Rows, []string{a.Name, a.Side, a.How, rang, after, orNone(a.Updated), orNone(why)})
	}
	if len(t.Rows) == 0 {
		return section{}
	}
	return section{Title: "Did an alarm ring?", Tables: []table{t}}
}

func restoration(r figures.Report) section {
	s := section{Title: "Proof that everything is as it was"}
	same := unknown + ": they were not read both times"
	if bothTimes(r) {
		same = yes(r.Restoration.Equal)
	}
	s.Facts = append(s.Facts, fact{"both configurations are what they were", same})
	if e := r.Restoration.RolesEqual; e != nil {
		s.Facts = append(s.Facts, fact{"the roles may do what they might", yes(*e)})
	}
	tags := unknown + ": they were not read both times"
	if r.Restoration.TagsEqual != nil {
		tags = yes(*r.Restoration.TagsEqual)
	}
	s.Facts = append(s.Facts, fact{"the buckets' tags are what they were", tags})
	undone := r.Restoration.Undo
	if undone == "" {
		undone = unknown
	}
	s.Facts = append(s.Facts, fact{"undo", undone})
	t := table{Title: "Replication configurations", Head: []string{"side", "when", "read at (UTC)", "SHA-256", "file", "hash is that of the file"}}
	for _, c := range r.Restoration.Configurations {
		t.Rows = append(t.Rows, []string{string(c.Side), string(c.Moment), instant(c.At), c.SHA256, c.File, c.Hashed})
	}
	if len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	}
	roles := table{Title: "Roles", Head: []string{"side", "role", "when", "read at (UTC)", "SHA-256", "hash is that of the document"}}
	for _, p := range r.Restoration.Roles {
		roles.Rows = append(roles.Rows, []string{string(p.Side), p.Role, string(p.Moment), instant(p.At), p.SHA256, p.Hashed})
	}
	if len(roles.Rows) > 0 {
		s.Tables = append(s.Tables, roles)
	}
	for _, left := range r.Restoration.Left {
		s.List = append(s.List, "left behind: "+left)
	}
	for i, left := range r.Restoration.Objects {
		if i == mostKeys {
			s.List = append(s.List, fmt.Sprintf("and %d more objects, which report.json names", len(r.Restoration.Objects)-i))
			break
		}
		s.List = append(s.List, "not cleaned up for certain: "+left)
	}
	return s
}

func deviations(r figures.Report) section {
	s := section{Title: "Deviations and notes"}
	for _, d := range r.Execution.Deviations {
		s.List = append(s.List, said("deviation", d))
	}
	for _, n := range r.Execution.Remarks {
		s.List = append(s.List, said("note", n))
	}
	return s
}

func said(kind string, s figures.Said) string {
	text := kind
	if s.At != nil && !s.At.IsZero() {
		text += " at " + instant(*s.At)
	}
	if s.By != "" {
		text += " by " + s.By
	}
	return text + ": " + s.Text
}

func findings(r figures.Report) section {
	t := table{Title: "Findings", Head: []string{"no.", "severity", "finding", "what to do", "owner", "due date", "retest"}}
	for _, f := range r.Findings {
		text := f.Title
		if f.Side != "" {
			text = "side " + f.Side + ": " + text
		}
		if f.Text != "" {
			text += ". " + f.Text
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(f.Number), f.Severity, text, f.Todo, f.Owner, f.Due, f.Retest})
	}
	s := section{Title: "Findings", Tables: []table{t}}
	if len(r.Findings) == 0 {
		s.Tables, s.Text = nil, []string{"The drill found nothing by itself. What people found is to be added by hand."}
	} else {
		s.Text = []string{"Owner, due date and retest are to be filled in, on paper or in a copy: what is changed in this folder shows."}
	}
	return s
}

func calls(r figures.Report) section {
	s := section{Title: "Every call that may have changed something"}
	t := table{Title: "Calls", Head: []string{"sent (UTC)", "service", "operation", "side", "on what", "request ID", "outcome"}}
	for _, c := range r.Execution.Calls {
		at := c.SentAt
		if at == nil {
			at = c.Answered
		}
		t.Rows = append(t.Rows, []string{optionalInstant(at), c.Service, c.Operation, string(c.Side), c.Target, c.RequestID, c.Outcome})
	}
	if len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	} else {
		s.Text = append(s.Text, "The journal has none, but for canaries: each is in samples.csv with its key and version.")
	}
	e := table{Title: "Experiments of AWS FIS", Head: []string{"direction", "experiment", "template", "state", "started (UTC)", "ended (UTC)", "reason"}}
	for _, x := range r.Execution.Experiments {
		e.Rows = append(e.Rows, []string{x.Direction.Arrow(), x.ID, x.Template, x.State, knownInstant(x.StartedAt), knownInstant(x.EndedAt), x.Reason})
	}
	if len(e.Rows) > 0 {
		s.Tables = append(s.Tables, e)
	}
	steps := table{Title: "Changes of the pair", Head: []string{"step", "status", "detail"}}
	for _, x := range r.Execution.Steps {
		steps.Rows = append(steps.Rows, []string{x.ID, x.Status, x.Detail})
	}
	if len(steps.Rows) > 0 {
		s.Tables = append(s.Tables, steps)
	}
	return s
}

func costs(r figures.Report) section {
	s := section{Title: "Cost"}
	for _, of := range []struct {
		name string
		cost *record.Cost
	}{{"Estimated before", r.Cost.Estimated}, {"Counted afterwards", r.Cost.Counted}} {
		if of.cost == nil {
			continue
		}
		t := table{Title: of.name, Head: []string{"what", "how much", "USD"}}
		for _, i := range of.cost.Items {
			t.Rows = append(t.Rows, []string{i.What, strconv.FormatFloat(i.N, 'g', 8, 64) + " " + i.Unit, dollars(i.Dollars)})
		}
		t.Rows = append(t.Rows, []string{"together, at list prices of " + of.cost.PricesAsOf, "", dollars(of.cost.Dollars)})
		for _, u := range of.cost.Unpriced {
			t.Rows = append(t.Rows, []string{u, "", "no price is known here"})
		}
		s.Tables = append(s.Tables, t)
	}
	if u := r.Cost.Canaries; u != nil {
		text := fmt.Sprintf("The canaries took %s and %s uploaded", wording.Count(int(u.Total()), "request"), wording.Size(u.BytesAtoB+u.BytesBtoA))
		if u.Priced {
			text += ", " + dollars(u.Dollars) + " USD at list prices of " + u.PricesAsOf
		}
		s.Text = append(s.Text, text+".")
	}
	return s
}

func dollars(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }
