package widget

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// List is the selection in a list of rows and the part of it in view.
type List struct {
	Selected, first int
	Top             int // the body line that the first row in view was drawn on
	shown           int // rows in view
}

// Move changes the selection, within n rows.
func (l *List) Move(by, n int) {
	l.Selected = max(0, min(l.Selected+by, n-1))
}

// Bindings choose among n rows, one by one, by pages, or the first and the last,
// and do what comes with another choice, unless that is nil.
func (l *List) Bindings(does string, n int, after func() tea.Cmd) []Binding {
	move := func(by func() int) func() tea.Cmd {
		return func() tea.Cmd {
			l.Move(by(), n)
			if after == nil {
				return nil
			}
			return after()
		}
	}
	rows := func(by int) func() tea.Cmd { return move(func() int { return by }) }
	pages := func(by int) func() tea.Cmd { return move(func() int { return by * max(1, l.shown-1) }) }
	return []Binding{
		Bind("↑↓", does, rows(-1), "up", "k"), Bind("↓", "next", rows(1), "down", "j").AsTwin(),
		Bind("pgup pgdn", "a page", pages(-1), "pgup").AsMinor(), Bind("pgdn", "a page down", pages(1), "pgdown").AsTwin(),
		Bind("home end", "to the first, and the last", rows(-n), "home").AsMinor(), Bind("end", "to the last", rows(n), "end").AsTwin(),
	}
}

// Draw shows the rows that fit around the selected one. The row function gets
// the width that is left beside the marker.
func (l *List) Draw(t Theme, n, top, width, height int, focused bool, row func(i, width int) string) []string {
	l.Selected = max(0, min(l.Selected, n-1))
	l.first = Window(l.first, l.Selected, n, height)
	l.Top = top
	var lines []string
	for i := l.first; i < n && len(lines) < height; i++ {
		marker := "   "
		if i == l.Selected {
			marker = " " + t.Accent.Render("▸") + " "
			if !focused {
				marker = " " + t.Muted.Render("▹") + " " // another shape: no colour tells which list has the keys
			}
		}
		lines = append(lines, Fit(marker+row(i, width-ansi.StringWidth("   ")), width))
	}
	l.shown = len(lines)
	if n > len(lines) && len(lines) > 2 {
		if l.first > 0 {
			lines[0] = Spread(lines[0], t.Muted.Render(" ↑ more"), width-1)
		}
		if last := len(lines) - 1; l.first+len(lines) < n {
			lines[last] = Spread(lines[last], t.Muted.Render(" ↓ more"), width-1)
		}
	}
	return lines
}

// Hit says which row lies on a body line, or -1.
func (l *List) Hit(line int) int {
	if line < l.Top || line >= l.Top+l.shown {
		return -1
	}
	return l.first + line - l.Top
}

// Columns splits a width into two lanes with a rule of three columns between.
func Columns(width int) (left, right int) {
	left = (width - 3) / 2
	return left, width - 3 - left
}

// Window returns the part of a list of n rows, at most height of them, that
// shows the selected one, given the part's first row so far.
func Window(first, selected, n, height int) int {
	if height <= 0 || n <= height {
		return 0
	}
	first = min(first, selected)
	first = max(first, selected-height+1)
	return max(0, min(first, n-height))
}
