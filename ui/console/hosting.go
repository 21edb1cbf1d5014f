package console

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
)

// The app is the host of its screens.
var _ host = (*app)(nil)

func (a *app) look() look {
	return look{
		theme: a.theme, ascii: a.cfg.ASCII, dark: a.dark, beat: a.ticks, spin: a.spin(),
		width: a.layout.width, height: a.bodyHeight(),
	}
}

func (a *app) now() time.Time { return a.cfg.Now() }

func (a *app) settings() settings {
	s := settings{given: a.cfg.Pair, runsDir: a.cfg.RunsDir, saveDir: a.cfg.SaveDir}
	if a.cfg.ReadOnly {
		s.readOnly = "read-only: nothing is changed"
	}
	return s
}

func (a *app) at() place { return a.front }

func (a *app) goTo(p place) tea.Cmd {
	from := a.front
	a.front = p
	a.help, a.notice = false, ""
	return a.screens[p].enter(from)
}

func (a *app) chosen() *choice { return &a.choice }

func (a *app) written() *ledger { return &a.ledger }

func (a *app) drop(what stale) {
	for _, s := range a.screens {
		s.drop(what)
	}
}

func (a *app) measuring() *running {
	for _, r := range a.runs {
		if r.busy != nil {
			return r
		}
	}
	return nil
}

// copy uses the clipboard of the terminal (OSC 52), which works through ssh, too.
func (a *app) copy(text string) tea.Cmd {
	a.say("it is copied, if the terminal allows it")
	return tea.SetClipboard(text)
}

func (a *app) within(most time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(a.ctx, most)
}

// inOrder are the screens in the order of the places.
func (a *app) inOrder() []screen {
	all := make([]screen, 0, len(a.screens))
	for _, s := range stations() {
		all = append(all, a.screens[s.place])
	}
	return all
}
