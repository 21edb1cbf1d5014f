package rehearse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/drill/record"
	"bothways/ui/console/widget"
)

// timeline names the states of the drill: those behind it, where it is, and those
// before it, on as many lines as it takes.
func (s *drillScreen) timeline(width int) []string {
	apart := s.phases(width, 2)
	if close := s.phases(width, 1); len(close) < len(apart) {
		return close
	}
	return apart
}

// phases are the states, so many columns apart.
func (s *drillScreen) phases(width, apart int) (lines []string) {
	line, used := " ", 1
	for _, state := range record.States(s.course.scope.Kind) {
		part, w := s.phase(state)
		if used > 1 && used+w+apart > width {
			lines = append(lines, line)
			line, used = " ", 1
		}
		if used > 1 {
			line, used = line+strings.Repeat(" ", apart), used+apart
		}
		line, used = line+part, used+w
	}
	return append(lines, line)
}

// phase is a state with its symbol, and how wide that is.
func (s *drillScreen) phase(state record.State) (text string, width int) {
	t := s.host.Look().Theme
	name := loud(state)
	_, reached := s.course.reached(state)
	switch {
	case reached:
		text = t.Good.Render("✓ " + name)
	case s.run != nil && state == s.course.state:
		text = t.Accent.Bold(true).Render(s.host.Look().Spin + " " + name)
	case s.course.entered(state):
		text = t.Warn.Render("✗ " + name)
	case s.skipped(state):
		text = t.Muted.Render("– " + name)
	default:
		text = t.Muted.Render("· " + name)
	}
	return text, ansi.StringWidth(text)
}

// skipped says that the drill went by a state, which it does not come back to.
func (s *drillScreen) skipped(state record.State) bool {
	return s.run == nil || s.course.state != "" && state.Before(s.course.state)
}

// whereabouts is the timeline on one line: where the drill is, and what comes next.
func (s *drillScreen) whereabouts(width int) string {
	t, states := s.host.Look().Theme, record.States(s.course.scope.Kind)
	at := slices.Index(states, s.course.state)
	if at < 0 {
		at = 0
	}
	now, _ := s.phase(states[at])
	line := " " + t.Muted.Render(fmt.Sprintf("%d/%d", at+1, len(states))) + "  " + now
	if at+1 < len(states) && s.run != nil {
		line += t.Muted.Render("  next: " + loud(states[at+1]))
	}
	return widget.Fit(line, width)
}
