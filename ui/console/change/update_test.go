package change

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func TestAKeyThatIsOffSaysWhy(t *testing.T) {
	a := sceneNamed(t, "plan-blocked")
	consoletest.Keys(a.App, "y")
	if a.At() != host.Plan || !strings.Contains(consoletest.Text(a.App), "1 thing stands in the way") {
		t.Errorf("y on a blocked plan:\n%s", consoletest.Text(a.App))
	}
	if strings.Contains(widget.HelpLine(a.Look().Theme, a.Bindings(), 200), "apply") {
		t.Error("the help line shows a key that does nothing")
	}
}

func TestAPlanWithoutChangesGoesStraightToTheProbe(t *testing.T) {
	a := sceneNamed(t, "plan")
	for i := range a.plan.found.SetUp.Steps {
		a.plan.found.SetUp.Steps[i].Change = step.Nothing
	}
	consoletest.Redraw(a.App)
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "Nothing to change") {
		t.Fatalf("the plan:\n%s", frame)
	}
	consoletest.Keys(a.App, "y")
	if a.At() != host.Plan {
		t.Fatal("y applied a plan without changes")
	}
	consoletest.Keys(a.App, "enter")
	if a.At() != host.Probe {
		t.Fatalf("enter went to %s", a.At().Title())
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
	consoletest.Keys(a.App, "up")
	chosen := s.selected
	news(s, "canary-a-to-b", step.Running, "", 0)
	if s.selected != chosen {
		t.Error("the choice was lost")
	}
	consoletest.Keys(a.App, "left")
	if d := s.plan.Steps[s.selected].Direction; d == nil || *d != pair.AtoB {
		t.Error("left did not go to the other lane")
	}
}

func TestEnterOnAPlanChangesNothing(t *testing.T) {
	a := sceneNamed(t, "plan")
	for _, key := range []string{"enter", "n", "N", "space", "z"} {
		consoletest.Keys(a.App, key)
		if a.At() != host.Plan || len(a.Runs) != 0 {
			t.Fatalf("%s started something", key)
		}
	}
}

func TestRetryKeepsWhatSucceeded(t *testing.T) {
	a := sceneNamed(t, "apply-failed")
	_, cmd := a.Update(consoletest.KeyNamed("r"))
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

func TestTearingDownWaitsForTheMeasurementToEnd(t *testing.T) {
	a := stage(t, host.Probe, 100, 30)
	stopped := false
	run := &host.Run{
		Stream: host.NewStream(0), Doing: "measuring", Take: func(host.Batch) tea.Cmd { return nil },
		Busy: func() string { return "" }, Stop: func() { stopped = true },
	}
	a.Runs = append(a.Runs, run)
	consoletest.Keys(a.App, "x")
	a.Update(host.Result(func() tea.Cmd { return a.remove.surveyRead(a.remove.gen, *consoletest.DemoSurvey(a.Pair), nil) }))
	if stopped {
		t.Fatal("looking at the removal stopped the measurement")
	}
	consoletest.Keys(a.App, "y")
	if !stopped || a.remove.steps != nil || !strings.Contains(consoletest.Text(a.App), "stopping the measurement first") {
		t.Fatalf("stopped %v, removing %v:\n%s", stopped, a.remove.steps != nil, consoletest.Text(a.App))
	}
	a.Update(host.Batch{Run: run, Ended: true, Err: context.Canceled})
	if !a.remove.steps.running() {
		t.Error("the removal did not start after the measurement's end")
	}
}
