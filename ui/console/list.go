package console

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// list is the selection in a list of rows and the part of it in view.
type list struct {
	selected, first int
	top             int // the body line that the first row in view was drawn on
	shown           int // rows in view
}

// move changes the selection, within n rows.
func (l *list) move(by, n int) {
	l.selected = max(0, min(l.selected+by, n-1))
}

// draw shows the rows that fit around the selected one. The row function gets
// the width that is left beside the marker.
func (l *list) draw(t theme, n, top, width, height int, focused bool, row func(i, width int) string) []string {
	l.selected = max(0, min(l.selected, n-1))
	l.first = window(l.first, l.selected, n, height)
	l.top = top
	var lines []string
	for i := l.first; i < n && len(lines) < height; i++ {
		marker := "   "
		if i == l.selected {
			marker = " " + t.Accent.Render("▸") + " "
			if !focused {
				marker = " " + t.Muted.Render("▸") + " "
			}
		}
		lines = append(lines, fit(marker+row(i, width-ansi.StringWidth("   ")), width))
	}
	l.shown = len(lines)
	if n > len(lines) && len(lines) > 2 {
		if l.first > 0 {
			lines[0] = spread(lines[0], t.Muted.Render(" ↑ more"), width-1)
		}
		if last := len(lines) - 1; l.first+len(lines) < n {
			lines[last] = spread(lines[last], t.Muted.Render(" ↓ more"), width-1)
		}
	}
	return lines
}

// hit says which row lies on a body line, or -1.
func (l *list) hit(line int) int {
	if line < l.top || line >= l.top+l.shown {
		return -1
	}
	return l.first + line - l.top
}

// quiet are the parts of a screen that few screens have.
type quiet struct{}

func (quiet) prompt() string  { return "" }
func (quiet) typing() *field  { return nil }
func (quiet) typed() tea.Cmd  { return nil }
func (quiet) choose(_, _ int) {}
func (quiet) moving() bool    { return false }
func (quiet) words() []word   { return nil }
func (quiet) fields() bool    { return false }
