package replication_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// newWorld is a lab in one of the worlds.
func newWorld(t *testing.T, name string) *lab {
	t.Helper()
	l := newLab(t, testPair)
	worlds[name](t, l)
	return l
}

// settled fails the test unless all stands and is proven: nothing is left to do
// but a canary of a role that was given, on which nothing is noted, and nothing
// of others has to be agreed to once more.
func (l *lab) settled(t *testing.T) {
	t.Helper()
	consent := l.world.Consent
	l.world.Consent = 0
	plan := l.setUp(t)
	l.world.Consent = consent
	if blocked := plan.Blocked(); len(blocked) > 0 {
		t.Errorf("the next plan is blocked: %v", blocked)
	}
	for _, st := range plan.Steps {
		given := st.Direction != nil && l.world.Pair.Given.Role(*st.Direction) != ""
		if st.Change != step.Nothing && (st.Change != step.Prove || !given) {
			t.Errorf("%s is left to do: %s %s", st.ID, st.Change, st.What)
		}
	}
}

func TestEachWorldIsSetUpProvenAndTakenDownWithoutHarm(t *testing.T) {
	for name := range worlds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newWorld(t, name)
				l.plant(t)
				before := l.others(t)
				proposed := l.setUp(t)
				if err := plan.Apply(t.Context(), proposed, (&log{}).emit); err != nil {
					t.Fatalf("%v\nfindings: %v", err, proposed.Findings)
				}
				before.unharmed(t, l, "after apply")
				l.settled(t)
				var events log
				if err := plan.Apply(t.Context(), l.setUp(t), events.emit); err != nil {
					t.Fatal(err)
				}
				if err := plan.Apply(t.Context(), l.tearDown(t, true), (&log{}).emit); err != nil {
					t.Fatal(err)
				}
				before.unharmed(t, l, "after destroy")
				l.alone(t)
			})
		})
	}
}

// Cancelling before or after any change must leave something that the next
// run completes, or that undo takes away; others' things stay as they are.
func TestARunCutShortInAnyWorldIsCompletedOrUndone(t *testing.T) {
	for _, c := range []struct { // which hold all that the other worlds do
		world string
		after bool
		then  string
	}{
		{"the hardest", false, "complete"},
		{"the hardest", true, "complete"},
		{"the hardest", true, "undo"},
		{"two accounts", true, "complete"},
		{"two accounts", false, "undo"},
		{"an organisation with demands", true, "complete"},
		{"an organisation with demands", false, "undo"},
	} {
		t.Run(c.world+map[bool]string{false: ", before a call", true: ", after a call"}[c.after]+", "+c.then, func(t *testing.T) {
			t.Parallel()
			for n := 1; cutAt(t, c.world, n, c.after, c.then); n += stride {
				if n > 60 {
					t.Fatal("the cuts don't end")
				}
			}
		})
	}
}

// cutAt cuts a run at its n-th change and then completes or undoes it. It
// says whether there was such a change.
func cutAt(t *testing.T, name string, n int, after bool, then string) (reached bool) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := newWorld(t, name)
		l.plant(t)
		before := l.others(t)
		proposed := l.setUp(t)
		l.wire.reset()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		cut := func(call int, _ *http.Request) {
			if call == n {
				reached = true
				cancel()
			}
		}
		if after {
			l.wire.after = cut
		} else {
			l.wire.before = cut
		}
		var events log
		err := plan.Apply(ctx, proposed, events.emit)
		if reached && !errors.Is(err, context.Canceled) {
			t.Fatalf("cut at change %d: %v", n, err)
		}
		l.wire.reset()
		if then == "complete" {
			if err := plan.Apply(t.Context(), l.setUp(t), (&log{}).emit); err != nil {
				t.Fatalf("cut at change %d, then run again: %v", n, err)
			}
			l.settled(t)
			before.unharmed(t, l, "after the next run")
			return
		}
		if err := plan.Apply(t.Context(), plan.Undo(l.survey(t), proposed, events.last), (&log{}).emit); err != nil {
			t.Fatalf("cut at change %d, then undone: %v", n, err)
		}
		before.unharmed(t, l, "after undo")
		l.alone(t)
	})
	return reached
}

// What a canary proved is noted in every world, if not as a tag of a role of
// ours, then in our policy on that of others: a second run over what stands
// changes nothing and writes no canary.
func TestASecondRunInAnyWorldChangesNothing(t *testing.T) {
	for name := range worlds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newWorld(t, name)
				applyAny(t, l.setUp(t))
				l.wire.reset()
				applyAny(t, l.setUp(t))
				if calls := l.wire.reset(); len(calls) > 0 {
					t.Errorf("the second run calls %s", calls)
				}
			})
		})
	}
}
