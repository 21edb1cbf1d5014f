package console

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/probe"
	"bothways/probe/watch"
	"bothways/ui/console/widget"
)

// sceneNamed builds one of the scenes.
func sceneNamed(t *testing.T, name string) *staged {
	t.Helper()
	for _, scene := range scenes {
		if scene.name == name {
			return scene.build(t, 100, 30)
		}
	}
	t.Fatalf("no scene %q", name)
	return nil
}

func TestNoKeyMeansTwoThingsInOneState(t *testing.T) {
	for _, scene := range scenes {
		a := scene.build(t, 100, 30)
		meaning := map[string]string{}
		for _, b := range a.bindings() {
			if b.Show() == "" || b.Does() == "" || b.Run == nil {
				t.Errorf("%s has an incomplete binding for %v", scene.name, b.Keys())
			}
			for _, key := range b.Keys() {
				if other, taken := meaning[key]; taken {
					t.Errorf("%s: %s means %q and %q", scene.name, key, other, b.Does())
				}
				meaning[key] = b.Does()
			}
		}
	}
}

func TestEveryBindingWaitsForAKeyThatATerminalCanSend(t *testing.T) {
	for _, scene := range scenes {
		for _, b := range scene.build(t, 100, 30).bindings() {
			for _, key := range b.Keys() {
				if got := keyNamed(key).String(); got != key {
					t.Errorf("%s: %s waits for %q, the key is called %q", scene.name, b.Does(), key, got)
				}
			}
		}
	}
}

func TestAKeyThatIsOffSaysWhy(t *testing.T) {
	a := sceneNamed(t, "plan-blocked")
	keys(a, "y")
	if a.front != atPlan || !strings.Contains(text(a), "1 thing stands in the way") {
		t.Errorf("y on a blocked plan:\n%s", text(a))
	}
	if strings.Contains(widget.HelpLine(a.theme, a.bindings(), 200), "apply") {
		t.Error("the help line shows a key that does nothing")
	}
}

func TestEnterOnAPlanChangesNothing(t *testing.T) {
	a := sceneNamed(t, "plan")
	for _, key := range []string{"enter", "n", "N", "space", "z"} {
		keys(a, key)
		if a.front != atPlan || len(a.runs) != 0 {
			t.Fatalf("%s started something", key)
		}
	}
}

func TestReadOnlyRefusesEveryChange(t *testing.T) {
	for _, name := range []string{"plan", "teardown", "probe-setup"} {
		a := sceneNamed(t, name)
		a.cfg.ReadOnly, a.dirty = true, true
		for _, key := range []string{"y", "enter", "x"} {
			keys(a, key)
		}
		if len(a.runs) != 0 {
			t.Errorf("%s started a run", name)
		}
		if !strings.Contains(text(a), "READ-ONLY") {
			t.Errorf("%s has no badge", name)
		}
	}
}

func TestAPlanWithoutChangesGoesStraightToTheProbe(t *testing.T) {
	a := sceneNamed(t, "plan")
	for i := range a.plan.found.SetUp.Steps {
		a.plan.found.SetUp.Steps[i].Change = step.Nothing
	}
	a.dirty = true
	if frame := text(a); !strings.Contains(frame, "Nothing to change") {
		t.Fatalf("the plan:\n%s", frame)
	}
	keys(a, "y")
	if a.front != atPlan {
		t.Fatal("y applied a plan without changes")
	}
	keys(a, "enter")
	if a.front != atProbe {
		t.Fatalf("enter went to %s", a.front.title())
	}
}

