package console

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/ui/chart"
)

// drawTable is the chart's twin in numbers: one row for each size and
// direction.
func (s *probeScreen) drawTable(width, height int) []string {
	lines := tableOf(s.app.theme, s.m, s.app.now(), width)
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
// short the tails give way, then the maximum; the probes that ended without a
// duration are always counted.
//
// Below the rows of all sizes stand those of the second end point, where it was
// followed.
func tableOf(t theme, m *measurement, now time.Time, width int) []string {
	c := m.compared(now)
	wide, narrow := width >= 100, width < 80
	head := fmt.Sprintf("   %-9s %-7s %5s  %-21s", "size", "", "n", "median (95 %)")
	if !narrow {
		head += fmt.Sprintf(" %-12s", "max")
	}
	if wide {
		head += fmt.Sprintf(" %-10s %-10s", "p90", "p95")
	}
	room := width - ansi.StringWidth(head) - 2
	head += choice(width < 65, " not seen", " no arrival seen")
	lines := []string{t.Muted.Render(fit(head, width))}
	row := func(name string, sum stats.Summary) {
		line := "   " + pad(name, 9) + " " + t.Direction[sum.Direction].Render(markers[sum.Direction]+" "+sum.Direction.Arrow()) +
			fmt.Sprintf(" %5d  ", sum.N) + pad(medianText(sum, 21), 21)
		if !narrow {
			line += " " + pad(maxText(sum), 12)
		}
		if wide {
			line += " " + pad(quantileText(sum.P90, false), 10) + " " + pad(quantileText(sum.P95, false), 10)
		}
		lines = append(lines, fit(line+" "+withoutArrival(sum, room), width))
	}
	for _, d := range pair.Directions() {
		row("all sizes", c.Direction(d))
	}
	if len(m.completed.Cells()) > 0 {
		for _, d := range pair.Directions() {
			row("COMPLETED", m.completed.Direction(d))
		}
	}
	for _, size := range c.Sizes() {
		for _, d := range pair.Directions() {
			row(chart.Size(size), c.Cell(d, size))
		}
	}
	return lines
}

// withoutArrival counts the probes whose replica was not seen, by how they
// ended, or altogether where that is too long.
func withoutArrival(s stats.Summary, room int) string {
	var parts []string
	for _, end := range []struct {
		n    int
		word string
	}{{s.GaveUp, "gave up"}, {s.Interrupted, "interrupted"}, {s.Failed, "failed"}, {s.Suspended, "suspended"}} {
		if end.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", end.n, end.word))
		}
	}
	all := strings.Join(parts, ", ")
	switch {
	case all == "":
		return "0"
	case len(all) > room:
		return fmt.Sprint(s.GaveUp + s.Interrupted + s.Failed + s.Suspended)
	}
	return all
}

// medianText is the median with its interval, or without where that is too long.
func medianText(s stats.Summary, room int) string {
	if text := quantileText(s.Median, true); ansi.StringWidth(text) <= room {
		return text
	}
	return quantileText(s.Median, false)
}

func maxText(s stats.Summary) string {
	if s.N == 0 {
		return "none yet"
	}
	return quantileText(s.Max, false)
}
