package page

import (
	"fmt"
	"strconv"
	"strings"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/record"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// mostKeys is how many lost keys the pages name; report.json and samples.csv have
// all of them.
const mostKeys = 20

func why(r figures.Report) section {
	s := section{Title: "Why"}
	s.List = append(s.List, r.Verdict.Why...)
	if r.Verdict.Recorded != r.Verdict.Reckoned {
		s.Text = append(s.Text, "Reckoned again from the figures below: "+r.Verdict.Reckoned+". "+strings.Join(r.Verdict.WhyNow, "; ")+".")
	}
	return s
}

func missing(r figures.Report) section {
	s := section{Title: "What is missing in this report", List: r.Journal.Missing}
	if len(r.Journal.Damaged) > 0 {
		s.Text = append(s.Text, fmt.Sprintf("%d lines of the journal are damaged and left out: what they said is missing here.", len(r.Journal.Damaged)))
	}
	if r.Journal.Torn {
		s.Text = append(s.Text, "The journal ends in the middle of a line, as after a crash.")
	}
	return s
}

func states(r figures.Report) table {
	t := table{Title: "States", Head: []string{"state", "entered (UTC)", "reached (UTC)", "from the canaries' start", "what was seen"}}
	notes := r.Execution.Remarks
	for _, s := range r.Execution.States {
		for len(notes) > 0 && s.EnteredAt != nil && notes[0].At != nil && notes[0].At.Before(*s.EnteredAt) {
			t.Rows, notes = append(t.Rows, noted(notes[0])), notes[1:]
		}
		t.Rows = append(t.Rows, []string{string(s.State), optionalInstant(s.EnteredAt), optionalInstant(s.ReachedAt), since(s.ReachedMS), s.Why})
	}
	for _, n := range notes {
		t.Rows = append(t.Rows, noted(n))
	}
	return t
}

// noted is what somebody typed, among the states.
func noted(n figures.Said) []string {
	text := n.Text
	if n.By != "" {
		text = n.By + ": " + text
	}
	return []string{"note", optionalInstant(n.At), "", "", text}
}

func ages(r figures.Report) section {
	s := section{Title: "Oldest missing write"}
	if len(r.Results.Backlog) > 0 {
		s.Drawing = agesDrawing
	}
	return s
}

func loss(r figures.Report) section {
	s := section{Title: "What would have been lost (RPO), three ways"}
	if r.Drill.Kind != "cut" && r.Drill.Kind != "pause" {
		return section{}
	}
	t := table{Title: "By canaries, at the cut", Head: []string{"direction", "oldest missing", "missing for certain", "not known", "of", "bytes", "holes", "oldest key"}}
	keys := table{Title: "Keys", Head: []string{"direction", "key", "version", "acknowledged", "missing", "hole"}}
	more := 0
	for _, l := range r.Results.RPO.ByCanaries {
		t.Rows = append(t.Rows, []string{
			l.Direction.Arrow(), lossText(l), strconv.Itoa(l.Certain), strconv.Itoa(l.Possible), strconv.Itoa(l.N), fmt.Sprintf("%d to %d", l.BytesLow, l.BytesHigh),
			strconv.Itoa(l.Holes), l.Oldest,
		})
		for i, k := range l.Keys {
			if i >= mostKeys {
				more += len(l.Keys) - i
				break
			}
			certain := "not known"
			if k.Certain {
				certain = "for certain"
			}
			keys.Rows = append(keys.Rows, []string{l.Direction.Arrow(), k.Key, k.Version, since(&k.PostedMS), certain, yes(k.Hole)})
		}
	}
	audit := table{Title: "By audit: an exact count of the scope", Head: []string{"direction", "versions missing", "bytes", "counted between", "whole"}}
	for _, c := range r.Results.RPO.ByAudit {
		audit.Rows = append(audit.Rows, []string{c.Direction.Arrow(), strconv.FormatInt(c.Versions, 10), wording.Size(c.Bytes), since(c.BeganMS) + " and " + since(c.EndedMS), yes(c.Whole)})
	}
	watch := table{Title: "By CloudWatch", Head: []string{"direction", "when", "metric", "value", "unit", "data point of (UTC)", "why none"}}
	for _, m := range r.Results.RPO.CloudWatch {
		value := "none"
		if m.Value != nil {
			value = strconv.FormatFloat(*m.Value, 'g', 6, 64)
		}
		at := ""
		if !m.Stamp.IsZero() {
			at = instant(m.Stamp)
		}
		watch.Rows = append(watch.Rows, []string{m.Direction.Arrow(), string(m.Moment), m.Name, value, m.Unit, at, m.Why})
	}
	for _, one := range []table{t, audit, watch, keys} {
		if len(one.Rows) > 0 {
			s.Tables = append(s.Tables, one)
		}
	}
	if more > 0 {
		s.Text = append(s.Text, fmt.Sprintf("%d more keys are in report.json and samples.csv.", more))
	}
	for _, way := range [][2]string{{"by_canaries", "By canaries"}, {"by_audit", "By audit"}, {"by_cloudwatch", "By CloudWatch"}} {
		if reason, none := r.Results.RPO.Reasons[way[0]]; none {
			s.Text = append(s.Text, way[1]+": "+reason+".")
		}
	}
	s.Text = append(s.Text, "Told as of the canaries: a writer that writes more often may have lost up to one canary's interval ("+length(r.Scope.EveryMS)+") more.")
	return s
}

func recovery(r figures.Report) section {
	if len(r.Results.RTO.Phases) == 0 {
		return section{}
	}
	t := table{Title: "Phases", Head: []string{"phase", "took", "how it was seen", "key"}}
	for _, p := range r.Results.RTO.Phases {
		t.Rows = append(t.Rows, []string{string(p.Step), between(&p.LowMS, &p.HighMS), p.How, p.Key})
	}
	t.Rows = append(t.Rows, []string{"from the fault to the end", between(r.Results.RTO.LowMS, r.Results.RTO.HighMS), against(r.Results.RTO.Held, r.Plan.RTOTargetMS, record.Kind(r.Drill.Kind).NoRTO()), ""})
	return section{Title: "Until the survivor served (RTO)", Tables: []table{t}}
}

func fault(r figures.Report) section {
	f := r.Results.Fault
	if f.BeginsMS == nil {
		return section{}
	}
	s := section{Title: "The fault", Facts: []fact{{"began", since(f.BeginsMS)}, {"ended", since(f.EndsMS)}, {"lasted", lengths(f.LengthMS)}}}
	t := table{Title: "Isolation, as the canaries show it", Head: []string{"direction", "seen", "last that arrived", "first that did not", "in a row", "first arrival afterwards"}}
	for _, i := range f.Isolations {
		t.Rows = append(t.Rows, []string{i.Direction.Arrow(), yes(i.Seen), since(i.LastArrived), since(i.FirstHeld), strconv.Itoa(i.Held), since(i.EndsLowMS) + " to " + since(i.EndsHighMS)})
	}
	if len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	}
	written := table{Title: "Canaries", Head: []string{"direction", "begun", "acknowledged", "refused", "unusable", "during the fault", "in flight at the journal's end"}}
	for _, c := range r.Execution.Canaries {
		written.Rows = append(written.Rows, []string{
			c.Direction.Arrow(), strconv.Itoa(c.Intended), strconv.Itoa(c.Acked), strconv.Itoa(c.Refused), strconv.Itoa(c.Unusable), strconv.Itoa(c.During), strconv.Itoa(c.Flying),
		})
	}
	if len(written.Rows) > 0 {
		s.Tables = append(s.Tables, written)
	}
	statuses := table{Title: "What HEAD said of canaries", Head: []string{"when", "direction", "side asked", "key", "status"}}
	for _, h := range r.Execution.Statuses {
		status := h.Status
		if h.Unknown != "" {
			status = unknown + ": " + h.Unknown
		} else if status == "" {
			status = "none"
		}
		statuses.Rows = append(statuses.Rows, []string{string(h.Moment), h.Direction.Arrow(), string(h.Side), h.Key, status})
	}
	if len(statuses.Rows) > 0 {
		s.Tables = append(s.Tables, statuses)
	}
	return s
}