func TestAResultThatComesTooLateIsDropped(t *testing.T) {
	a := stage(t, atWhere, 80, 24)
	a.where.opening, a.where.gen = 2, 2
	a.Update(identified{by: a.where, gen: 1, identity: account.Identity{Account: "1"}})
	if a.open || a.front != atWhere {
		t.Error("an identity of an opening that was given up came through")
	}
	a.plan.gen, a.plan.asking = 5, true
	a.Update(surveyRead{by: a.plan, gen: 4, found: *demoSurvey(a.pair)})
	if a.plan.found != nil {
		t.Error("a survey that was given up came through")
	}
	a.sides[0].readFrom = "eu-west-2"
	a.Update(bucketsRead{by: a.sides[0], label: a.access.Label(), region: "eu-west-1", names: []string{"x"}})
	if len(a.sides[0].existing) != 0 {
		t.Error("buckets of another region came through")
	}
	a.Update(ticked{chain: 99})
	if a.ticks != 0 {
		t.Error("a beat of a dead chain counted")
	}
}

func TestNothingTicksWhileIdle(t *testing.T) {
	for _, scene := range scenes {
		a := scene.build(t, 80, 24)
		a.ticking = 0
		if cmd := a.tick(); (cmd != nil) != a.moving() {
			t.Errorf("%s: ticks %v, moves %v", scene.name, cmd != nil, a.moving())
		}
	}
}

func TestAFrameIsBuiltOnlyWhenSomethingChanged(t *testing.T) {
	a := sceneNamed(t, "results")
	first := a.View().Content
	a.probe.path = "changed behind the model's back"
	a.Update(tea.MouseMotionMsg{X: 3, Y: 3})
	a.Update(tea.FocusMsg{})
	if a.View().Content != first {
		t.Error("a message without meaning rebuilt the frame")
	}
	keys(a, "down")
	if a.View().Content == first {
		t.Error("a key did not rebuild the frame")
	}
}

func TestQuittingAsksOnceWhileProbesAreInFlight(t *testing.T) {
	a := sceneNamed(t, "quit")
	stopped := false
	a.runs[0].cancel = func() { stopped = true }
	keys(a, "esc")
	if a.question != nil || stopped || a.front != atProbe {
		t.Fatal("esc did not go on")
	}
	keys(a, "q", "y")
	if !stopped || !a.quitting {
		t.Fatal("y did not stop the run")
	}
	_, cmd := a.Update(batch{run: a.runs[0], ended: true, err: context.Canceled})
	if !quits(cmd) {
		t.Error("the console does not end with its last run")
	}
}

func TestQuittingIdleEndsAtOnce(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		a := stage(t, atOptions, 80, 24)
		_, cmd := a.Update(keyNamed(key))
		if !quits(cmd) {
			t.Errorf("%s does not quit", key)
		}
	}
}

// quits says whether a command is, or holds, the one that quits.
func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	switch msg := cmd().(type) {
	case tea.QuitMsg:
		return true
	case tea.BatchMsg:
		for _, c := range msg {
			if quits(c) {
				return true
			}
		}
	}
	return false
}

func TestAClickChoosesARow(t *testing.T) {
	a := sceneNamed(t, "where")
	a.View()
	a.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 5, Y: a.layout.bodyTop + a.where.list.Top + 2})
	if a.where.list.Selected != 2 {
		t.Errorf("row %d is chosen", a.where.list.Selected)
	}
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	if a.where.list.Selected != 1 {
		t.Errorf("after the wheel row %d is chosen", a.where.list.Selected)
	}
	keys(a, "m")
	if a.View().MouseMode != tea.MouseModeNone {
		t.Error("m did not release the mouse")
	}
}

func TestARunningStepIsFollowedUntilOneIsChosen(t *testing.T) {
	a := sceneNamed(t, "apply")
	s := a.apply.steps
	news(s, "rule-b-to-a", step.Running, "", 0)
	if got := s.plan.Steps[s.selected].ID; got != "rule-b-to-a" {
		t.Errorf("%s is selected", got)
	}
	a.View()
	keys(a, "up")
	chosen := s.selected
	news(s, "canary-a-to-b", step.Running, "", 0)
	if s.selected != chosen {
		t.Error("the choice was lost")
	}
	keys(a, "left")
	if d := s.plan.Steps[s.selected].Direction; d == nil || *d != pair.AtoB {
		t.Error("left did not go to the other lane")
	}
}

