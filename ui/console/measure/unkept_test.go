package measure

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func TestQuittingAsksOnceBeforeItLosesSamples(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		a := stage(t, host.Results, 60, 16)
		measured(a, 12)
		_, cmd := a.Update(consoletest.KeyNamed(key))
		if frame := consoletest.Text(a.App); consoletest.Quits(cmd) || !strings.Contains(frame, "samples are kept nowhere.  s saves, q quits without") {
			t.Fatalf("%s:\n%s", key, frame)
		}
		consoletest.Keys(a.App, "y")
		if a.Asking() || a.results.saving {
			t.Error("y, which could mean either, did something")
		}
		consoletest.Keys(a.App, key)
		if _, cmd = a.Update(consoletest.KeyNamed(key)); !consoletest.Quits(cmd) {
			t.Errorf("a second %s does not quit", key)
		}
	}
}

func TestSamplesThatWereSavedFromTheQuestionAreNotAskedForAgain(t *testing.T) {
	a := stage(t, host.Results, 100, 30)
	measured(a, 12)
	a.results.folder = widget.NewField(t.TempDir())
	consoletest.Keys(a.App, "q")
	_, cmd := a.Update(consoletest.KeyNamed("s"))
	consoletest.Deliver(a, cmd)
	if len(a.results.saved) != 4 || a.Asking() {
		t.Fatalf("s saved %v:\n%s", a.results.saved, consoletest.Text(a.App))
	}
	if _, cmd = a.Update(consoletest.KeyNamed("q")); !consoletest.Quits(cmd) {
		t.Error("q does not quit")
	}
}

func TestSamplesInAWholeJournalAreNotAskedFor(t *testing.T) {
	a := sceneNamed(t, "results")
	a.results.forget()
	if _, cmd := a.Update(consoletest.KeyNamed("q")); !consoletest.Quits(cmd) {
		t.Error("q does not quit")
	}
	a.Incomplete[a.probe.path] = errors.New("no space left on device")
	if _, cmd := a.Update(consoletest.KeyNamed("q")); consoletest.Quits(cmd) {
		t.Error("q loses samples of a journal that broke off")
	}
}

func TestQuittingWhileMeasuringAsksOnceForBoth(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.Runs = append(a.Runs, a.probe.run)
	stopped := false
	a.probe.run.Cancel = func() { stopped = true }
	consoletest.Keys(a.App, "q")
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "80 samples are kept nowhere, 4 probes are in flight.  s saves, q quits without") {
		t.Fatalf("q:\n%s", frame)
	}
	consoletest.Keys(a.App, "q")
	if !stopped || !strings.Contains(consoletest.Text(a.App), "Stopping what runs") {
		t.Fatal("the second q did not stop the run")
	}
	if _, cmd := a.Update(host.Batch{Run: a.probe.run, Ended: true, Err: context.Canceled}); !consoletest.Quits(cmd) {
		t.Error("the console does not end with its last run")
	}
}

func TestANewMeasurementAsksBeforeItDropsSamples(t *testing.T) {
	a := stage(t, host.Results, 100, 30)
	measured(a, 12)
	last := a.probe.m
	consoletest.Keys(a.App, "a", "enter")
	if frame := consoletest.Text(a.App); a.probe.m != last || !strings.Contains(frame, "s saves, y starts without") {
		t.Fatalf("enter:\n%s", frame)
	}
	consoletest.Keys(a.App, "esc")
	if a.probe.m != last || a.Asking() {
		t.Fatal("esc did not leave things as they are")
	}
	var cmd tea.Cmd
	consoletest.Keys(a.App, "enter")
	if _, cmd = a.Update(consoletest.KeyNamed("y")); cmd == nil || a.probe.m == last || !a.probe.running() {
		t.Error("y did not start")
	}
}
