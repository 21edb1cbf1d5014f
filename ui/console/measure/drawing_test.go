package measure

import (
	"testing"

	"bothways/ui/console/host"
)

func TestAPanicInViewEndsTheConsoleWithTheCrash(t *testing.T) {
	a := sceneNamed(t, "probe")
	ended := false
	a.Abort = func() { ended = true }
	a.Screens[host.Probe] = panicsWhenDrawn{a.probe}
	a.Dirty = true
	a.View()
	if a.Crash == nil || !ended {
		t.Error("View's panic was lost")
	}
}

type panicsWhenDrawn struct{ *probeScreen }

func (panicsWhenDrawn) Draw(int, int) []string { panic("planted") }
