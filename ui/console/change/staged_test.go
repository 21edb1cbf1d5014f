package change

import (
	"maps"
	"testing"

	"bothways/ui/console"
	"bothways/ui/console/choose"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/measure"
)

// staged is an app whose screens of this room are at hand.
type staged struct {
	*console.App
	plan   *planScreen
	apply  *applyScreen
	remove *teardownScreen
	doctor *doctorScreen
}

func onStage(a *console.App) *staged {
	return &staged{
		App: a, plan: a.Screens[host.Plan].(*planScreen), apply: a.Screens[host.Apply].(*applyScreen),
		remove: a.Screens[host.TearDown].(*teardownScreen), doctor: a.Screens[host.Doctor].(*doctorScreen),
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
	maps.Copy(all, Screens(h))
	maps.Copy(all, measure.Screens(h))
	return all
}