func convergence(r figures.Report) section {
	c := r.Results.Convergence
	if c.ByAudit.LowMS == nil && c.ByCanaries.LowMS == nil {
		return section{}
	}
	apart := ""
	if c.ApartMS != nil {
		apart = ", " + length(*c.ApartMS) + " apart"
	}
	return section{Title: "Until both sides held the same again", Facts: []fact{
		{"by canaries", between(c.ByCanaries.LowMS, c.ByCanaries.HighMS) + " after the fault's end, until the last canary acknowledged before it was there"},
		{"by audit", between(c.ByAudit.LowMS, c.ByAudit.HighMS) + " after the fault's end"},
		{"clean twice", yes(c.Twice) + apart},
		{"canaries that never arrived", strconv.Itoa(c.LeftOver)},
		{"backfill", r.Results.Backfill.Method},
	}}
}

func steadyState(r figures.Report) section {
	s := section{Title: "The steady state, before and after"}
	for _, of := range []struct {
		title string
		rows  []stats.SummaryEvent
	}{{"Before the fault", r.Results.Baseline}, {"Afterwards", r.Results.After}} {
		t := table{Title: of.title, Head: []string{"direction", "size", "n", "median (95 %)", "p95 (95 %)", "p99", "longest", "gave up", "interrupted"}}
		for _, e := range of.rows {
			size := "all"
			if e.SizeBytes != nil {
				size = wording.Size(*e.SizeBytes)
			}
			lacking := e.Lacking()
			write := func(q wording.Quantile) string { return q.WithInterval("", wording.Duration) }
			t.Rows = append(t.Rows, []string{
				e.Direction.Arrow(), size, strconv.Itoa(e.N), write(stats.Quoted(e.MedianMS, e.MedianOverMS, e.MedianAtMostMS, e.MedianIntervalMS, lacking.Median)),
				write(stats.Quoted(e.P95MS, e.P95OverMS, e.P95AtMostMS, e.P95IntervalMS, lacking.P95)),
				write(stats.Quoted(e.P99MS, e.P99OverMS, e.P99AtMostMS, e.P99IntervalMS, lacking.P99)),
				longest(e), strconv.Itoa(e.GaveUp), strconv.Itoa(e.Interrupted),
			})
		}
		if len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
	}
	for _, b := range r.Results.FailBack {
		text := b.Line()
		if b.Slower {
			text += " That is a regression: the whole interval lies above 1.25."
		}
		s.List = append(s.List, text)
	}
	for _, w := range r.Results.Within {
		text := fmt.Sprintf("%s: of %d canaries before the fault %d took at most the target of %s, %d took longer", w.Direction.Arrow(), w.N, w.Within, length(w.TargetMS), w.Over)
		if w.Unknown > 0 {
			text += fmt.Sprintf(", of %d it is not known", w.Unknown)
		}
		if w.MissBound != nil {
			text += fmt.Sprintf("; with %d and none over it the share that misses is below %s, with 95 %% confidence", w.N, stats.Percent(*w.MissBound)+" %")
		}
		s.List = append(s.List, text+".")
	}
	return s
}

func longest(e stats.SummaryEvent) string {
	switch {
	case e.MaxOverMS != nil:
		return "over " + wording.Duration(probe.Duration(*e.MaxOverMS))
	case e.MaxAtMostMS != nil:
		return "at most " + wording.Duration(probe.Duration(*e.MaxAtMostMS))
	case e.MaxMS != nil:
		return wording.Duration(probe.Duration(*e.MaxMS))
	}
	return wording.None
}
