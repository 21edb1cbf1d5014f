package compare

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
	"bothways/probe/cost"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// Draw implements host.Screen.
func (s *auditScreen) Draw(width, height int) []string {
	t := s.host.Look().Theme
	if s.open != nil {
		return s.open.Draw(width, height)
	}
	if s.failure != "" {
		lines := []string{"", " " + t.Bad.Render("✗ The two sides could not be compared.")}
		lines = append(lines, widget.Hang("   ", widget.Clean(s.failure), width-1)...)
		return append(lines, widget.Hang("   ", "Nothing was changed. r compares again, esc goes back.", width-1)...)
	}
	lines := append(s.status(width), s.verdict(width, height)...)
	rows := s.rows()
	if len(rows) == 0 {
		return append(lines, t.Muted.Render("   Nothing is counted yet. It reads only: nothing is changed."))
	}
	lines = append(lines, s.head(width))
	room := height - len(lines)
	lines = append(lines, s.list.Draw(t, len(rows), len(lines), width, max(3, min(len(rows), room*5/10)), true, func(i, width int) string {
		return s.row(rows[i], i == s.list.Selected, width)
	})...)
	lines = append(lines, t.Rule.Render(" "+widget.Dashes(width-2)))
	return append(lines, s.details.Draw(t, s.detail(width), len(lines), height-len(lines))...)
}

// barWidth is that of the bar while an audit goes on.
const barWidth = 16

// status says where the audit stands, what it has cost and how fast it goes.
func (s *auditScreen) status(width int) []string {
	t, p := s.host.Look().Theme, s.progress
	c := cost.OfReading(s.wanted, p.Requests.Lists, p.Requests.Heads)
	price := "less than 0.001 USD"
	if c.Dollars >= 0.001 {
		price = fmt.Sprintf("%.3f USD", c.Dollars)
	}
	entries := p.Tally.VersionsA + p.Tally.VersionsB + p.Tally.MarkersA + p.Tally.MarkersB
	if s.run == nil {
		text := ""
		if s.result != nil {
			text = words.Number(entries) + " versions listed in " + wording.Duration(s.result.Finished.Sub(s.result.Began)) + ", " + price + ", up to " + s.result.CutOff.UTC().Format("15:04:05 UTC")
		}
		return []string{widget.Fit(" "+t.Muted.Render(text), width)}
	}
	phase := string(p.Phase)
	if phase == "" {
		phase = "asking both sides"
	}
	line := " " + t.Accent.Render(s.host.Look().Spin) + " " + widget.Choice(s.stopping, "stopping", phase)
	if p.Done >= 0 && p.Phase == audit.Listing {
		full := min(barWidth, int(p.Done*barWidth))
		line += "  " + t.Accent.Render(strings.Repeat("█", full)) + t.Rule.Render(strings.Repeat("·", barWidth-full)) + fmt.Sprintf(" %.0f %%", 100*p.Done)
	}
	parts := []string{words.Number(entries) + " versions", words.Number(int64(p.PerSecond)) + " a second"}
	if p.Left >= 0 && p.Phase == audit.Listing {
		parts = append(parts, "about "+wording.Duration(p.Left)+" left")
	}
	parts = append(parts, price)
	if p.Candidates > 0 {
		parts = append(parts, words.Number(p.Candidates)+" to look at again")
	}
	parts = append(parts, widget.Count(p.Workers, "worker", "workers"))
	lines := []string{line}
	rest := ""
	for _, part := range parts { // whole parts only
		switch {
		case rest == "":
			rest = part
		case lipgloss.Width(rest)+2+len(part) < width-4:
			rest += ", " + part
		}
	}
	if lipgloss.Width(line)+2+lipgloss.Width(rest) <= width {
		lines[0] += "  " + t.Muted.Render(rest)
	} else {
		lines = append(lines, "   "+t.Muted.Render(rest))
	}
	if p.Waiting != "" {
		lines = append(lines, widget.Hang(" "+t.Warn.Render("!")+" ", widget.Clean("no answer from "+p.Waiting), width-1)...)
	}
	return lines
}

// The plain sentences are bounded, so that the table stays in view: on a low
// screen there is the worst alone.
const (
	mostSentences = 3
	lowScreen     = 14
)

// verdict is what there is to say in plain words.
func (s *auditScreen) verdict(width, height int) []string {
	t := s.host.Look().Theme
	tally := s.progress.Tally
	most, apart := mostSentences, []string{""}
	if height < lowScreen {
		most, apart = 1, nil
	}
	var lines []string
	if said := words.Plainly(tally, places(s.wanted)); len(said) > 0 {
		if more := len(said) - most; more > 0 {
			said = said[:most]
			said[most-1] += " And more:"
		}
		for i, sentence := range said {
			mark := "   "
			if i == 0 {
				mark = " " + t.Bad.Render("✗") + " "
			}
			for j, line := range widget.Wrap(widget.Clean(sentence), width-4) {
				if j > 0 {
					mark = "   "
				}
				lines = append(lines, mark+t.Strong.Render(line))
			}
		}
		if s.mendable() && s.notYet() == "" {
			lines = append(lines, widget.Fit("   Press "+t.Key.Render("b")+" "+s.mending(), width))
		}
		return append(append(lines, s.unfinished(width)...), apart...)
	}
	if s.run == nil && s.result == nil {
		return []string{""}
	}
	complete := s.result != nil && s.result.Complete
	mark, style := " "+t.Good.Render("✓")+" ", t.Good
	if !complete || tally.Of(difference.Open).Versions > 0 {
		mark, style = " "+t.Accent.Render("·")+" ", t.Strong
	}
	for i, line := range widget.Wrap(words.Headline(tally, complete), width-4) {
		if i > 0 {
			mark = "   "
		}
		lines = append(lines, mark+style.Render(line))
	}
	return append(append(lines, s.unfinished(width)...), apart...)
}

