package console

import "bothways/ui/console/widget"

// readHelp scrolls the help where it does not fit; any other key closes it.
func (a *App) readHelp(key string) {
	a.helpPane.Fill(a.helpLines(), a.bodyHeight())
	b, scrolls := widget.BindingOf(a.helpPane.WholeBindings(), key)
	if !scrolls || !a.helpPane.Scrolls() {
		a.help = false
		return
	}
	b.Run()
}

// helpLines are what the keys do now, what the words and marks on the screen
// mean, and how a field is edited.
func (a *App) helpLines() []string {
	t, width := a.theme, a.layout.width
	lines := widget.FullHelp(t, a.Bindings(), width)
	if a.login != nil {
		return lines
	}
	if words := a.screens[a.front].Words(); len(words) > 0 {
		lines = append(lines, "", t.Title.Render(" What stands on this screen"), "")
		for _, w := range words {
			lines = append(lines, widget.Hang("   "+t.Strong.Render(widget.Pad(w.Says, widget.WordWidth)), w.Means, width-1)...)
		}
	}
	if a.cfg.Settings != "" {
		lines = append(lines, "", t.Title.Render(" Settings"), "")
		lines = append(lines, widget.Hang("   ", widget.Clean(a.cfg.Settings), width-1)...)
	}
	if a.screens[a.front].Fields() {
		lines = append(lines, "", t.Title.Render(" While you type"), "")
		lines = append(lines, widget.HelpList(t, widget.FieldBindings(), width)...)
	}
	return lines
}
