package console

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func TestASlowTerminalTicksLessOften(t *testing.T) {
	// Over ssh and without focus one beat a second is enough; the period is
	// visible only in how long the command takes, so it is asked directly.
	a := New(t.Context(), Config{Environ: []string{"SSH_TTY=/dev/pts/1"}, Engines: &host.Engines{}}, oneScreen)
	if !a.overSSH || a.period() != time.Second {
		t.Error("over ssh it ticks four times a second")
	}
	b := New(t.Context(), Config{Engines: &host.Engines{}}, oneScreen)
	if b.period() != time.Second/4 {
		t.Error("at home it does not tick four times a second")
	}
	b.Update(tea.BlurMsg{})
	if b.period() != time.Second {
		t.Error("without focus it ticks four times a second")
	}
}

func TestABeatOfADeadChainIsDropped(t *testing.T) {
	a := New(t.Context(), Config{Engines: &host.Engines{}}, oneScreen)
	a.Update(ticked{chain: 99})
	if a.ticks != 0 {
		t.Error("a beat of a dead chain counted")
	}
}

func TestAPanicInViewEndsTheConsoleWithTheCrash(t *testing.T) {
	a := New(t.Context(), Config{Engines: &host.Engines{}, Width: 80, Height: 24}, oneScreen)
	ended := false
	a.abort = func() { ended = true }
	a.screens[host.Where] = panicsWhenDrawn{}
	a.View()
	if a.crash == nil || !ended {
		t.Error("View's panic was lost")
	}
}

// blank is a screen on which nothing is.
type blank struct{ host.Quiet }

func (blank) Drop(host.Stale) {}

func (blank) Bindings() []widget.Binding { return nil }

func (blank) Draw(int, int) []string { return nil }

type panicsWhenDrawn struct{ blank }

func (panicsWhenDrawn) Draw(int, int) []string { panic("planted") }

func oneScreen(host.Host) map[host.Place]host.Screen {
	return map[host.Place]host.Screen{host.Where: blank{}}
}
