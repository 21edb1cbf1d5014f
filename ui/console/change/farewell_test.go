package change

import (
	"strings"
	"testing"
	"time"

	"bothways/aws/account"
	"bothways/aws/replication/step"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"

	tea "charm.land/bubbletea/v2"
)

// inProfile is an app at the plan, with a real profile open.
func inProfile(t *testing.T, profile string) *staged {
	t.Helper()
	a := sceneNamed(t, "plan")
	a.Access = account.Access{Profile: profile}
	return a
}

// applied carries the reviewed plan out, to its end or only to its buckets.
func applied(t *testing.T, a *staged, whole bool) {
	t.Helper()
	a.apply.begin(consoletest.DemoPlan(a.Pair))
	s := a.apply.steps
	news(s, "bucket-a bucket-b", step.Done, "", time.Second)
	if whole {
		news(s, demoMade+" "+demoProof, step.Done, "", time.Second)
		a.Update(host.Batch{Run: s.run, Ended: true})
	}
}

// removed carries out the removal that was begun. Its survey is given by hand.
func removed(a *staged) {
	a.Update(host.Result(func() tea.Cmd { return a.remove.surveyRead(a.remove.gen, *consoletest.DemoSurvey(a.Pair), nil) }))
	consoletest.Keys(a.App, "y")
	if a.remove.naming {
		for _, r := range a.Pair.A.Bucket {
			consoletest.Keys(a.App, string(r))
		}
		consoletest.Keys(a.App, "enter")
	}
	s := a.remove.steps
	for _, st := range s.plan.Steps {
		news(s, st.ID, step.Done, "", time.Second)
	}
	a.Update(host.Batch{Run: s.run, Ended: true})
}

func TestTheFarewellNamesTheAccessThatWasAppliedWith(t *testing.T) {
	a := inProfile(t, "prod eu")
	applied(t, a, true)
	a.Access = consoletest.SandboxAccess()
	said := consoletest.Bye(a.App)
	consoletest.ExpectIn(t, said, destroyCommand(consoletest.DemoPair(), "prod eu", "prod eu", false), destroyCommand(consoletest.DemoPair(), "prod eu", "prod eu", true))
	if strings.Contains(said, "nothing to take down") {
		t.Errorf("the sandbox was only looked at:\n%s", said)
	}
	applied(t, a, true)
	consoletest.ExpectIn(t, consoletest.Bye(a.App), destroyCommand(consoletest.DemoPair(), "prod eu", "prod eu", false), "The sandbox is gone")
}

func TestTheFarewellListsEveryPairThatWasAppliedAndNoOther(t *testing.T) {
	a := inProfile(t, "dev")
	first := a.Pair
	applied(t, a, true)
	a.Pair.B.Bucket = "photos-oregon"
	never := destroyCommand(a.Pair, "dev", "dev", false)
	said := consoletest.Bye(a.App)
	consoletest.ExpectIn(t, said, destroyCommand(first, "dev", "dev", false))
	if strings.Contains(said, never) {
		t.Errorf("it takes down a pair that was never made:\n%s", said)
	}
	applied(t, a, false)
	consoletest.ExpectIn(t, consoletest.Bye(a.App), destroyCommand(first, "dev", "dev", false), never)
}

func TestARemovalIsSaidOfThePairThatWasRemovedAlone(t *testing.T) {
	a := inProfile(t, "dev")
	first := a.Pair
	applied(t, a, true)
	a.GoTo(host.TearDown)
	removed(a)
	gone := a.remove.closing()
	if said := consoletest.Bye(a.App); !strings.Contains(said, gone) || strings.Contains(said, "bothways destroy") {
		t.Errorf("after the removal:\n%s", said)
	}
	a.Pair.B.Bucket = "photos-oregon"
	applied(t, a, false)
	consoletest.ExpectIn(t, consoletest.Bye(a.App), gone, destroyCommand(a.Pair, "dev", "dev", true))
	a.Pair = first
	applied(t, a, false) // its end is not heard of
	if said := consoletest.Bye(a.App); strings.Contains(said, gone) || !strings.Contains(said, destroyCommand(first, "dev", "dev", false)) {
		t.Errorf("after it was applied anew:\n%s", said)
	}
}

func TestAnUndoneRunLeavesWhatAnEarlierRunMade(t *testing.T) {
	a := inProfile(t, "dev")
	applied(t, a, true)
	applied(t, a, true)
	a.remove.beginUndo(a.apply.steps)
	removed(a)
	consoletest.ExpectIn(t, consoletest.Bye(a.App), destroyCommand(a.Pair, "dev", "dev", false))
	a = inProfile(t, "dev")
	applied(t, a, true)
	a.remove.beginUndo(a.apply.steps)
	removed(a)
	if said := consoletest.Bye(a.App); !strings.Contains(said, "this run made is gone") || strings.Contains(said, "bothways destroy") {
		t.Errorf("after the only run was undone:\n%s", said)
	}
}
