package measure

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestALongNoticeIsWrappedAndNeverTakesTheFrame(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.Update(tea.WindowSizeMsg{Width: 60, Height: 16})
	a.Say(strings.Repeat("long words ", 40))
	consoletest.CheckFrame(t, a.App, 60, 16)
	frame := consoletest.Text(a.App)
	if n := strings.Count(frame, "long words"); n < 10 || !strings.Contains(frame, "q quit") {
		t.Errorf("%d of its words are shown:\n%s", n, frame)
	}
}

func TestTheQuestionWhetherToQuitIsAskedOnATooSmallScreen(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.Runs, a.probe.path = append(a.Runs, a.probe.run), "/home/me/r1.ndjson"
	a.Update(tea.WindowSizeMsg{Width: 50, Height: 15})
	consoletest.Keys(a.App, "q")
	if frame := strings.Join(strings.Fields(consoletest.Text(a.App)), " "); !strings.Contains(frame, "stop and quit? y / N") {
		t.Errorf("the question is not shown:\n%s", frame)
	}
}

func TestStoppingAMeasurementIsAskedFirst(t *testing.T) {
	a := sceneNamed(t, "probe")
	stopped := 0
	a.probe.run.Cancel = func() { stopped++ }
	consoletest.Keys(a.App, "esc")
	if stopped != 0 || !strings.Contains(consoletest.Text(a.App), "Stop measuring? The 80 samples so far are kept.  y / N") {
		t.Fatalf("esc: stopped %d\n%s", stopped, consoletest.Text(a.App))
	}
	consoletest.Keys(a.App, "esc")
	if stopped != 0 || a.Asking() {
		t.Fatal("esc is not a yes")
	}
	consoletest.Keys(a.App, "esc", "y")
	if frame := consoletest.Text(a.App); stopped != 1 || !strings.Contains(frame, "round 7 of 12, stopping") {
		t.Fatalf("y: stopped %d\n%s", stopped, frame)
	}
	a.Update(host.Batch{Run: a.probe.run, Ended: true, Err: context.Canceled})
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "round 7 of 12, stopped") || strings.Contains(frame, "next start") {
		t.Errorf("after the end:\n%s", frame)
	}
}

func TestAQuestionGoesWhenItsRunEndsByItself(t *testing.T) {
	a := sceneNamed(t, "probe")
	consoletest.Keys(a.App, "esc")
	a.Update(host.Batch{Run: a.probe.run, Ended: true})
	if a.Asking() || strings.Contains(consoletest.Text(a.App), "Stop measuring?") {
		t.Error("it is still asked whether to stop")
	}
}
