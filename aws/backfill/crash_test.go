package backfill_test

import (
	"context"
	"testing"
	"testing/synctest"

	"bothways/aws/backfill"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// small is a pair with something of each kind to put right.
func small(t *testing.T) *lab {
	t.Helper()
	l := newLab(t)
	l.versioned()
	l.put(pair.A, "before", "x")
	l.put(pair.B, "before-b", "x")
	l.setUp()
	version := l.put(pair.A, "hard", "x")
	l.settle()
	l.erase(pair.B, "hard", version)
	return l
}

func (l *lab) smallAsked() backfill.Asked {
	asked := l.asked()
	asked.Copies = true
	return asked
}

// A kill before or after any call leaves something that the next run completes,
// with the same audit, and nothing of it stands in the end.
func TestABackfillKilledAnywhereIsCompletedByTheNext(t *testing.T) {
	kills := 0
	for _, after := range []bool{false, true} {
		for n := 1; ; n += stride {
			reached := false
			synctest.Test(t, func(t *testing.T) {
				l := small(t)
				asked := l.smallAsked()
				p := l.prepare(asked)
				reached = l.killed(n, after, func(ctx context.Context) { _, _ = backfill.Apply(ctx, p, (&events{}).emit) })
				l.world.RunID = "20261130-110000-again"
				result, _ := l.fill(asked)
				if result.Left() > 0 || result.Alone() > 0 || result.Tried != 0 && result.Tried+result.Stood != 3 {
					t.Fatalf("killed at change %d (after it: %t), then run again: %+v", n, after, result)
				}
				l.settle()
				for _, d := range l.differences() { // the old version of the copy alone
					if d.Key != "hard" || d.Entry().Latest {
						t.Errorf("killed at change %d (after it: %t): left %+v", n, after, d)
					}
				}
				if versions := l.versions("hard"); versions != 2 {
					t.Errorf("killed at change %d (after it: %t): %d versions of the copy, want 2", n, after, versions)
				}
				l.nothingOfOurs()
			})
			if !reached {
				break
			}
			kills += stride
		}
	}
	if kills < 2*14 {
		t.Errorf("only %d kills were tried", kills)
	}
}

// versions counts those of a key on side A.
func (l *lab) versions(key string) int {
	l.Helper()
	n := 0
	for at := range l.entries(pair.A) {
		if at[0] == key {
			n++
		}
	}
	return n
}

// With the journal and the audit's rows lost, what stands in AWS leads to the
// job: it is followed to its end, and what was made for it is taken away.
func TestAJobIsFollowedWithEveryLocalFileLost(t *testing.T) {
	jobs, left := 0, 0
	for _, after := range []bool{false, true} {
		for n := 1; ; n += 3 * stride {
			reached := false
			synctest.Test(t, func(t *testing.T) {
				l := small(t)
				p := l.prepare(l.smallAsked())
				reached = l.killed(n, after, func(ctx context.Context) { _, _ = backfill.Apply(ctx, p, (&events{}).emit) })
				l.world.RunID = "20261130-110000-again"
				again := l.prepare(backfill.Asked{})
				if !again.Nothing() {
					var seen events
					result, err := backfill.Apply(t.Context(), again, seen.emit)
					followed := len(of[backfill.Job](&seen))
					if err != nil || result.Left() > 0 || followed > 0 && result.There == 0 {
						t.Fatalf("killed at change %d (after it: %t), then finished: %+v, %v", n, after, result, err)
					}
					if jobs += followed; followed == 0 {
						left++
					}
				}
				s, err := survey.Read(t.Context(), l.world)
				if err != nil {
					t.Fatal(err)
				}
				found, err := backfill.Find(t.Context(), s, nil)
				if err != nil {
					t.Fatal(err)
				}
				if steps := backfill.Removal(s, found); len(steps) > 0 {
					t.Errorf("killed at change %d (after it: %t): %d steps are left to remove", n, after, len(steps))
				}
				l.nothingOfOurs()
			})
			if !reached {
				break
			}
		}
	}
	if jobs == 0 || left == 0 {
		t.Errorf("%d jobs were followed, %d times something was left to remove", jobs, left)
	}
}

// A removal that is killed anywhere is completed by the next one.
func TestARemovalKilledAnywhereIsCompletedByTheNext(t *testing.T) {
	for _, after := range []bool{false, true} {
		for n := 1; ; n += 3 * stride {
			reached := false
			synctest.Test(t, func(t *testing.T) {
				l := small(t)
				p := l.prepare(l.smallAsked())
				l.killedAtJob(p)
				reached = l.killed(n, after, func(ctx context.Context) { l.remove(ctx) })
				l.remove(t.Context())
				l.nothingOfOurs()
			})
			if !reached {
				break
			}
		}
	}
}
