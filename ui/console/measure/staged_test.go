package measure

import (
	"maps"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console"
	"bothways/ui/console/change"
	"bothways/ui/console/choose"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

// staged is an app whose screens of this room are at hand.
type staged struct {
	*console.App
	probe   *probeScreen
	results *resultsScreen
	past    *runsScreen
}

func onStage(a *console.App) *staged {
	return &staged{
		App: a, probe: a.Screens[host.Probe].(*probeScreen), results: a.Screens[host.Results].(*resultsScreen), past: a.Screens[host.Runs].(*runsScreen),
	}
}

// stage is an app with a fixed clock, at a place, with the sandbox open.
func stage(t testing.TB, at host.Place, width, height int) *staged {
	t.Helper()
	return onStage(consoletest.On(t, every, at, width, height))
}

// every are all rooms' screens.
func every(h host.Host) map[host.Place]host.Screen {
	all := choose.Screens(h)
	maps.Copy(all, change.Screens(h))
	maps.Copy(all, Screens(h))
	return all
}

// unkept counts the samples that nothing holds but memory.
func unkept(a *staged) int {
	n, _ := a.Unkept()
	return n
}

// measuring lets the measurement go on, as if an engine took it.
func goesOn(a *staged) {
	s := a.probe
	s.run = &host.Run{Stream: host.NewStream(0), Doing: "measuring", Cancel: func() {}, Take: s.take, Busy: s.flying, Stop: s.stop}
}

// delivered runs all commands of a batch by hand and gives their results to the
// model, but for the clock's.
func delivered(a *console.App, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			delivered(a, c)
		}
	case host.Result:
		a.Update(msg)
	}
}
