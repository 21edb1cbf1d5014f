package console

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/ui/chart"
)

// markers tell the directions apart without colour.
var markers = [2]string{pair.AtoB: "●", pair.BtoA: "◆"}

// drawLive is the measurement as it stands: statistics, the chart or the
// table, and what is in flight.
func (s *probeScreen) drawLive(width, height int) []string {
	head := s.head(width)
	foot := s.foot(width, height)
	room := height - len(head) - len(foot)
	var body []string
	switch {
	case s.table:
		body = s.drawTable(width, room)
	case len(s.m.samples) == 0 && len(s.m.flight) == 0:
		body = s.waitingFor(width)
	default:
		body = s.charts.draw(s.app, s.m, width, room)
	}
	lines := append(head, body[:min(len(body), max(0, room))]...)
	for len(lines) < height-len(foot) {
		lines = append(lines, "")
	}
	return append(lines, foot...)
}

// waitingFor says what happens before the first probe.
func (s *probeScreen) waitingFor(width int) []string {
	t := s.app.theme
	if s.m.err != nil {
		return append([]string{"", " " + t.Bad.Render("✗ The measurement did not start.")}, hang("   ", clean(describe(s.m.err)), width-1)...)
	}
	if !s.running() {
		return []string{"", t.Muted.Render("   stopped before the first sample")}
	}
	return []string{"", " " + t.Accent.Render(s.app.spin()) + " looking whether both buckets can be read, and how far away they are"}
}

// head is a line for each direction and the verdicts.
func (s *probeScreen) head(width int) []string {
	t := s.app.theme
	var lines []string
	for _, d := range pair.Directions() {
		lines = append(lines, fit(" "+t.Direction[d].Render(markers[d]+" "+d.Arrow())+"  "+summaryText(s.m.stats.Direction(d), width-12), width))
	}
	directions, sizes := " "+s.m.stats.CompareDirections().Sentence, " "+s.m.stats.CompareSizes().Sentence
	if ansi.StringWidth(directions)+ansi.StringWidth(sizes) < width {
		return append(lines, directions+" "+sizes)
	}
	return append(lines, fit(directions, width), fit(sizes, width))
}

// summaryText is a direction's statistics on one line, every number with its
// unit and its n. The two directions' numbers stand below each other; where
// the line is too short the p90 gives way, then the maximum.
func summaryText(s stats.Summary, width int) string {
	const p90, maximum = 2, 3 // their places
	parts := []string{fmt.Sprintf("n %-3d", s.N), "median " + pad(quantileText(s.Median, true), 21), "", ""}
	if s.P90.State != stats.NotEnough {
		parts[p90] = "p90 " + pad(quantileText(s.P90, false), 5)
	}
	if s.N > 0 {
		parts[maximum] = "max " + pad(quantileText(s.Max, false), 5)
	}
	parts = append(parts, fmt.Sprintf("gave up %d", s.GaveUp))
	for _, other := range []struct {
		name string
		n    int
	}{{"failed", s.Failed}, {"interrupted", s.Interrupted}, {"suspended", s.Suspended}} {
		if other.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", other.name, other.n))
		}
	}
	for _, gives := range []int{-1, p90, maximum} {
		if gives >= 0 {
			parts[gives] = ""
		}
		for _, apart := range []string{"   ", "  "} {
			if line := joined(parts, apart); ansi.StringWidth(line) <= width {
				return line
			}
		}
	}
	return joined(parts, "  ")
}

// joined joins the parts that are not empty.
func joined(parts []string, apart string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "" }), apart)
}

// quantileText words a quantile and, if asked, its 95 % interval. A quantile
// that the samples don't support yet is not a number.
func quantileText(q stats.Quantile, interval bool) string {
	switch q.State {
	case stats.NotEnough:
		return "not yet"
	case stats.Beyond:
		return "over " + chart.Duration(q.Value)
	case stats.Known:
	}
	text := chart.Duration(q.Value)
	if !interval {
		return text
	}
	lower, upper := chart.Duration(q.Lower), chart.Duration(q.Upper)
	if q.Open {
		return text + " (from " + lower + ")"
	}
	// One unit is enough where all three numbers have the same.
	if inSeconds(text) && inSeconds(lower) && inSeconds(upper) {
		lower, upper = strings.TrimSuffix(lower, " s"), strings.TrimSuffix(upper, " s")
	}
	return text + " (" + lower + " to " + upper + ")"
}

