package rehearse

import (
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// beside is the least room for what stands beside a large figure.
const beside = 34

// mostScale is how large the figures get.
const mostScale = 3

// lanes are both directions, each with how old the oldest missing canary is, in as
// large figures as there is room for.
func (s *drillScreen) lanes(width, height int) (lines []string) {
	for scale := mostScale; scale > 0; scale-- {
		if fits := 2*digitRows*scale+1 <= height && s.widest(scale)+beside <= width; !fits {
			continue
		}
		for i, d := range pair.Directions() {
			if i > 0 {
				lines = append(lines, "")
			}
			lines = append(lines, s.largeLane(d, scale, width)...)
		}
		return lines
	}
	for _, d := range pair.Directions() {
		lines = append(lines, s.smallLane(d, width)...)
	}
	return lines
}

// widest is how many columns the wider of both figures takes, with its margins.
func (s *drillScreen) widest(scale int) int {
	most := largeWidth("00:00", scale) // so that nothing jumps when a minute is over
	for _, d := range pair.Directions() {
		most = max(most, largeWidth(s.figure(d), scale))
	}
	return most + 1 + 3
}

// figure is the age of the oldest missing canary of a direction, or dashes before
// any was told of.
func (s *drillScreen) figure(d pair.Direction) string {
	l, told := s.course.lanes[d]
	if !told {
		return "-:--"
	}
	return clock(milliseconds(l.OldestMS))
}

// target is what a direction's age is held against, and what that is called.
func (s *drillScreen) target() (most time.Duration, name string) {
	if rpo := s.course.scope.Targets.RPO; rpo > 0 {
		return rpo, "target " + wording.Duration(rpo)
	}
	return s.course.scope.Box, "time box " + wording.Duration(s.course.scope.Box)
}

// overdue says that the oldest missing canary is older than the target.
func (s *drillScreen) overdue(d pair.Direction) bool {
	rpo := s.course.scope.Targets.RPO
	return rpo > 0 && milliseconds(s.course.lanes[d].OldestMS) > rpo
}

// bar is the age beside what it is held against.
func (s *drillScreen) bar(d pair.Direction, width int) string {
	t := s.host.Look().Theme
	most, _ := s.target()
	style := t.Direction[d]
	if s.overdue(d) {
		style = t.Bad
	}
	full := int(min(1, s.course.lanes[d].OldestMS/float64(most.Milliseconds())) * float64(width))
	return style.Render(strings.Repeat("█", full)) + t.Rule.Render(strings.Repeat("·", width-full))
}

// largeLane is a direction for the back of the room.
func (s *drillScreen) largeLane(d pair.Direction, scale, width int) []string {
	t := s.host.Look().Theme
	style, room := t.Direction[d].Bold(true), s.widest(scale)
	if s.overdue(d) {
		style = t.Bad
	}
	figures := large(s.figure(d), scale)
	about := s.about(d, width-room-1)
	top := (len(figures) - len(about)) / 2
	lines := make([]string, 0, len(figures))
	for i, line := range figures {
		line = widget.Pad(" "+style.Render(line), room)
		if at := i - top; at >= 0 && at < len(about) {
			line += about[at]
		}
		lines = append(lines, widget.Fit(line, width))
	}
	return lines
}

// about is what stands beside a large figure: five lines.
func (s *drillScreen) about(d pair.Direction, width int) []string {
	t, l := s.host.Look().Theme, s.course.lanes[d]
	_, target := s.target()
	over := ""
	if s.overdue(d) {
		over = t.Bad.Render("✗ over the ")
	}
	return []string{
		t.Arrow(d) + "  " + t.Strong.Render("oldest missing") + t.Muted.Render(", min:s"),
		s.bar(d, min(width, 60)),
		over + t.Muted.Render(target),
		counts(l),
		s.laneNote(d),
	}
}

// counts are how many canaries were written, and what became of them.
func counts(l record.Backlog) string {
	return fmt.Sprintf("%s written, %s arrived", humanize.Comma(int64(l.Posted)), humanize.Comma(int64(l.Arrived)))
}

// laneNote is what is out of the ordinary in a direction.
func (s *drillScreen) laneNote(d pair.Direction) string {
	t, l := s.host.Look().Theme, s.course.lanes[d]
	text := fmt.Sprintf("%s missing", humanize.Comma(int64(l.Missing)))
	if l.Holes > 0 && s.course.faulty() { // otherwise it is only late
		text += ", " + t.Warn.Render(widget.Count(l.Holes, "hole", "holes"))
	}
	if l.Refused > 0 {
		text += ", " + t.Warn.Render(humanize.Comma(int64(l.Refused))+" refused")
	}
	if s.unasked(d) {
		text = t.Warn.Render("can't be asked for: side " + string(d.To()) + " is cut off")
	}
	if row, told := s.course.rows[d]; told && row.Seen && s.course.faulty() {
		text += ", " + t.Strong.Render("isolated")
	}
	return text
}

// unasked says that nobody can look whether canaries of a direction arrived.
func (s *drillScreen) unasked(d pair.Direction) bool {
	c := s.course
	return c.scope.Kind == record.Cut && c.scope.Outage != record.Slow && d.To() == c.scope.Lost && c.faulty()
}

// smallLane is a direction on two lines, where there is no room for more.
func (s *drillScreen) smallLane(d pair.Direction, width int) []string {
	t, l := s.host.Look().Theme, s.course.lanes[d]
	_, target := s.target()
	age := t.Strong.Render(s.figure(d))
	if s.overdue(d) {
		age = t.Bad.Bold(true).Render("✗ " + s.figure(d))
	}
	const barRoom = 10
	return []string{
		widget.Spread(" "+t.Arrow(d)+"  oldest missing "+age, t.Muted.Render(target)+" ", width),
		widget.Fit("        "+s.bar(d, barRoom)+"  "+s.laneNote(d)+", "+humanize.Comma(int64(l.Posted))+" written", width),
	}
}