func TestRetryKeepsWhatSucceeded(t *testing.T) {
	a := sceneNamed(t, "apply-failed")
	_, cmd := a.Update(keyNamed("r"))
	if cmd == nil || !a.apply.steps.running() {
		t.Fatal("r did not start a run")
	}
	if got := a.apply.steps.State(0).status; got != step.Done {
		t.Errorf("the bucket is %s now", got)
	}
	if got := a.apply.steps.states["rule-a-to-b"].status; got != "" {
		t.Errorf("the failed rule is still %s", got)
	}
}

func TestARunThatEndsWithAnErrorShowsItWhole(t *testing.T) {
	a := stage(t, atProbe, 80, 24)
	cfg, err := a.probe.setup.config(a.pair)
	if err != nil {
		t.Fatal(err)
	}
	a.probe.choosing, a.probe.m = false, newMeasurement(cfg, noon)
	a.probe.run = &running{stream: newStream(0), take: a.probe.take}
	a.Update(batch{run: a.probe.run, ended: true, err: errors.New("side B: listing is denied, so an absent object cannot be told from a hidden one: grant s3:ListBucket")})
	if frame := text(a); !strings.Contains(frame, "The measurement did not start") || !strings.Contains(frame, "grant s3:ListBucket") {
		t.Errorf("the screen:\n%s", frame)
	}
}

func TestThePauseReachesTheEngine(t *testing.T) {
	a := sceneNamed(t, "probe")
	engine := &pausable{}
	a.probe.prober = engine
	keys(a, "space")
	if !engine.paused || !strings.Contains(text(a), "no new probe is started") {
		t.Errorf("paused %v:\n%s", engine.paused, text(a))
	}
	keys(a, "space")
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
	keys(a, "f")
	before := text(a)
	a.probe.feed(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, DurationMS: 31000, Outcome: probe.Replicated, PostedAt: noon})
	a.dirty = true
	if text(a) != before {
		t.Error("the frozen screen changed")
	}
	keys(a, "f")
	if !strings.Contains(text(a), "n 43") {
		t.Errorf("after unfreezing:\n%s", text(a))
	}
}

func TestASlowTerminalTicksLessOften(t *testing.T) {
	// Over ssh and without focus one beat a second is enough; the period is
	// visible only in how long the command takes, so it is asked directly.
	a := newApp(t.Context(), Config{Environ: []string{"SSH_TTY=/dev/pts/1"}, engines: inert()})
	if !a.overSSH || a.period() != time.Second {
		t.Error("over ssh it ticks four times a second")
	}
	b := newApp(t.Context(), Config{engines: inert()})
	if b.period() != time.Second/4 {
		t.Error("at home it does not tick four times a second")
	}
	b.Update(tea.BlurMsg{})
	if b.period() != time.Second {
		t.Error("without focus it ticks four times a second")
	}
}

func TestTearingDownWaitsForTheMeasurementToEnd(t *testing.T) {
	a := sceneNamed(t, "probe")
	run := a.probe.run
	a.runs = append(a.runs, run)
	stopped := false
	run.cancel = func() { stopped = true }
	keys(a, "x")
	a.Update(removalRead{by: a.remove, gen: a.remove.gen, found: *demoSurvey(a.pair)})
	if stopped {
		t.Fatal("looking at the removal stopped the measurement")
	}
	keys(a, "y")
	if !stopped || a.remove.steps != nil || !strings.Contains(text(a), "stopping the measurement first") {
		t.Fatalf("stopped %v, removing %v:\n%s", stopped, a.remove.steps != nil, text(a))
	}
	a.Update(batch{run: run, ended: true, err: context.Canceled})
	if !a.remove.steps.running() {
		t.Error("the removal did not start after the measurement's end")
	}
}
