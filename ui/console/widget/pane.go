package widget

import (
	"cmp"
	"fmt"

	"charm.land/bubbles/v2/viewport"
	tea "charm.land/bubbletea/v2"
)

// Pane shows the part of some lines that there is room for, and scrolls through
// the rest. The zero value is one at its first line.
type Pane struct {
	// Keys are those that scroll, as its foot names them; "" is j and k.
	Keys       string
	view       viewport.Model
	top, drawn int // the body line that it begins on, and how many it takes
}

// Fill says what there is to show and in how many rows. Where that is not all,
// the last row goes to the foot, unless it is the only one. The lines in view stay,
// as far as there are any.
func (p *Pane) Fill(lines []string, height int) {
	rows := max(0, height)
	if len(lines) > rows && rows > 1 {
		rows--
	}
	p.view.SetHeight(rows)
	p.view.SetContentLines(lines)
}

// Draw shows lines from a body line on in at most height rows, and says on the
// last one how much more there is.
func (p *Pane) Draw(t Theme, lines []string, top, height int) []string {
	p.Fill(lines, height)
	p.top, p.drawn = top, min(len(lines), max(0, height))
	if height <= 0 || len(lines) <= height {
		return lines[:p.drawn]
	}
	from, rows := p.view.YOffset(), p.view.Height()
	part := append([]string{}, lines[from:from+rows]...)
	if rows == height {
		return part
	}
	return append(part, t.Muted.Render(fmt.Sprintf("   lines %d to %d of %d, %s scroll", from+1, from+rows, len(lines), cmp.Or(p.Keys, "j k"))))
}

// DrawTable is Draw for a table with a head, which stays in view as long as one
// of the first rows lines does.
func (p *Pane) DrawTable(t Theme, lines []string, rows, top, height int) []string {
	if height <= 1 {
		return lines[:max(0, height)]
	}
	body := p.Draw(t, lines[1:], top+1, height-1)
	if p.view.YOffset() >= rows-1 && len(lines) > height {
		return p.Draw(t, lines, top, height)
	}
	return append(lines[:1:1], body...)
}

// Scrolls says whether there is more than fits.
func (p *Pane) Scrolls() bool { return p.view.TotalLineCount() > p.view.Height() }

// Hit says whether the pane lies on a line of the body.
func (p *Pane) Hit(line int) bool { return line >= p.top && line < p.top+p.drawn }

// Wheel scrolls by the mouse.
func (p *Pane) Wheel(msg tea.MouseWheelMsg) { p.view, _ = p.view.Update(msg) }

// Bindings scroll the pane beside a list that has the arrow keys and the pages: does
// says what is scrolled.
func (p *Pane) Bindings(does string) []Binding {
	return []Binding{
		Bind("J K", does, Act(func() { p.view.ScrollDown(1) }), "J").AsMinor(),
		Bind("K", "scroll up", Act(func() { p.view.ScrollUp(1) }), "K").AsTwin(),
		Bind("ctrl+d ctrl+u", "half a page of them", Act(func() { p.view.ScrollDown(max(1, p.view.Height()/2)) }), "ctrl+d").AsMinor(),
		Bind("ctrl+u", "half a page up", Act(func() { p.view.ScrollUp(max(1, p.view.Height()/2)) }), "ctrl+u").AsTwin(),
	}
}

// DrawBeside is Draw beside a list, which has j and k.
func (p *Pane) DrawBeside(t Theme, lines []string, top, height int) []string {
	p.Keys = "J K"
	return p.Draw(t, lines, top, height)
}

// WholeBindings scroll a pane that has the arrow keys for itself.
func (p *Pane) WholeBindings() []Binding {
	return append([]Binding{
		Bind("↑↓", "scroll", Act(func() { p.view.ScrollUp(1) }), "up", "k"),
		Bind("↓", "scroll down", Act(func() { p.view.ScrollDown(1) }), "down", "j").AsTwin(),
	}, p.pages()...)
}

// FieldBindings scroll a pane above a field, which takes the letters.
func (p *Pane) FieldBindings() []Binding {
	return []Binding{
		Bind("↑↓", "scroll", Act(func() { p.view.ScrollUp(1) }), "up"),
		Bind("↓", "scroll down", Act(func() { p.view.ScrollDown(1) }), "down").AsTwin(),
		Bind("pgup pgdn", "a page", Act(p.view.PageUp), "pgup").AsMinor(),
		Bind("pgdn", "a page down", Act(p.view.PageDown), "pgdown").AsTwin(),
	}
}

func (p *Pane) pages() []Binding {
	return []Binding{
		Bind("pgup pgdn", "a page", Act(p.view.PageUp), "pgup").AsMinor(),
		Bind("pgdn", "a page down", Act(p.view.PageDown), "pgdown").AsTwin(),
		Bind("home end", "to the first line, and the last", Act(func() { p.view.GotoTop() }), "home").AsMinor(),
		Bind("end", "to the last line", Act(func() { p.view.GotoBottom() }), "end").AsTwin(),
	}
}
