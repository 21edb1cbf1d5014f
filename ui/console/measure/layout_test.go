package measure

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestATerminalThatIsTooSmallSaysWhatIsNeededAndKeepsMeasuring(t *testing.T) {
	a := stage(t, host.Probe, 59, 16)
	measured(a, 3)
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "60 x 16") {
		t.Fatalf("no note:\n%s", frame)
	}
	before := len(a.probe.m.record.Samples)
	a.Update(host.Batch{Run: &host.Run{Stream: host.NewStream(0), Take: a.probe.take}, Events: nil})
	a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	if frame := consoletest.Text(a.App); len(a.probe.m.record.Samples) != before || !strings.Contains(frame, "A → B") {
		t.Fatalf("the measurement did not go on:\n%s", frame)
	}
}

func TestAResizeStormLeavesTheScreenWhole(t *testing.T) {
	a := stage(t, host.Probe, 200, 60)
	measured(a, 7)
	want := consoletest.Text(a.App)
	for i := range 500 {
		width, height := []int{20, 0, 200, 61, 80}[i%5], []int{5, 0, 60, 17}[i%4]
		a.Update(tea.WindowSizeMsg{Width: width, Height: height})
		consoletest.CheckFrame(t, a.App, width, height)
	}
	a.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
	if got := consoletest.Text(a.App); got != want {
		t.Fatalf("after the storm:\n%s\nbefore:\n%s", got, want)
	}
}

func TestASCIIMarksAreTheSameInTheChartAndBesideIt(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.Cfg.ASCII = true
	consoletest.Redraw(a.App)
	for _, mark := range []string{"o A -> B", "x B -> A"} {
		if frame := consoletest.Text(a.App); strings.Count(frame, mark) != 2 {
			t.Errorf("%q stands %d times, want it at the head and in the legend:\n%s", mark, strings.Count(frame, mark), frame)
		}
	}
}