func inSeconds(text string) bool {
	return strings.HasSuffix(text, " s") && strings.Count(text, " ") == 1
}

// foot is what is in flight, the loop check and the cost.
func (s *probeScreen) foot(width, height int) []string {
	t, m := s.app.theme, s.m
	lines := []string{s.flights(width)}
	loop := fmt.Sprintf("%d of %d stayed where they were sent", len(m.loops)-len(m.loopsBad), len(m.loops))
	switch {
	case len(m.loops) == 0:
		loop = t.Muted.Render("none yet")
	case len(m.loopsBad) > 0:
		loop = t.Bad.Render("✗ "+loop) + ": " + clean(m.loopsBad[0].Detail)
	default:
		loop = t.Good.Render("✓") + " " + loop
	}
	parts := []string{t.Muted.Render("loop check") + "  " + loop}
	if n := len(m.samples); n > 0 {
		parts = append(parts, t.Muted.Render("HEADs")+fmt.Sprintf(" %.1f a sample", float64(m.heads)/float64(n)))
	}
	if cost, known := m.dollars(); known && len(m.samples) > 0 {
		about := "about " + usd(cost)
		if s.app.access.Sandbox {
			about = "at AWS's prices " + about
		}
		parts = append(parts, about)
	}
	line := " " + strings.Join(parts, "   ")
	for len(parts) > 1 && ansi.StringWidth(line) > width {
		parts = parts[:len(parts)-1]
		line = " " + strings.Join(parts, "   ")
	}
	lines = append(lines, fit(line, width))
	if s.m.err != nil && len(m.samples) > 0 && !interrupted(s.m.err) {
		lines = append(lines, fit(" "+t.Bad.Render("✗")+" "+clean(describe(s.m.err)), width))
	}
	if height < 12 {
		return lines[:1]
	}
	return lines
}

// flights is the ages of the probes in flight, oldest first, and when the
// next one starts.
func (s *probeScreen) flights(width int) string {
	t, m, now := s.app.theme, s.m, s.app.now()
	right := s.next(now)
	label := " " + t.Muted.Render("in flight") + "  "
	room := width - ansi.StringWidth(label) - ansi.StringWidth(right) - 2
	flights := m.inFlight()
	text, shown := "", 0
	for _, f := range flights {
		one := t.Direction[f.direction].Render(markers[f.direction]) + " " + chart.Size(f.size) + " "
		if f.posted.IsZero() {
			one += "uploading"
		} else {
			one += chart.Duration(f.age(now).Round(100 * time.Millisecond))
		}
		if shown > 0 {
			one = "   " + one
		}
		if ansi.StringWidth(text)+ansi.StringWidth(one) > room-6 && shown > 0 {
			text += fmt.Sprintf("  +%d", len(flights)-shown)
			break
		}
		text += one
		shown++
	}
	if len(flights) == 0 {
		text = t.Muted.Render("none")
	}
	return spread(label+text, right+" ", width)
}

// next is where the run stands: the round, and the time of the next start.
func (s *probeScreen) next(now time.Time) string {
	m := s.m
	round := fmt.Sprintf("round %d", m.round)
	if m.cfg.Rounds > 0 {
		round += fmt.Sprintf(" of %d", m.cfg.Rounds)
	}
	switch {
	case !s.running() && m.err != nil && interrupted(m.err):
		return round + ", stopped"
	case !s.running() && m.err != nil:
		return round + ", broken off"
	case !s.running():
		return round + ", done"
	case m.paused:
		return round + ", paused"
	case m.nextStart.IsZero():
		return ""
	case !m.startsLeft():
		return round + ", all started"
	}
	return round + ", next in " + fmt.Sprintf("%.1f s", max(0, m.nextStart.Sub(now)).Seconds())
}
