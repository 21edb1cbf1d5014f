package change

import (
	"strings"
	"testing"

	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestTheWholeRailShowsOnWideTerminalsOnly(t *testing.T) {
	if frame := consoletest.Text(stage(t, host.Plan, 120, 40).App); !strings.Contains(frame, "▸ 5 Plan") || strings.Contains(frame, "5/8") {
		t.Errorf("at 120x40:\n%s", frame)
	}
	if frame := consoletest.Text(stage(t, host.Plan, 100, 40).App); !strings.Contains(frame, "5/8 Plan") {
		t.Errorf("at 100x40:\n%s", frame)
	}
}
