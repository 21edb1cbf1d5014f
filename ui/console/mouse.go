package console

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// clicked presses the key that stands under the mouse, on the rail or in the help
// line, and chooses what lies under it in the body. It answers no question: where
// something is agreed to, somebody types it.
func (a *App) clicked(msg tea.MouseClickMsg) tea.Cmd {
	if msg.Button != tea.MouseLeft || a.help || a.question != nil || a.quitting || a.layout.small {
		return nil
	}
	switch {
	case msg.Y == a.layout.height-1:
		before := ansi.StringWidth(a.beside())
		if b, on := widget.HelpLineAt(a.theme, a.Bindings(), a.layout.width-before, msg.X-before); on {
			return a.press(a.Bindings(), b.Keys()[0])
		}
	case a.login != nil:
	case a.layout.rail && msg.Y == 1:
		if p := a.railAt(msg.X); p != "" && p != a.front {
			return a.toStation(p)
		}
	case a.palette != nil:
		if i := a.palette.list.Hit(msg.Y - a.bodyTop()); i >= 0 {
			a.palette.list.Selected = i
		}
	default:
		a.screens[a.front].Choose(msg.Y-a.bodyTop(), msg.X)
	}
	return nil
}

// toStation goes to a place of the rail where its key does.
func (a *App) toStation(p host.Place) tea.Cmd {
	if a.Typing() != nil {
		return nil
	}
	return a.press(a.railBindings(), railKey(p))
}
