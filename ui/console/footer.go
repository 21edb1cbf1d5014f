package console

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// footer is the end of the open question, or what the keys do now.
func (a *App) footer() string {
	t := a.theme
	switch {
	case a.question != nil:
		lines := a.questionLines()
		return lines[len(lines)-1]
	case a.quitting && a.restores() != nil:
		return " " + t.Warn.Render("Putting everything back, then quitting.") + "  " + t.Key.Render("ctrl+c") + " " + t.Does.Render("quits at once")
	case a.quitting:
		return " " + t.Warn.Render("Stopping what runs and saving what was measured.")
	}
	if a.help {
		if a.helpPane.Scrolls() {
			return widget.KeysText(t, []widget.Binding{widget.Bind("↑↓", "scroll", nil), widget.Bind("any other key", "closes this help", nil)}, "   ")
		}
		return widget.KeysText(t, []widget.Binding{widget.Bind("any key", "closes this help", nil)}, "")
	}
	before := a.beside()
	return before + widget.HelpLine(t, a.Bindings(), max(0, a.layout.width-ansi.StringWidth(before)))
}

// beside is the question that stands before the keys, on their line, or "".
func (a *App) beside() string {
	if asked := a.prompt(); asked != "" && len(a.askingLines()) == 0 {
		return " " + a.theme.Strong.Render(asked) + "  "
	}
	return ""
}

// askingLines are what stands of a question above the last line. One that leaves
// the keys too little room stands there whole: whom it asks about is never cut.
func (a *App) askingLines() []string {
	if a.question != nil {
		lines := a.questionLines()
		return lines[:len(lines)-1]
	}
	asked := a.prompt()
	if asked == "" || a.help || a.quitting || ansi.StringWidth(asked) <= a.layout.width*3/5 {
		return nil
	}
	text, answered := strings.CutSuffix(asked, host.YesNo)
	return a.wrapped(text, widget.Choice(answered, a.theme.Strong.Render(host.YesNo), ""), a.theme.Strong.Render)
}

// questionLines are the open question, with its answers at the end.
func (a *App) questionLines() []string {
	return a.wrapped(widget.Clean(a.question.Ask()), a.question.Keys(a.theme.Key.Render, a.theme.Strong.Render), a.theme.Warn.Render)
}

// wrapped is a text in lines of the frame's width, with something at its end that
// is not broken.
func (a *App) wrapped(text, end string, style func(...string) string) []string {
	lines := widget.Wrap(text, max(1, a.layout.width-2-ansi.StringWidth(end)))
	for i, line := range lines {
		lines[i] = " " + style(line)
	}
	lines[len(lines)-1] += end
	return lines
}

// prompt is the question of the screen in front, or "".
func (a *App) prompt() string {
	if a.login != nil || a.palette != nil {
		return ""
	}
	return a.screens[a.front].Prompt()
}
