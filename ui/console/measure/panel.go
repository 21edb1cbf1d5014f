package measure

import (
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/probe/wording"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// chartRows is how many of a body's rows belong to its chart at least: two thirds.
func chartRows(height int) int { return (2*height + 2) / 3 }

// The least terminal on which figures are written large.
const (
	bigColumns = 100
	bigRows    = 30 // of the body
)

// panel is what stands above a chart: what is amiss, what the comparison comes to,
// and the figures of each direction.
type panel struct {
	alarms  []string
	verdict string
	figures []string
}

// panelOf reads a measurement once, for all that a frame says of it.
func panelOf(l host.Look, m *measurement, now time.Time, width, height int) panel {
	t, c := l.Theme, m.compared()
	looks, s := m.looks(), m.standing(c)
	p := panel{verdict: verdictLine(t, c, looks, s, width)}
	for _, a := range m.alarms(now) {
		p.alarms = append(p.alarms, widget.Fit(" "+t.Bad.Bold(true).Render("✗ "+widget.Clean(a.text)), width))
	}
	if width >= bigColumns && height >= bigRows {
		p.figures = bigFigures(l, s, width)
		return p
	}
	p.figures = figureLines(t, s, width)
	return p
}

// lines are as many of the panel's as there is room for: the first alarm, the
// verdict and the figures stay longest.
func (p panel) lines(most int) []string {
	switch {
	case most <= 0:
		return nil
	case most < len(p.figures) && len(p.alarms) > 0:
		return p.alarms[:1]
	case most < len(p.figures):
		return []string{p.verdict}
	}
	alarms := p.alarms
	if room := max(0, most-len(p.figures)-1); len(alarms) > room {
		alarms = alarms[:max(room, min(1, len(alarms)))]
	}
	lines := append([]string{}, alarms...)
	if len(lines)+len(p.figures) < most {
		lines = append(lines, p.verdict)
	}
	return append(lines, p.figures...)
}

// verdictLine is the comparison of the directions, and beside it what is known of
// file size.
func verdictLine(t widget.Theme, c *stats.Collector, looks stats.Looks, s standing, width int) string {
	if s.goesOn && s.tallies[0].ended()+s.tallies[1].ended() == 0 {
		return " " + t.Strong.Render("Measuring: nothing has arrived yet.")
	}
	left := " " + t.Strong.Render(headline(c.CompareDirections(looks), s.goesOn))
	right := sizeline(c.CompareSizes(looks))
	if right == "" || ansi.StringWidth(left)+len(right)+4 > width {
		return widget.Fit(left, width)
	}
	return widget.Spread(left, t.Muted.Render(right)+" ", width)
}

// figureLines are the figures of each direction on a line.
func figureLines(t widget.Theme, s standing, width int) []string {
	texts := summaryLines(s, width-10, func(item summaryItem, d pair.Direction, text string) string {
		if item.style == nil {
			return text
		}
		return item.style(t, d, text)
	})
	lines := make([]string, 0, len(texts))
	for _, d := range pair.Directions() {
		lines = append(lines, widget.Fit(" "+t.Direction[d].Render(markers[d]+" "+d.Arrow())+"  "+texts[d], width))
	}
	return lines
}

// bigFigures are the figures of both directions beside each other, the medians as
// large as digits go.
func bigFigures(l host.Look, s standing, width int) []string {
	t, half := l.Theme, width/2
	lines := make([]string, 1+widget.BigRows)
	for _, d := range pair.Directions() {
		of, counted := s.of[d], s.tallies[d]
		words := of.Median.Words()
		value, known := words.Text(wording.Duration), words.Bound != wording.Unknown
		big := [widget.BigRows]string{widget.BigRows - 1: value}
		if known {
			big = widget.Big(value, l.ASCII)
		}
		lost := lostText(counted)
		if counted.lost() > 0 {
			lost = t.Bad.Render(lost)
		}
		count := strings.TrimRight(countText(s, d, " in flight")+"  "+worthText(of), " ")
		beside := [widget.BigRows]string{
			"",
			"",
			lost + "   " + count,
		}
		wide := 0
		for _, row := range big {
			wide = max(wide, ansi.StringWidth(row))
		}
		for _, intervals := range []bool{true, false} {
			beside[0] = strings.Trim(bigInterval(words)+"   "+shareText(s.within[d], intervals), " ")
			if ansi.StringWidth(beside[0]) <= half-wide-7 {
				break
			}
		}
		for _, intervals := range []bool{true, false} {
			if beside[1] = besides(of, intervals); ansi.StringWidth(beside[1]) <= half-wide-7 {
				break
			}
		}
		column := []string{" " + t.Direction[d].Render(markers[d]+" "+d.Arrow()) + t.Muted.Render("  median")}
		for i, row := range big {
			column = append(column, "   "+t.Direction[d].Bold(true).Render(widget.Pad(row, wide))+"   "+widget.Fit(beside[i], max(0, half-wide-7)))
		}
		for i, text := range column {
			lines[i] += widget.Pad(text, half)
		}
	}
	return lines
}

// bigInterval is a median's interval by itself.
func bigInterval(q wording.Quantile) string {
	if q.Bound == wording.Unknown {
		return ""
	}
	return "95 %: " + q.Interval(wording.Duration)
}

// besides are the mean and the 90th percentile, as far as they are known.
func besides(s stats.Summary, intervals bool) string {
	var texts []string
	if s.Mean.State != stats.NotEnough {
		texts = append(texts, "mean "+meanText(s, intervals))
	}
	if s.P90.State != stats.NotEnough {
		texts = append(texts, "p90 "+quantileText(s.P90, intervals))
	}
	if len(texts) == 0 {
		return "max " + maxText(s)
	}
	return strings.Join(texts, "   ")
}
