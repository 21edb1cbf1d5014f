package measure

import (
	"strings"
	"testing"

	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func TestNothingIsCutOnTheSetupOfTheSmallestTerminal(t *testing.T) {
	for _, length := range []string{"12", "24h", "0", "168h"} {
		a := stage(t, host.Probe, 60, 16)
		a.probe.setup.texts[setupLength] = widget.NewField(length)
		frame := consoletest.Text(a.App)
		if words := strings.Join(strings.Fields(frame), " "); strings.Contains(frame, "…") || !strings.Contains(words, "The sandbox costs nothing.") {
			t.Errorf("length %s:\n%s", length, frame)
		}
		consoletest.Keys(a.App, "down", "down", "down", "down", "space")
		if frame := consoletest.Text(a.App); !strings.Contains(frame, "fine") || !strings.Contains(frame, "about 24 polls a sample") {
			t.Errorf("the pace:\n%s", frame)
		}
	}
}
