package compare

import (
	"charm.land/lipgloss/v2"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// note is one line of a list with what there is to say of it.
type note struct {
	symbol, title string
	style         lipgloss.Style
	says          [][2]string // a label and its text
	copies        string      // what c copies; "": nothing
}

// notes are a list of what stands beside an audit's table, with the details of the
// chosen one.
type notes struct {
	host    host.Host
	head    []string // what they say together, first of all
	doing   string   // while they are read
	reading bool
	failure string
	all     []note
	list    widget.List
	details widget.Pane
}

// Bindings are what keys do here; close leads back.
func (n *notes) Bindings(close func() tea.Cmd) []widget.Binding {
	var bindings []widget.Binding
	if len(n.all) > 0 {
		bindings = append(bindings, n.list.Bindings("choose", len(n.all), widget.Act(func() { n.details = widget.Pane{} }))...)
		bindings = append(bindings, n.details.Bindings("scroll the details")...)
		if line := n.all[n.list.Selected].copies; line != "" {
			bindings = append(bindings, widget.Bind("c", "copy CLI", func() tea.Cmd { return n.host.Copy(line) }, "c"))
		}
	}
	return append(bindings, widget.Bind("esc", "audit", close, "esc"))
}

func (n *notes) choose(line int) {
	if i := n.list.Hit(line); i >= 0 {
		n.list.Selected, n.details = i, widget.Pane{}
	}
}

// Draw shows the list and, below, everything about the chosen one.
func (n *notes) Draw(width, height int) []string {
	t := n.host.Look().Theme
	switch {
	case n.reading:
		return []string{"", " " + t.Accent.Render(n.host.Look().Spin) + " " + n.doing}
	case n.failure != "":
		lines := append([]string{""}, widget.Hang(" "+t.Bad.Render("✗")+" ", widget.Clean(n.failure), width-1)...)
		return append(lines, widget.Hang("   ", "Nothing was changed. esc goes back.", width-1)...)
	}
	var lines []string
	for _, said := range n.head {
		lines = append(lines, widget.Hang(" ", t.Strong.Render(widget.Clean(said)), width-1)...)
	}
	lines = append(lines, "")
	room := height - len(lines)
	lines = append(lines, n.list.Draw(t, len(n.all), len(lines), width, max(3, min(len(n.all), room/2)), true, func(i, _ int) string {
		title := widget.Clean(n.all[i].title)
		if i == n.list.Selected {
			title = t.Selected.Render(title)
		}
		return n.all[i].style.Render(n.all[i].symbol) + " " + title
	})...)
	lines = append(lines, t.Rule.Render(" "+widget.Dashes(width-2)))
	return append(lines, n.details.DrawBeside(t, n.detail(width), len(lines), height-len(lines))...)
}

func (n *notes) detail(width int) []string {
	if n.list.Selected >= len(n.all) {
		return nil
	}
	t, chosen := n.host.Look().Theme, n.all[n.list.Selected]
	lines := widget.Hang(" ", t.Title.Render(widget.Upper(widget.Clean(chosen.title))), width-1)
	for _, said := range chosen.says {
		lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(said[0], 10))+" ", widget.Clean(said[1]), width-1)...)
	}
	return lines
}
