package probe

import (
	"testing"
	"testing/synctest"
	"time"
)

// clocks runs a round of probes during which the wall clock and the servers'
// dates run away from the monotonic clock, and returns the outcomes.
func clocks(t *testing.T, wallBy, serverBy time.Duration) (outcomes map[Outcome]int, told []SleptEvent) {
	w := newWorld(8 * time.Second)
	cfg := testConfig()
	cfg.Rounds, cfg.Sizes = 1, []int64{1024, 2048}
	runner, err := New(cfg, w.clients())
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	later := func(by time.Duration) time.Duration {
		if time.Since(begun) < 11*time.Second { // all four are in flight
			return 0
		}
		return by
	}
	w.date = func() time.Time { return time.Now().Add(later(serverBy)) }
	runner.SetWall(func() time.Time { return wallClock().Add(later(wallBy)) })
	var events log
	if err := runner.Run(t.Context(), events.emit); err != nil {
		t.Fatal(err)
	}
	outcomes = map[Outcome]int{}
	for _, s := range eventsOf[Sample](&events) {
		outcomes[s.Outcome]++
		if s.Outcome == Replicated {
			mustContainTruth(t, w, s)
		}
	}
	for _, e := range eventsOf[CompletedEvent](&events) {
		if e.Outcome == Suspended {
			outcomes[Suspended]++
		}
	}
	return outcomes, eventsOf[SleptEvent](&events)
}

func TestAWallClockThatIsSetChangesNoDuration(t *testing.T) {
	for _, by := range []time.Duration{time.Hour, -time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			if got, told := clocks(t, by, 0); got[Replicated] != 4 || got[Suspended] > 0 || len(told) > 0 {
				t.Errorf("the wall clock set by %v: %v, %+v", by, got, told)
			}
		})
	}
}

func TestSleepIsToldFromASetClockByTheServersDates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, told := clocks(t, 10*time.Minute, 10*time.Minute)
		if got[Suspended] == 0 || len(told) != 1 {
			t.Fatalf("ten minutes of sleep: %v, told %+v", got, told)
		}
		// It fell asleep after 11 s, of which the preflight took more than one.
		if e := told[0]; e.LostMS < 599_000 || e.LostMS > 601_000 || e.SinceStartMS > 10_000 || e.SinceStartMS < 9_500 || e.UnseenMS > 300 {
			t.Errorf("told %+v", e)
		}
	})
}
