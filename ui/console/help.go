package console

import "bothways/ui/console/widget"

// readHelp scrolls the help where it does not fit; any other key closes it.
func (a *app) readHelp(key string) {
	most := a.helpHidden()
	by := map[string]int{"down": 1, "j": 1, "pgdown": a.bodyHeight() - 1, "up": -1, "k": -1, "pgup": 1 - a.bodyHeight()}[key]
	if by == 0 || most <= 1 {
		a.help = false
		return
	}
	a.helpFrom = max(0, min(a.helpFrom+by, most))
}

// helpHidden is how far the help can be scrolled; at most 1 where all of it fits.
func (a *app) helpHidden() int {
	return len(a.helpLines()) - a.bodyHeight() + 1
}

// helpLines are what the keys do now, what the words and marks on the screen
// mean, and how a field is edited.
func (a *app) helpLines() []string {
	t, width := a.theme, a.layout.width
	lines := widget.FullHelp(t, a.bindings(), width)
	if a.login != nil {
		return lines
	}
	if words := a.screens[a.at].words(); len(words) > 0 {
		lines = append(lines, "", t.Title.Render(" What stands on this screen"), "")
		for _, w := range words {
			lines = append(lines, widget.Hang("   "+t.Strong.Render(widget.Pad(w.Says, widget.WordWidth)), w.Means, width-1)...)
		}
	}
	if a.screens[a.at].fields() {
		lines = append(lines, "", t.Title.Render(" While you type"), "")
		lines = append(lines, widget.HelpList(t, widget.FieldBindings(), width)...)
	}
	return lines
}
