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
	if len(lines) > height && height > 1 {
		head := lines[:1]
		rest := lines[1:]
		from := min(s.scroll, max(0, len(rest)-height+1))
		return append(append([]string{}, head...), rest[from:min(len(rest), from+height-1)]...)
	}
	return lines
}

// tableOf draws the statistics of every size and direction.
func tableOf(t theme, c *stats.Collector, width int) []string {
	wide := width >= 100
	head := fmt.Sprintf("   %-10s %-7s %4s  %-26s %-11s", "size", "", "n", "median (95 %)", "max")
	if wide {
		head += fmt.Sprintf(" %-11s %-11s %7s %6s %7s", "p90", "p95", "gave up", "failed", "unknown")
	} else {
		head += fmt.Sprintf(" %7s", "gave up")
	}
	lines := []string{t.Muted.Render(fit(head, width))}
	row := func(name string, sum stats.Summary) {
		line := "   " + pad(name, 10) + " " + t.Direction[sum.Direction].Render(markers[sum.Direction]+" "+sum.Direction.Arrow()) +
			fmt.Sprintf(" %4d  ", sum.N) + pad(quantileText(sum.Median, true), 26) + " " + pad(maxText(sum), 11)
		if wide {
			line += " " + pad(quantileText(sum.P90, false), 11) + " " + pad(quantileText(sum.P95, false), 11) +
				fmt.Sprintf(" %7d %6d %7d", sum.GaveUp, sum.Failed, sum.Unknowns)
		} else {
			line += fmt.Sprintf(" %7d", sum.GaveUp)
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
