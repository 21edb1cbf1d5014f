package console

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/widget"
)

// palette lists what keys do now, to be found by its words. It has no list of its
// own: its rows are the bindings.
type palette struct {
	filter widget.Filter
	list   widget.List
	all    []widget.Binding
}

// moving are keys that make sense only with what they move in view.
var moving = []string{"up", "down", "pgup", "pgdown", "home", "end", "J", "K", "ctrl+d", "ctrl+u"}

// openPalette lists what works now. Answers to the question on the screen are left
// to the question, which says what is agreed to.
func (a *App) openPalette() {
	p := &palette{all: slices.DeleteFunc(slices.Clone(a.Bindings()), func(b widget.Binding) bool {
		has := func(keys ...string) bool {
			return slices.ContainsFunc(b.Keys(), func(key string) bool { return slices.Contains(keys, key) })
		}
		return b.Off != "" || has(moving...) || has(":", "y", "N")
	})}
	p.filter.Open()
	a.palette = p
}

// found are the commands that what was typed leaves.
func (p *palette) found() []widget.Binding {
	return slices.DeleteFunc(slices.Clone(p.all), func(b widget.Binding) bool { return !p.filter.Passes(b.Show() + " " + b.Does()) })
}

// paletteBindings choose a command and run it.
func (a *App) paletteBindings() []widget.Binding {
	p := a.palette
	found := p.found()
	shut := func() { a.palette = nil }
	bindings := []widget.Binding{widget.Bind("esc", "back", widget.Act(shut), "esc", "ctrl+p")}
	if len(found) == 0 {
		return bindings
	}
	p.list.Move(0, len(found))
	return append(append([]widget.Binding{widget.Bind("enter", "do it", func() tea.Cmd {
		shut()
		return a.doNow(found[p.list.Selected])
	}, "enter")}, p.list.Bindings("choose", len(found), nil)...), bindings...)
}

// doNow does what a binding says, where it still works: what ran meanwhile may have
// ended.
func (a *App) doNow(chosen widget.Binding) tea.Cmd {
	b, bound := widget.BindingOf(a.Bindings(), chosen.Keys()[0])
	if !bound || b.Does() != chosen.Does() {
		a.Say(chosen.Does() + ": this is over meanwhile")
		return nil
	}
	return a.press(a.Bindings(), chosen.Keys()[0])
}

// drawPalette is what is typed and, below, the commands that it leaves.
func (a *App) drawPalette(width, height int) []string {
	t, p := a.theme, a.palette
	lines := []string{" " + t.Title.Render("What can be done now") + "  " + p.filter.Draw(t, max(4, width-26)), ""}
	found := p.found()
	if len(found) == 0 {
		return append(lines, t.Muted.Render("   nothing matches"))
	}
	return append(lines, p.list.Draw(t, len(found), len(lines), width, max(1, height-len(lines)), true, func(i, _ int) string {
		does := found[i].Does()
		if i == p.list.Selected {
			does = t.Selected.Render(does)
		}
		return widget.Pad(t.Key.Render(found[i].Show()), 10) + " " + does
	})...)
}
