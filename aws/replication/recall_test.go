package replication_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// intents counts, at every call that changes something, the steps that were
// announced as running and had not ended.
func intents(l *lab, events *log) (unannounced *[]string) {
	unannounced = &[]string{}
	l.wire.before = func(_ int, r *http.Request) {
		events.mu.Lock()
		defer events.mu.Unlock()
		for _, status := range events.last {
			if status == step.Running {
				return
			}
		}
		*unannounced = append(*unannounced, r.Method+" "+r.URL.String())
	}
	return unannounced
}

func TestEveryCallThatChangesSomethingIsAnnouncedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		for _, next := range []struct {
			name string
			plan func() plan.Plan
		}{
			{"apply", func() plan.Plan { return l.setUp(t) }},
			{"destroy", func() plan.Plan { return l.tearDown(t, true) }},
		} {
			proposed := next.plan()
			l.wire.reset()
			var events log
			missing := intents(l, &events)
			if err := plan.Apply(t.Context(), proposed, events.emit); err != nil {
				t.Fatal(err)
			}
			if calls := l.wire.reset(); len(calls) == 0 || len(*missing) > 0 {
				t.Errorf("%s: of %d changes these were not announced: %s", next.name, len(calls), *missing)
			}
		}
	})
}

func TestARunThatWasCutIsRecalledWithWhatAWSSaysNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		proposed := l.setUp(t)
		ctx, cancel := context.WithCancel(t.Context())
		l.wire.after = func(_ int, r *http.Request) {
			if r.Method == http.MethodPut && r.URL.Query().Has("replication") && strings.Contains(r.URL.Path, testPair.A.Bucket) {
				cancel() // its answer is never heard
			}
		}
		_ = plan.Apply(ctx, proposed, func(pair.Event) {})
		cancel()
		l.wire.reset()
		for _, swapped := range []bool{false, true} {
			ids := []string{"rule-a-to-b", "canary-b-to-a"}
			p := testPair
			if swapped {
				p.A, p.B = p.B, p.A
				ids = []string{"rule-b-to-a", "canary-a-to-b"}
			}
			places := map[string]pair.Place{}
			for _, step := range proposed.Steps {
				places[step.ID] = pair.Place{Side: step.Side, Direction: step.Direction}
			}
			again := l.setUp(t)
			again.Recall(plan.Unfinished{Name: "an earlier apply", Pair: p, InFlight: ids, Places: places, Torn: true})
			told := again.Findings[0]
			for _, want := range []string{"rule-a-to-b: AWS says that it took effect", "canary-b-to-a: it is done again"} {
				if !strings.Contains(told.Meaning, want) {
					t.Errorf("with the sides swapped %t it says %q, not %q", swapped, told.Meaning, want)
				}
			}
			if !strings.Contains(told.Title, "cut off") || len(again.Blocked()) > 0 {
				t.Errorf("it says %q, and blocks %v", told.Title, again.Blocked())
			}
		}
	})
}

func TestATearDownThatLooksUnderAnotherPrefixAnywayIsNotToldOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{change: onlyDocs}.build(t)
		plan := l.tearDown(t, false)
		known := len(plan.Findings)
		plan.BesidePrefix("an earlier apply", "docs/")
		if len(plan.Findings) != known {
			t.Errorf("under the rule's prefix: %+v", plan.Findings)
		}
		plan.BesidePrefix("an earlier apply", "other/")
		if len(plan.Findings) != known+1 {
			t.Errorf("under another one: %+v", plan.Findings)
		}
	})
}

func TestATearDownIsToldOfAnotherPrefixOfTheLastRun(t *testing.T) {
	plan := plan.Plan{Pair: testPair, Purpose: pair.TearDown}
	plan.BesidePrefix("an earlier destroy", testPair.Options.Prefix)
	if len(plan.Findings) > 0 {
		t.Errorf("the same prefix: %v", plan.Findings)
	}
	plan.BesidePrefix("an earlier destroy", "docs/")
	if len(plan.Findings) != 1 || plan.Findings[0].Severity != survey.Warning || !strings.Contains(plan.Findings[0].Meaning, "--prefix docs/") {
		t.Errorf("another prefix: %v", plan.Findings)
	}
}