// mending says what the key that puts it right does.
func (s *auditScreen) mending() string {
	sum := words.Sum(s.progress.Tally)
	a, b := sum.Missing[pair.A].Versions, sum.Missing[pair.B].Versions
	others := sum.Conflicts.Versions + sum.Differing.Versions + sum.Deletions[pair.A].Versions + sum.Deletions[pair.B].Versions
	them := func(n int64) string { return widget.Choice(n == 1, "it", "them") }
	switch {
	case others == 0 && a == 0:
		return "to copy " + them(b) + " to " + widget.Clean(places(s.wanted)[pair.B]) + ": a plan and its price come first."
	case others == 0 && b == 0:
		return "to copy " + them(a) + " to " + widget.Clean(places(s.wanted)[pair.A]) + ": a plan and its price come first."
	}
	return "to put that right: a plan and its price come first."
}

// unfinished says that there may be more, where the audit did not come to its end.
func (s *auditScreen) unfinished(width int) []string {
	if s.result == nil || s.result.Complete {
		return nil
	}
	text := "Not finished: " + strings.TrimSuffix(s.result.Why, ".") + "."
	if s.runID != "" {
		text += " g goes on where it stopped."
	}
	return widget.Hang(" "+s.host.Look().Theme.Warn.Render("!")+" ", widget.Clean(text), width-1)
}

// The table's columns.
const (
	labelWidth  = 32
	whereWidth  = 8
	markerWidth = 3 // of the list
	numberWidth = 11
	filesFrom   = 80 // columns, from which there is room for all numbers
	causeFrom   = 96 // and for the cause
)

func (s *auditScreen) head(width int) string {
	t := s.host.Look().Theme
	head := "     " + widget.Pad("", labelWidth) + widget.Pad("only in", whereWidth)
	if width >= filesFrom {
		head += left("files", numberWidth)
	}
	head += left("versions", numberWidth)
	if width >= filesFrom {
		head += left("size", 11)
	}
	if width >= causeFrom {
		head += "  why"
	}
	return t.Muted.Render(widget.Fit(head, width))
}

func left(text string, width int) string {
	return strings.Repeat(" ", max(0, width-lipgloss.Width(text))) + text
}

// row is one line of the table.
func (s *auditScreen) row(r words.Row, selected bool, width int) string {
	t := s.host.Look().Theme
	style := severityStyle(t, r.Verdict.Severity())
	label := widget.Pad(words.Label(r.Verdict), labelWidth)
	if selected {
		label = t.Selected.Render(label)
	}
	files := ""
	if !r.Counted {
		files = words.Number(r.Keys)
	}
	line := style.Render(words.Symbol(r.Verdict)) + " " + label + s.where(r)
	wide := width + markerWidth
	if wide >= filesFrom {
		line += left(files, numberWidth)
	}
	line += left(words.Number(r.Versions), numberWidth)
	if wide >= filesFrom {
		line += left(wording.Size(r.Bytes), 11)
	}
	if wide >= causeFrom {
		line += "  " + t.Muted.Render(widget.Clean(words.Cause(r.Cause)))
	}
	return line
}

// where is the side that alone has it, in the colour of the way that leads from it.
func (s *auditScreen) where(r words.Row) string {
	t := s.host.Look().Theme
	if r.Only == "" {
		return widget.Pad("", whereWidth)
	}
	way := pair.AtoB
	if r.Only == pair.B {
		way = pair.BtoA
	}
	return widget.Pad(t.Direction[way].Render(string(r.Only)), whereWidth)
}

func severityStyle(t widget.Theme, severity difference.Severity) lipgloss.Style {
	switch severity {
	case difference.Fine:
		return t.Good
	case difference.Waiting:
		return t.Accent
	case difference.Open:
		return t.Warn
	case difference.Wrong:
	}
	return t.Bad
}

// detail is everything about the chosen line.
func (s *auditScreen) detail(width int) []string {
	r, any := s.selected()
	if !any {
		return nil
	}
	t := s.host.Look().Theme
	title := words.Label(r.Verdict)
	lines := widget.Hang(" ", t.Title.Render(widget.Upper(title)), width-1)
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(label, 7))+" ", widget.Clean(text), width-1)...)
		}
	}
	add("means", words.Meaning(r.Verdict))
	add("why", words.Cause(r.Cause))
	if d, ok := r.Way.Direction(); ok {
		lines = append(lines, "   "+t.Muted.Render(widget.Pad("way", 7))+" "+t.Arrow(d))
	}
	if r.Verdict.Severity() != difference.Fine && !r.Counted {
		add("do", words.Remedy(r.Remedy))
	}
	for i, d := range s.examples[r.Group] {
		if i == 3 {
			break
		}
		add(widget.Choice(i == 0, "such as", ""), words.Example(d))
	}
	return lines
}
