package measure

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/watch"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestAFrameIsBuiltOnlyWhenSomethingChanged(t *testing.T) {
	a := sceneNamed(t, "results")
	first := a.View().Content
	a.probe.path = "changed behind the model's back"
	a.Update(tea.MouseMotionMsg{X: 3, Y: 3})
	a.Update(tea.FocusMsg{})
	if a.View().Content != first {
		t.Error("a message without meaning rebuilt the frame")
	}
	consoletest.Keys(a.App, "down")
	if a.View().Content == first {
		t.Error("a key did not rebuild the frame")
	}
}

func TestQuittingAsksOnceWhileProbesAreInFlight(t *testing.T) {
	a := sceneNamed(t, "quit")
	stopped := false
	a.Runs[0].Cancel = func() { stopped = true }
	consoletest.Keys(a.App, "esc")
	if a.Asking() || stopped || a.At() != host.Probe {
		t.Fatal("esc did not go on")
	}
	consoletest.Keys(a.App, "q", "y")
	if !stopped || !strings.Contains(consoletest.Text(a.App), "Stopping what runs") {
		t.Fatal("y did not stop the run")
	}
	_, cmd := a.Update(host.Batch{Run: a.Runs[0], Ended: true, Err: context.Canceled})
	if !consoletest.Quits(cmd) {
		t.Error("the console does not end with its last run")
	}
}

func TestARunThatEndsWithAnErrorShowsItWhole(t *testing.T) {
	a := stage(t, host.Probe, 80, 24)
	cfg, err := a.probe.setup.config(a.Pair)
	if err != nil {
		t.Fatal(err)
	}
	a.probe.choosing, a.probe.m = false, newMeasurement(cfg, consoletest.Noon)
	a.probe.run = &host.Run{Stream: host.NewStream(0), Take: a.probe.take}
	a.Update(host.Batch{Run: a.probe.run, Ended: true, Err: errors.New("side B: listing is denied, so an absent object cannot be told from a hidden one: grant s3:ListBucket")})
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "The measurement did not start") || !strings.Contains(frame, "grant s3:ListBucket") {
		t.Errorf("the screen:\n%s", frame)
	}
}

func TestThePauseReachesTheEngine(t *testing.T) {
	a := sceneNamed(t, "probe")
	engine := &pausable{}
	a.probe.prober = engine
	consoletest.Keys(a.App, "space")
	if !engine.paused || !strings.Contains(consoletest.Text(a.App), "no new probe is started") {
		t.Errorf("paused %v:\n%s", engine.paused, consoletest.Text(a.App))
	}
	consoletest.Keys(a.App, "space")
	if engine.paused {
		t.Error("space did not let it go on")
	}
}

type pausable struct{ paused bool }

func (p *pausable) Run(context.Context, pair.Emit) error { return nil }
func (p *pausable) SetPaused(paused bool)                { p.paused = paused }
func (p *pausable) Watch() *watch.Watch                  { return watch.New() }

func TestFreezingKeepsTheScreenWhileSamplesComeIn(t *testing.T) {
	a := sceneNamed(t, "probe")
	consoletest.Keys(a.App, "f")
	before := consoletest.Text(a.App)
	a.probe.feed(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, DurationMS: 31000, Outcome: probe.Replicated, PostedAt: consoletest.Noon})
	consoletest.Redraw(a.App)
	if consoletest.Text(a.App) != before {
		t.Error("the frozen screen changed")
	}
	consoletest.Keys(a.App, "f")
	if !strings.Contains(consoletest.Text(a.App), "n 43") {
		t.Errorf("after unfreezing:\n%s", consoletest.Text(a.App))
	}
}
