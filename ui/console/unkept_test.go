package console

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/widget"
)

func TestQuittingAsksOnceBeforeItLosesSamples(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		a := stage(t, atResults, 60, 16)
		measured(a, 12)
		_, cmd := a.Update(keyNamed(key))
		if frame := text(a); quits(cmd) || !strings.Contains(frame, "samples are kept nowhere.  s saves, q quits without") {
			t.Fatalf("%s:\n%s", key, frame)
		}
		keys(a, "y")
		if a.question != nil || a.results.saving {
			t.Error("y, which could mean either, did something")
		}
		keys(a, key)
		if _, cmd = a.Update(keyNamed(key)); !quits(cmd) {
			t.Errorf("a second %s does not quit", key)
		}
	}
}

func TestSamplesThatWereSavedFromTheQuestionAreNotAskedForAgain(t *testing.T) {
	a := stage(t, atResults, 100, 30)
	measured(a, 12)
	a.results.folder = widget.NewField(t.TempDir())
	keys(a, "q")
	_, cmd := a.Update(keyNamed("s"))
	deliver(a, cmd)
	if len(a.results.saved) != 4 || a.question != nil {
		t.Fatalf("s saved %v:\n%s", a.results.saved, text(a))
	}
	if _, cmd = a.Update(keyNamed("q")); !quits(cmd) {
		t.Error("q does not quit")
	}
}

func TestSamplesInAWholeJournalAreNotAskedFor(t *testing.T) {
	a := sceneNamed(t, "results")
	a.results.forget()
	if _, cmd := a.Update(keyNamed("q")); !quits(cmd) {
		t.Error("q does not quit")
	}
	a.incomplete[a.probe.path] = errors.New("no space left on device")
	if _, cmd := a.Update(keyNamed("q")); quits(cmd) {
		t.Error("q loses samples of a journal that broke off")
	}
}

func TestQuittingWhileMeasuringAsksOnceForBoth(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.runs = append(a.runs, a.probe.run)
	stopped := false
	a.probe.run.cancel = func() { stopped = true }
	keys(a, "q")
	if frame := text(a); !strings.Contains(frame, "80 samples are kept nowhere, 4 probes are in flight.  s saves, q quits without") {
		t.Fatalf("q:\n%s", frame)
	}
	keys(a, "q")
	if !stopped || !a.quitting {
		t.Fatal("the second q did not stop the run")
	}
	if _, cmd := a.Update(batch{run: a.probe.run, ended: true, err: context.Canceled}); !quits(cmd) {
		t.Error("the console does not end with its last run")
	}
}

func TestANewMeasurementAsksBeforeItDropsSamples(t *testing.T) {
	a := stage(t, atResults, 100, 30)
	measured(a, 12)
	last := a.probe.m
	keys(a, "a", "enter")
	if frame := text(a); a.probe.m != last || !strings.Contains(frame, "s saves, y starts without") {
		t.Fatalf("enter:\n%s", frame)
	}
	keys(a, "esc")
	if a.probe.m != last || a.question != nil {
		t.Fatal("esc did not leave things as they are")
	}
	var cmd tea.Cmd
	keys(a, "enter")
	if _, cmd = a.Update(keyNamed("y")); cmd == nil || a.probe.m == last || !a.probe.running() {
		t.Error("y did not start")
	}
}
