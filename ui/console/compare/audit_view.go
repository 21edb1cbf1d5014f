package compare

import (
	"fmt"
	"math"
	"strings"

	"charm.land/lipgloss/v2"

	"bothways/aws/audit"
	"bothways/aws/audit/words"
	"bothways/probe/cost"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// Draw implements host.Screen.
func (s *auditScreen) Draw(width, height int) []string {
	t := s.host.Look().Theme
	switch front := s.front(); {
	case front != nil:
		return front.Draw(width, height)
	case s.open != nil:
		return s.open.Draw(width, height)
	case s.failed():
		lines := []string{"", " " + t.Bad.Render("✗ The two sides could not be compared.")}
		lines = append(lines, widget.Hang("   ", widget.Clean(s.failure), width-1)...)
		if s.past != "" {
			return lines
		}
		return append(lines, widget.Hang("   Press "+t.Key.Render("r")+" ", "to compare again once that is put right. Nothing was changed.", width-1)...)
	}
	var lines []string
	if s.past != "" && s.result != nil {
		lines = append(lines, s.pastLine(width))
	}
	if height >= lowScreen || s.run != nil || s.result == nil { // else what it took is the least of it
		lines = append(lines, s.status(width)...)
	}
	lines = append(lines, s.verdict(width, height)...)
	rows := s.rows()
	if len(rows) == 0 {
		return lines
	}
	lines = append(lines, s.head(width))
	room := height - len(lines)
	shown := max(3, min(len(rows), room*5/10))
	detailed := room-shown > leastDetails
	if !detailed { // what is the matter is told by the table, and each of its lines by enter
		shown = max(3, min(len(rows), room))
	}
	lines = append(lines, s.list.Draw(t, len(rows), len(lines), width, shown, true, func(i, width int) string {
		if len(rows) > shown && s.host.Look().Width < causeFrom { // else the hint that there is more takes of the cause
			width -= moreWidth
		}
		return s.row(rows[i], i == s.list.Selected, width)
	})...)
	if !detailed {
		s.details.Fill(nil, 0)
		return lines
	}
	lines = append(lines, t.Rule.Render(" "+widget.Dashes(width-2)))
	return append(lines, s.details.DrawBeside(t, s.detail(width), len(lines), height-len(lines))...)
}

// leastDetails are the lines of details, their rule among them, below which they say
// too little.
const leastDetails = 4

// moreWidth is what the list's hint takes that there are more rows.
const moreWidth = 8

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
			text = words.Number(entries) + widget.Choice(entries == 1, " version", " versions") + " listed in " + wording.Duration(s.result.Finished.Sub(s.result.Began)) + ", " + price + ", up to " + s.result.CutOff.UTC().Format("15:04:05 UTC")
		}
		return []string{widget.Fit(" "+t.Muted.Render(text), width)}
	}
	line := " " + t.Accent.Render(s.host.Look().Spin) + " " + s.phase()
	known := p.Done >= 0 && p.Phase == audit.Listing
	if known {
		full := min(barWidth, int(p.Done*barWidth))
		line += "  " + t.Accent.Render(strings.Repeat("█", full)) + t.Rule.Render(strings.Repeat("·", barWidth-full)) + fmt.Sprintf(" %.0f %%", 100*p.Done)
	}
	var parts []string
	switch {
	case entries == 0:
	case known && p.Done > 0 && s.started.Resumes == "":
		parts = append(parts, words.Number(entries)+" of about "+words.Number(rounded(float64(entries)/p.Done)))
	default:
		parts = append(parts, words.Number(entries)+" versions")
	}
	if p.PerSecond > 0 {
		parts = append(parts, words.Number(int64(p.PerSecond))+" a second")
	}
	switch {
	case p.Phase != audit.Listing:
	case p.Left >= 0:
		parts = append(parts, wording.Duration(p.Left)+" left")
	default:
		parts = append(parts, "how many there are is not known yet")
	}
	parts = append(parts, price)
	if p.Candidates > 0 {
		parts = append(parts, words.Number(p.Candidates)+" to look at again")
	}
	if p.Workers > 0 {
		parts = append(parts, widget.Count(p.Workers, "worker", "workers"))
	}
	lines := []string{line}
	rest := ""
	for _, part := range parts { // whole parts only
		switch {
		case rest == "":
			rest = part
		case lipgloss.Width(rest)+2+len(part) <= width-4:
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

// phase says what goes on.
func (s *auditScreen) phase() string {
	switch {
	case s.stopping:
		return "stopping"
	case s.result != nil:
		return "looking closely at " + words.Number(int64(s.closely)) + " random versions"
	case s.progress.Phase == "":
		return "asking both sides"
	}
	return string(s.progress.Phase)
}

// rounded is a number of which two digits are meant.
func rounded(n float64) int64 {
	if n < 100 {
		return int64(n)
	}
	unit := math.Pow(10, math.Floor(math.Log10(n))-1)
	return int64(math.Round(n/unit) * unit)
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
			said[most-1] += " And more, in the table:"
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
		lines = append(append(lines, s.unfinished(width)...), s.closer(width)...)
		return append(append(lines, s.nextLines(width)...), apart...)
	}
	if s.run == nil && s.result == nil {
		return []string{""}
	}
	said, good := s.headline()
	mark, style := " "+t.Good.Render("✓")+" ", t.Good
	if !good {
		mark, style = " "+t.Accent.Render("·")+" ", t.Strong
	}
	for i, line := range widget.Wrap(widget.Clean(said), width-4) {
		if i > 0 {
			mark = "   "
		}
		lines = append(lines, mark+style.Render(line))
	}
	lines = append(append(lines, s.unfinished(width)...), s.closer(width)...)
	return append(append(lines, s.nextLines(width)...), apart...)
}

// unfinished says that there may be more, where the audit did not come to its end.
func (s *auditScreen) unfinished(width int) []string {
	if s.result == nil || s.result.Complete {
		return nil
	}
	text := "Not finished: " + strings.TrimSuffix(s.result.Why, ".") + "."
	return widget.Hang(" "+s.host.Look().Theme.Warn.Render("!")+" ", widget.Clean(text), width-1)
}
