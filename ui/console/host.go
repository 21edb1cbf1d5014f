package console

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/host"
)

// The app is the host of its screens.
var _ host.Host = (*App)(nil)

// Look implements host.Host.
func (a *App) Look() host.Look {
	return host.Look{
		Theme: a.theme, ASCII: a.cfg.ASCII, Dark: a.dark, Scheme: a.scheme, Beat: a.ticks, Spin: a.spin(),
		Width: a.layout.width, Height: a.bodyHeight(),
	}
}

// Now implements host.Host.
func (a *App) Now() time.Time { return a.cfg.Now() }

// Settings implements host.Host.
func (a *App) Settings() host.Settings {
	s := host.Settings{Version: a.cfg.Version, Given: a.cfg.Pair, RunsDir: a.cfg.RunsDir, SaveDir: a.cfg.SaveDir, Defaults: a.cfg.Defaults, Ways: host.Ways{Access: a.cfg.Access, Profile: a.cfg.Profile, Profiles: a.cfg.Profiles, OpenSandbox: a.cfg.OpenSandbox}}
	if a.cfg.ReadOnly {
		s.ReadOnly = "read-only: nothing is changed"
	}
	return s
}

// At implements host.Host.
func (a *App) At() host.Place { return a.front }

// GoTo implements host.Host.
func (a *App) GoTo(p host.Place) tea.Cmd {
	from := a.front
	a.front = p
	if p.Number() > 0 {
		a.station = p
	}
	a.help, a.notice, a.palette = false, "", nil
	return tea.Batch(a.screens[p].Enter(from), a.lookForOpens())
}

// Chosen implements host.Host.
func (a *App) Chosen() *host.Choice { return &a.Choice }

// Engines implements host.Host.
func (a *App) Engines() *host.Engines { return &a.do }

// Written implements host.Host.
func (a *App) Written() *host.Ledger { return &a.Ledger }

// Drop implements host.Host.
func (a *App) Drop(what host.Stale) {
	a.opens.stale = true
	for _, s := range a.screens {
		s.Drop(what)
	}
}

// Measuring implements host.Host. A run that says what would be broken off is one.
func (a *App) Measuring() *host.Run {
	for _, r := range a.runs {
		if r.Busy != nil {
			return r
		}
	}
	return nil
}

// Copy uses the clipboard of the terminal (OSC 52), which works through ssh, too.
func (a *App) Copy(text string) tea.Cmd {
	a.Say("it is copied, if the terminal allows it")
	return tea.SetClipboard(text)
}

// Within implements host.Host.
func (a *App) Within(most time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(a.ctx, most)
}

// inOrder are the screens in the order of the places.
func (a *App) inOrder() []host.Screen {
	all := make([]host.Screen, 0, len(a.screens))
	for _, s := range host.Stations() {
		all = append(all, a.screens[s.Place])
	}
	return all
}
