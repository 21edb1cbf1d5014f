package measure

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// markers tell the directions apart without colour.
var markers = [2]string{pair.AtoB: "●", pair.BtoA: "◆"}

// drawLive is the measurement as it stands: statistics, the chart or the
// table, and what is in flight.
func (s *probeScreen) drawLive(width, height int) []string {
	head := s.head(width)
	foot := s.foot(width, height)
	if s.measuredAny() && !s.table {
		head = append(head, s.more(width, height-len(head)-len(foot)-roomyChart)...)
	}
	room := height - len(head) - len(foot)
	var body []string
	switch {
	case s.table:
		body = s.drawTable(width, room)
	case !s.measuredAny():
		body = s.waitingFor(width)
	default:
		body = s.charts.Draw(s.host.Look(), s.host.Now(), s.m, width, room)
	}
	lines := append(head, body[:min(len(body), max(0, room))]...)
	for len(lines) < height-len(foot) {
		lines = append(lines, "")
	}
	return append(lines, foot...)
}

// roomyChart is the height of a chart from which on it leaves rows to words.
const roomyChart = 18

// measuredAny says whether there is anything to draw.
func (s *probeScreen) measuredAny() bool {
	return len(s.m.record.Samples)+len(s.m.flight) > 0
}

// more is what else stands above the chart where there is so much room to
// spare: what the sizes do in each direction, beside the chart by size, and what
// the verdicts' intervals are.
func (s *probeScreen) more(width, spare int) []string {
	t, m := s.host.Look().Theme, s.m
	var blocks [][]string
	if s.charts.view == bySize {
		blocks = append(blocks, sizesIn(t, m, width))
	}
	return whole(append(blocks, looksNote(t, m, width)), spare)
}

// drawTable is the chart's twin in numbers, and below it what file size does.
func (s *probeScreen) drawTable(width, height int) []string {
	t, f := s.host.Look().Theme, &s.figures
	lines := f.Draw(t, s.m, width)
	if sizes := sizesIn(t, s.m, width); len(sizes) > 0 {
		lines = append(append(lines, ""), sizes...)
	}
	return f.pane.DrawTable(t, lines, len(lines), 0, height)
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

// head is a line for each direction and the verdicts.
func (s *probeScreen) head(width int) []string {
	t := s.host.Look().Theme
	var lines []string
	compared := s.m.compared()
	texts := summaryLines(compared, s.m.flying(), width-10)
	for _, d := range pair.Directions() {
		lines = append(lines, widget.Fit(" "+t.Direction[d].Render(markers[d]+" "+d.Arrow())+"  "+texts[d], width))
	}
	return append(lines, slices.Concat(verdictLines(compared, s.m.looks(), width)...)...)
}

// foot is what is in flight, the loop check and the cost.
func (s *probeScreen) foot(width, height int) []string {
	t, m := s.host.Look().Theme, s.m
	lines := []string{s.flights(width)}
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
	line := " " + strings.Join(parts, "   ")
	for len(parts) > 1 && ansi.StringWidth(line) > width {
		parts = parts[:len(parts)-1]
		line = " " + strings.Join(parts, "   ")
	}
	lines = append(lines, widget.Fit(line, width))
	if s.m.err != nil && len(m.record.Samples) > 0 && !interrupted(s.m.err) {
		lines = append(lines, widget.Fit(" "+t.Bad.Render("✗")+" "+widget.Clean(describe(s.m.err)), width))
	}
	if height < 12 {
		return lines[:1]
	}
	return lines
}

// flights is the ages of the probes in flight, oldest first, and when the
// next one starts.
func (s *probeScreen) flights(width int) string {
	t, m, now := s.host.Look().Theme, s.m, s.host.Now()
	right := s.next(now)
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
func (s *probeScreen) next(now time.Time) string {
	m := s.m
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
