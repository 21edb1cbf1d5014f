package console

import (
	"fmt"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/ui/chart"
)

// drawTable is the chart's twin in numbers: one row for each size and
// direction.
func (s *probeScreen) drawTable(width, height int) []string {
	lines := tableOf(s.app.theme, s.m.stats, width)
	s.scroll = max(0, min(s.scroll, len(lines)-height))
	return scrolledTable(s.app.theme, lines, s.scroll, height)
}

// scrolledTable is the part of a table in view, its head always.
func scrolledTable(t theme, lines []string, from, height int) []string {
	if height <= 1 {
		return lines[:max(0, height)]
	}
	return append(lines[:1:1], scrolled(t, lines[1:], from, height-1)...)
}

// tableOf draws the statistics of every size and direction. Where the line is
// short the tails give way, then the maximum; who gave up is always counted.
func tableOf(t theme, c *stats.Collector, width int) []string {
	wide, narrow := width >= 100, width < 80
	head := fmt.Sprintf("   %-9s %-7s %5s  %-21s", "size", "", "n", "median (95 %)")
	if !narrow {
		head += fmt.Sprintf(" %-9s", "max")
	}
	if wide {
		head += fmt.Sprintf(" %-9s %-9s", "p90", "p95")
	}
	head += " gave up"
	if wide {
		head += "  failed  unknown polls"
	}
	lines := []string{t.Muted.Render(fit(head, width))}
	row := func(name string, sum stats.Summary) {
		line := "   " + pad(name, 9) + " " + t.Direction[sum.Direction].Render(markers[sum.Direction]+" "+sum.Direction.Arrow()) +
			fmt.Sprintf(" %5d  ", sum.N) + pad(quantileText(sum.Median, true), 21)
		if !narrow {
			line += " " + pad(maxText(sum), 9)
		}
		if wide {
			line += " " + pad(quantileText(sum.P90, false), 9) + " " + pad(quantileText(sum.P95, false), 9)
		}
		line += fmt.Sprintf(" %7d", sum.GaveUp)
		if wide {
			line += fmt.Sprintf("  %6d  %13d", sum.Failed, sum.Unknowns)
		}
		lines = append(lines, fit(line, width))
	}
	for _, d := range pair.Directions() {
		row("all sizes", c.Direction(d))
	}
	for _, size := range c.Sizes() {
		for _, d := range pair.Directions() {
			row(chart.Size(size), c.Cell(d, size))
		}
	}
	return lines
}

func maxText(s stats.Summary) string {
	if s.N == 0 {
		return "none yet"
	}
	return quantileText(s.Max, false)
}
