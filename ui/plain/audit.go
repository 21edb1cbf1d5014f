package plain

import (
	"fmt"
	"strings"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/report"
	told "bothways/aws/audit/words"
	"bothways/probe/wording"
)

// auditing is what the lines of an audit's end are made of.
type auditing struct {
	started  audit.Started
	examples map[difference.Group][]string // the first of each group
	mending  report.Mending
}

// mostExamples is how many versions of a group have a line; all are in the JSON
// output and in the run's reports.
const mostExamples = 3

// takeStarted begins an audit.
func (w *Writer) takeStarted(e audit.Started) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.audit = auditing{started: e, examples: map[difference.Group][]string{}}
}

// takeDifference keeps the first differences of each group, to be named at the
// end.
func (w *Writer) takeDifference(d difference.Difference) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g := difference.GroupOf(d)
	if named := w.audit.examples[g]; w.audit.examples != nil && len(named) < mostExamples {
		w.audit.examples[g] = append(named, told.Example(d))
	}
}

// takeMending keeps what puts right what was found, to be told after it.
func (w *Writer) takeMending(m report.Mending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.audit.mending = m
}

// auditStartedLine says what is compared.
func auditStartedLine(e audit.Started) string {
	line := "comparing A " + e.Pair.A.String() + " and B " + e.Pair.B.String() + ": " + report.Scope(e)
	if e.Resumes != "" {
		line += "; going on where run " + e.Resumes + " stopped"
	}
	return line
}

// auditProgressLine says how an audit goes.
func auditProgressLine(e audit.Progress) string {
	s := told.Sum(e.Tally)
	parts := []string{string(e.Phase)}
	if e.Done >= 0 && e.Phase == audit.Listing {
		parts = append(parts, fmt.Sprintf("%.0f %%", 100*e.Done))
	}
	parts = append(parts, told.Number(s.All)+" versions compared", told.Number(int64(e.PerSecond))+" a second")
	if e.Candidates > 0 {
		parts = append(parts, told.Number(e.Candidates)+" to look at again")
	}
	if wrong := e.Tally.Of(difference.Wrong).Versions; wrong > 0 {
		parts = append(parts, told.Number(wrong)+" wrong")
	}
	if e.Left >= 0 && e.Phase == audit.Listing {
		parts = append(parts, "about "+wording.Duration(e.Left)+" left")
	}
	if e.Waiting != "" {
		parts = append(parts, "no answer from "+e.Waiting)
	}
	return strings.Join(parts, ", ")
}

// audited sums an audit up: the verdict, the table, examples with what puts them
// right, and how all of it was got.
func (w *Writer) audited(e audit.Result) {
	w.mu.Lock()
	a := w.audit
	w.mu.Unlock()
	w.Line("%s", told.Headline(e.Tally, e.Complete, e.Lists))
	if mending := told.Mending(e.Tally); mending != "" {
		w.Line("%s", mending)
	}
	if !e.Complete && e.Why != "" {
		w.Line("Not finished: %s.", strings.TrimSuffix(e.Why, "."))
	}
	rows := told.Rows(e.Tally)
	label := 0
	for _, r := range rows {
		label = max(label, len([]rune(told.Label(r.Verdict))))
	}
	w.Line("")
	if w.Wide() {
		w.auditTable(rows)
	} else {
		for _, r := range rows {
			w.Line("%s", auditRow(r, label))
			if more := reasonAndRemedy(r); more != "" {
				w.Line("    %s", more)
			}
		}
	}
	for _, r := range rows {
		named := a.examples[r.Group]
		if r.Counted || len(named) == 0 || r.Verdict.Severity() == difference.Fine {
			continue
		}
		w.Line("")
		w.Line("%s", auditRow(r, label))
		w.Line("  %s", told.Meaning(r.Verdict))
		if why := told.Cause(r.Cause); why != "" {
			w.Line("  Why: %s.", why)
		}
		if do := told.Do(r.Remedy); do != "" {
			w.Line("  To put right: %s.", do)
		}
		for _, example := range named {
			w.Line("    %s", example)
		}
		if more := r.Versions - int64(len(named)); more > 0 {
			w.Line("    and %s more", told.Number(more))
		}
	}
	w.mendings(a.mending)
	w.Line("")
	w.Line("Compared: %s, up to %s.", report.Scope(a.started), report.CutOff(e.CutOff))
	w.Line("Asked for: %s.", report.Asked(a.started, e.Requests))
	w.Line("Each difference was looked at twice. No listing shows tags, ACLs, retention and legal holds, annotations: --deep N looks at those of N random versions.")
}

// mendings says what puts right what was found, remedy by remedy, and the line that
// does what needs no choice.
func (w *Writer) mendings(m report.Mending) {
	if len(m.Remedies) > 0 {
		w.Line("")
		w.Line("What puts it right:")
	}
	for _, one := range m.Remedies {
		w.Line("%7s  %s", told.Number(one.Versions), one.Text)
	}
	if m.Command != "" {
		w.Line("")
		w.Line("To go on with (without --yes it shows what it would do, and changes nothing):")
		w.Line("  %s", m.Command)
	}
}

// auditRow is a row of the table, whose labels have so many characters at most.
func auditRow(r told.Row, label int) string {
	return strings.TrimRight(fmt.Sprintf("%s %-*s  %-6s  %-5s  %10s  %9s",
		told.Symbol(r.Verdict), label, told.Label(r.Verdict), r.Where(), report.Arrow(r.Way), told.Number(r.Versions), wording.Size(r.Bytes)), " ")
}

// auditTable is the table on a terminal that has room for it.
func (w *Writer) auditTable(rows []told.Row) {
	cells := make([][]string, 0, len(rows))
	for _, r := range rows {
		cells = append(cells, []string{told.Symbol(r.Verdict), told.Label(r.Verdict), r.Where(), report.Arrow(r.Way), told.Number(r.Versions), wording.Size(r.Bytes), reasonAndRemedy(r)})
	}
	w.Table([]string{"", "what", "where", "way", "versions", "bytes", "why, and what puts it right"}, cells)
}

// reasonAndRemedy is the second line of a row: why it is so, and what puts it right.
func reasonAndRemedy(r told.Row) string {
	cause, do := told.Cause(r.Cause), told.Do(r.Remedy)
	switch {
	case cause != "" && do != "":
		return cause + "; " + do
	case do != "":
		return do
	}
	return cause
}
