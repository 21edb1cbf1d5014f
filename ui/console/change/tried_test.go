package change

import (
	"context"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

// The steps of the demo's plan: what it makes and what it proves.
const (
	demoMade  = "bucket-a bucket-b versioning-a versioning-b role-a-to-b role-b-to-a rule-a-to-b rule-b-to-a"
	demoProof = "canary-a-to-b canary-b-to-a"
)

// retried is a run that was stopped after everything was made, tried again,
// and found all of it in place.
func retried(t *testing.T, before step.Status) *staged {
	t.Helper()
	a := stage(t, host.Apply, 100, 30)
	s, _ := launch(a, "applying the plan", consoletest.DemoPlan(a.Pair), a.apply.finished)
	a.apply.steps = s
	news(s, demoMade, before, "", time.Second)
	a.Update(host.Batch{Run: s.run, Ended: true, Err: context.Canceled})
	consoletest.Keys(a.App, "r")
	if !s.running() {
		t.Fatal("r did not start another try")
	}
	news(s, demoMade+" "+demoProof, step.Pending, "", 0)
	news(s, demoMade, step.Already, "already so", time.Second)
	news(s, demoProof, step.Done, "", time.Second)
	a.Update(host.Batch{Run: s.run, Ended: true})
	return a
}

func TestWhatAnEarlierTryMadeCanBeUndoneAfterARetry(t *testing.T) {
	for _, before := range []step.Status{step.Done, step.Failed, step.Cancelled, step.Running} {
		a := retried(t, before)
		s := a.apply.steps
		if !s.ok() || !s.changed() || !s.MadeBuckets() {
			t.Errorf("%s, then already: ok %v, changed %v, made buckets %v", before, s.ok(), s.changed(), s.MadeBuckets())
		}
		for id := range strings.FieldsSeq(demoMade) {
			if got := s.statuses()[id]; got != step.Done {
				t.Errorf("%s, then already: the undo is told that %s is %s", before, id, got)
			}
		}
		consoletest.Keys(a.App, "u")
		if a.At() != host.TearDown || a.remove.applied == nil {
			t.Errorf("%s, then already: u does not undo:\n%s", before, consoletest.Text(a.App))
		}
	}
}

func TestARetryThatDoesNotReachAStepKeepsWhatItMayHaveMade(t *testing.T) {
	a := sceneNamed(t, "apply-failed")
	s := a.apply.steps
	consoletest.Keys(a.App, "r")
	news(s, "rule-a-to-b", step.Pending, "", 0)
	news(s, "bucket-a", step.Failed, "no network", 0)
	news(s, "rule-a-to-b", step.Skipped, "", 0)
	if got := s.statuses(); got["rule-a-to-b"] != step.Failed || got["bucket-a"] != step.Done || !s.MadeBuckets() {
		t.Errorf("the rule is %s, the bucket %s", got["rule-a-to-b"], got["bucket-a"])
	}
}

func TestWhatWasThereBeforeIsNotUndone(t *testing.T) {
	a := stage(t, host.Apply, 100, 30)
	s, _ := launch(a, "applying the plan", consoletest.DemoPlan(a.Pair), a.apply.finished)
	a.apply.steps = s
	s.take(host.Batch{Events: cancelledUnbegun(s.plan)})
	a.Update(host.Batch{Run: s.run, Ended: true, Err: context.Canceled})
	consoletest.Keys(a.App, "r")
	news(s, demoMade+" "+demoProof, step.Already, "already so", 0)
	a.Update(host.Batch{Run: s.run, Ended: true})
	if s.changed() || s.MadeBuckets() || s.statuses()["bucket-a"] != step.Already {
		t.Errorf("changed %v, made buckets %v, bucket %s", s.changed(), s.MadeBuckets(), s.statuses()["bucket-a"])
	}
	consoletest.Keys(a.App, "u")
	if !strings.Contains(consoletest.Text(a.App), "this run changed nothing") || !strings.Contains(consoletest.Text(a.App), "already in place: nothing was changed") {
		t.Errorf("the screen:\n%s", consoletest.Text(a.App))
	}
}

// cancelledUnbegun are the events of steps that were stopped before they began.
func cancelledUnbegun(proposed plan.Plan) []pair.Event {
	var events []pair.Event
	for _, st := range proposed.Steps {
		events = append(events, step.Event{ID: st.ID, Status: step.Cancelled})
	}
	return events
}
