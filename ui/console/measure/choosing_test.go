package measure

import (
	"strings"
	"testing"

	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func TestWrongSetupsAreExplainedAndNotStarted(t *testing.T) {
	for _, c := range []struct {
		row       int
		text, why string
	}{
		{setupSizes, "8 potatoes", "potatoes"},
		{setupSizes, "-1", "-1"},
		{setupSizes, "1MiB,1MiB", ""},
		{setupLength, "many", "whole number of rounds"},
		{setupLength, "-3", "rounds"},
		{setupLength, "-3h", "nor a time"},
		{setupLength, "0h", "nor a time"},
		{setupEvery, "soon", "10s"},
		{setupLimit, "0s", "15m"},
	} {
		a := stage(t, host.Probe, 100, 30)
		a.probe.setup.texts[c.row] = widget.NewField(c.text)
		consoletest.Redraw(a.App)
		consoletest.Keys(a.App, "enter")
		if frame := consoletest.Text(a.App); a.probe.run != nil || !strings.Contains(frame, c.why) {
			t.Errorf("%q:\n%s", c.text, frame)
		}
	}
}
