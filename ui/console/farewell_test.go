package console

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/session"
	"bothways/probe"
)

// inProfile is an app at the plan, with a real profile open.
func inProfile(t *testing.T, profile string) *staged {
	t.Helper()
	a := sceneNamed(t, "plan")
	a.access = account.Access{Profile: profile}
	return a
}

// applied carries the reviewed plan out, to its end or only to its buckets.
func applied(t *testing.T, a *staged, whole bool) {
	t.Helper()
	a.apply.begin(demoPlan(a.pair))
	s := a.apply.steps
	news(s, "bucket-a bucket-b", step.Done, "", time.Second)
	if whole {
		news(s, demoMade+" "+demoProof, step.Done, "", time.Second)
		a.Update(batch{run: s.run, ended: true})
	}
}

// removed carries out the removal that was begun. Its survey is given by hand.
func removed(a *staged) {
	a.Update(removalRead{by: a.remove, gen: a.remove.gen, found: *demoSurvey(a.pair)})
	keys(a, "y")
	if a.remove.naming {
		for _, r := range a.pair.A.Bucket {
			keys(a, string(r))
		}
		keys(a, "enter")
	}
	s := a.remove.steps
	for _, st := range s.plan.Steps {
		news(s, st.ID, step.Done, "", time.Second)
	}
	a.Update(batch{run: s.run, ended: true})
}

func bye(a *staged) string { return strings.Join(a.farewell().Lines, "\n") }

func expectIn(t *testing.T, said string, all ...string) {
	t.Helper()
	for _, words := range all {
		if !strings.Contains(said, words) {
			t.Errorf("the farewell lacks %q:\n%s", words, said)
		}
	}
}

func TestTheFarewellNamesTheAccessThatWasAppliedWith(t *testing.T) {
	a := inProfile(t, "prod eu")
	applied(t, a, true)
	a.access = sandboxAccess()
	said := bye(a)
	expectIn(t, said, destroyCommand(demoPair(), "prod eu", "prod eu", false), destroyCommand(demoPair(), "prod eu", "prod eu", true))
	if strings.Contains(said, "nothing to take down") {
		t.Errorf("the sandbox was only looked at:\n%s", said)
	}
	applied(t, a, true)
	expectIn(t, bye(a), destroyCommand(demoPair(), "prod eu", "prod eu", false), "The sandbox is gone")
}

func TestTheFarewellListsEveryPairThatWasAppliedAndNoOther(t *testing.T) {
	a := inProfile(t, "dev")
	first := a.pair
	applied(t, a, true)
	a.pair.B.Bucket = "photos-oregon"
	never := destroyCommand(a.pair, "dev", "dev", false)
	said := bye(a)
	expectIn(t, said, destroyCommand(first, "dev", "dev", false))
	if strings.Contains(said, never) {
		t.Errorf("it takes down a pair that was never made:\n%s", said)
	}
	applied(t, a, false)
	expectIn(t, bye(a), destroyCommand(first, "dev", "dev", false), never)
}

func TestARemovalIsSaidOfThePairThatWasRemovedAlone(t *testing.T) {
	a := inProfile(t, "dev")
	first := a.pair
	applied(t, a, true)
	a.goTo(atTeardown)
	removed(a)
	gone := a.remove.closing()
	if said := bye(a); !strings.Contains(said, gone) || strings.Contains(said, "bothways destroy") {
		t.Errorf("after the removal:\n%s", said)
	}
	a.pair.B.Bucket = "photos-oregon"
	applied(t, a, false)
	expectIn(t, bye(a), gone, destroyCommand(a.pair, "dev", "dev", true))
	a.pair = first
	applied(t, a, false) // its end is not heard of
	if said := bye(a); strings.Contains(said, gone) || !strings.Contains(said, destroyCommand(first, "dev", "dev", false)) {
		t.Errorf("after it was applied anew:\n%s", said)
	}
}

func TestAnUndoneRunLeavesWhatAnEarlierRunMade(t *testing.T) {
	a := inProfile(t, "dev")
	applied(t, a, true)
	applied(t, a, true)
	a.remove.beginUndo(a.apply.steps)
	removed(a)
	expectIn(t, bye(a), destroyCommand(a.pair, "dev", "dev", false))
	a = inProfile(t, "dev")
	applied(t, a, true)
	a.remove.beginUndo(a.apply.steps)
	removed(a)
	if said := bye(a); !strings.Contains(said, "this run made is gone") || strings.Contains(said, "bothways destroy") {
		t.Errorf("after the only run was undone:\n%s", said)
	}
}

func TestAMeasuredPairIsListedAsItWasMeasured(t *testing.T) {
	a := inProfile(t, "dev")
	was := a.pair
	measured(a, 7)
	run := &running{stream: newStream(0), take: a.probe.take, access: a.access}
	a.probe.run = run
	a.Update(batch{run: run, events: []pair.Event{
		probe.RunEvent{RunID: "r1", Pair: was, StartedAt: noon}, probe.StartedEvent{Key: "left"},
	}})
	a.access, a.pair.A.Bucket = account.Access{Profile: "prod"}, "another"
	said := bye(a)
	expectIn(t, said, destroyCommand(was, "dev", "dev", false), "may be left under")
	if strings.Contains(said, "--profile prod") || strings.Contains(said, "another") {
		t.Errorf("it names what is chosen now:\n%s", said)
	}
}

func TestAJournalThatFailsMidRunIsCalledIncomplete(t *testing.T) {
	a := sceneNamed(t, "results")
	path := filepath.Join(t.TempDir(), "r1.ndjson")
	run, _ := a.start("measuring", 0, func(_ context.Context, emit pair.Emit) error {
		emit(session.Recording{RunID: "r1", Path: path})
		emit(session.Recording{RunID: "r1", Path: path, Err: errors.New("no space left on device")})
		emit(probe.StartedEvent{Key: "k1"})
		return nil
	}, a.probe.take)
	a.probe.run = run
	<-run.over
	a.Update(run.listen())
	if a.probe.path != path {
		t.Fatalf("the journal is said to be %q", a.probe.path)
	}
	frame := strings.Join(strings.Fields(text(a)), " ")
	if !strings.Contains(frame, "is incomplete, writing it failed") {
		t.Errorf("the results:\n%s", text(a))
	}
	expectIn(t, bye(a), "Raw samples: "+path+" is incomplete, writing it failed")
}
