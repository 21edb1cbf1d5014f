package measure

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// markers tell the directions apart without colour.
var markers = [2]string{pair.AtoB: "●", pair.BtoA: "◆"}

// drawLive is the measurement as it stands: what it comes to, the chart, and what
// is in flight. The chart has two thirds of the rows whatever else there is to say:
// that is behind a key.
func (s *probeScreen) drawLive(width, height int) []string {
	l := s.host.Look()
	m, now := s.seen()
	most := height - chartRows(height)
	var head, foot []string
	if s.charts.cursor.on && !s.table && !s.about {
		head, foot = picking(l, m, now, &s.charts.cursor, s.host.Chosen().Access, width, height)
	} else {
		head, foot = panelOf(l, m, now, width, height).lines(most-1), s.foot(width)
		foot = foot[:max(1, min(len(foot), most-len(head)))]
	}
	room := max(0, height-len(head)-len(foot))
	var body []string
	switch {
	case s.about:
		body = s.reading.Draw(l.Theme, s.aboutLines(width), len(head), room)
	case s.table:
		body = s.drawTable(width, len(head), room)
	case !s.measuredAny():
		body = s.waitingFor(width)
	default:
		body = s.charts.Draw(l, now, m, width, room)
	}
	lines := append(head, body[:min(len(body), room)]...)
	for len(lines) < height-len(foot) {
		lines = append(lines, "")
	}
	return append(lines, foot...)
}

// picking are the lines above the chart and below it while a sample is picked: what it
// is stands below, and what else there is room for above.
func picking(l host.Look, m *measurement, now time.Time, c *cursor, access account.Access, width, height int) (head, foot []string) {
	most := height - chartRows(height)
	foot = c.details(l.Theme, m, access, width)
	p := panelOf(l, m, now, width, height)
	foot = foot[:max(0, min(len(foot), most-min(1, len(p.alarms))))]
	return p.lines(most - len(foot)), foot
}

// measuredAny says whether there is anything to draw.
func (s *probeScreen) measuredAny() bool {
	return len(s.m.record.Samples)+len(s.m.flight) > 0
}

// drawTable is the chart's twin in numbers, and below it what file size does.
func (s *probeScreen) drawTable(width, top, height int) []string {
	t, f := s.host.Look().Theme, &s.figures
	m, _ := s.seen()
	lines := f.Draw(t, m, width)
	if sizes := sizesIn(t, m, width); len(sizes) > 0 {
		lines = append(append(lines, ""), sizes...)
	}
	return f.pane.DrawTable(t, lines, len(lines), top, height)
}

// waitingFor says what happens before the first probe.
func (s *probeScreen) waitingFor(width int) []string {
	t := s.host.Look().Theme
	if s.m.err != nil {
		return append([]string{"", " " + t.Bad.Render("✗ The measurement did not start.")}, widget.Hang("   ", widget.Clean(describe(s.m.err)), width-1)...)
	}
	if !s.running() {
		return []string{"", t.Muted.Render("   stopped before the first sample")}
	}
	return []string{"", " " + t.Accent.Render(s.host.Look().Spin) + " looking whether both buckets can be read, and how far away they are"}
}

// foot is what is in flight, and below it the loop check and the cost.
func (s *probeScreen) foot(width int) []string {
	parts := s.checks()
	line := " " + strings.Join(parts, "   ")
	for len(parts) > 1 && ansi.StringWidth(line) > width {
		parts = parts[:len(parts)-1]
		line = " " + strings.Join(parts, "   ")
	}
	return []string{s.flights(width), widget.Fit(line, width)}
}

// checks are the loop check, the polls and the cost.
func (s *probeScreen) checks() []string {
	t := s.host.Look().Theme
	m, _ := s.seen()
	parts := []string{t.Muted.Render("loop check") + "  " + m.loopText(t)}
	if n := len(m.record.Samples); n > 0 {
		parts = append(parts, t.Muted.Render("HEADs")+fmt.Sprintf(" %.1f a sample", float64(m.heads)/float64(n)))
	}
	if cost, known := m.dollars(); known && len(m.record.Samples) > 0 {
		about := aboutUSD(cost)
		if s.host.Chosen().Access.Sandbox {
			about = "at AWS's prices " + about
		}
		parts = append(parts, about)
	}
	return parts
}

// flights is the ages of the probes in flight, oldest first, and when the
// next one starts.
func (s *probeScreen) flights(width int) string {
	t := s.host.Look().Theme
	m, now := s.seen()
	right := s.next(m, now)
	label := " " + t.Muted.Render("in flight") + "  "
	room := width - ansi.StringWidth(label) - ansi.StringWidth(right) - 3
	flights := m.inFlight()
	if len(flights) == 0 {
		return widget.Spread(label+t.Muted.Render("none"), right+" ", width)
	}
	ages := make([]string, 0, len(flights))
	for _, f := range flights {
		age := "uploading"
		if !f.posted.IsZero() {
			age = wording.Duration(f.age(now).Round(100 * time.Millisecond))
		}
		ages = append(ages, t.Direction[f.direction].Render(markers[f.direction])+" "+wording.Size(f.size)+" "+age)
	}
	text := ""
	for shown := len(ages); shown >= 0; shown-- {
		text = strings.Join(ages[:shown], "   ")
		if more := len(ages) - shown; shown == 0 {
			text = widget.Count(more, "probe", "probes")
		} else if more > 0 {
			text += fmt.Sprintf("  +%d more", more)
		}
		if ansi.StringWidth(text) <= room {
			break
		}
	}
	return widget.Spread(label+text, right+" ", width)
}

// next is where the run stands: the round, and the time of the next start.
func (s *probeScreen) next(m *measurement, now time.Time) string {
	round := fmt.Sprintf("round %d", m.round)
	if rounds := plannedRounds(m.cfg); rounds > 0 {
		round += fmt.Sprintf(" of %d", rounds)
	}
	switch {
	case s.running() && m.stopped:
		return round + ", stopping"
	case !s.running() && m.stopped:
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
	return round + ", next start in " + fmt.Sprintf("%.1f s", max(0, m.nextStart.Sub(now)).Seconds())
}
