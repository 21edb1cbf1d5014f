package choose

import (
	"maps"
	"testing"

	"bothways/ui/console"
	"bothways/ui/console/change"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/measure"
)

// staged is an app whose screens of this room are at hand.
type staged struct {
	*console.App
	where   *whereScreen
	sides   [2]*sideScreen
	options *optionsScreen
}

func onStage(a *console.App) *staged {
	return &staged{
		App: a, where: a.Screens[host.Where].(*whereScreen), options: a.Screens[host.Options].(*optionsScreen),
		sides: [2]*sideScreen{a.Screens[host.SideA].(*sideScreen), a.Screens[host.SideB].(*sideScreen)},
	}
}

// stage is an app with a fixed clock, at a place, with the sandbox open.
func stage(t testing.TB, at host.Place, width, height int) *staged {
	t.Helper()
	return onStage(consoletest.On(t, every, at, width, height))
}

// every are all rooms' screens.
func every(h host.Host) map[host.Place]host.Screen {
	all := Screens(h)
	maps.Copy(all, change.Screens(h))
	maps.Copy(all, measure.Screens(h))
	return all
}
