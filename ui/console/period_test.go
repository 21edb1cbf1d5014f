package console

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/host"
)

func TestASlowTerminalTicksLessOften(t *testing.T) {
	// Over ssh and without focus one beat a second is enough; the period is
	// visible only in how long the command takes, so it is asked directly.
	a := New(t.Context(), Config{Environ: []string{"SSH_TTY=/dev/pts/1"}, Engines: &host.Engines{}}, noScreens)
	if !a.overSSH || a.period() != time.Second {
		t.Error("over ssh it ticks four times a second")
	}
	b := New(t.Context(), Config{Engines: &host.Engines{}}, noScreens)
	if b.period() != time.Second/4 {
		t.Error("at home it does not tick four times a second")
	}
	b.Update(tea.BlurMsg{})
	if b.period() != time.Second {
		t.Error("without focus it ticks four times a second")
	}
}

func noScreens(host.Host) map[host.Place]host.Screen { return nil }
