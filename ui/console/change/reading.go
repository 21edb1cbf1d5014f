package change

import (
	"time"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// reading is a screen of a list and, below it, everything about the row that is
// selected.
type reading struct {
	host.Quiet
	list    widget.List
	details widget.Pane
	asOf    time.Time // when what is judged by began to be read, by the console's clock
}

// from begins anew, at a row.
func (r *reading) from(row int) { r.list, r.details = widget.List{Selected: row}, widget.Pane{} }

// asOfWords say how old is what is judged by.
func (r *reading) asOfWords() string { return "as of " + r.asOf.Format(time.TimeOnly) }

// rule parts the list from its details, and says how old both are.
func (r *reading) rule(width int) string {
	words := " " + r.asOfWords() + " "
	return " " + widget.Dashes(width-4-len(words)) + words + widget.Dashes(2)
}

// Pane implements host.Screen.
func (r *reading) Pane() *widget.Pane { return &r.details }

// bindings choose among n rows, and scroll what is said of the chosen one.
func (r *reading) bindings(does string, n int) []widget.Binding {
	return append(r.list.Bindings(does, n, widget.Act(func() { r.details = widget.Pane{} })), r.details.Bindings("scroll the details")...)
}

// Choose implements host.Screen.
func (r *reading) Choose(line, _ int) {
	if i := r.list.Hit(line); i >= 0 {
		r.list.Selected, r.details = i, widget.Pane{}
	}
}

// draw adds the list of n rows to the lines above it, in at most so many rows of
// the screen, and what is said of the selected one.
func (r *reading) draw(t widget.Theme, lines []string, n, listHeight, width, height int, row func(i, width int) string, detail func() []string) []string {
	lines = append(lines, r.list.Draw(t, n, len(lines), width, listHeight, true, row)...)
	lines = append(lines, t.Rule.Render(r.rule(width)))
	return append(lines, r.details.DrawBeside(t, detail(), len(lines), height-len(lines))...)
}
