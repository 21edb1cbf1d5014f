package probe

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestStoppingWithTwelveProbesInFlightYieldsTheirSamplesWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(40 * time.Second)
		cfg := testConfig()
		cfg.Sizes, cfg.Rounds = DefaultSizes(), 0
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var stopped time.Time
		time.AfterFunc(10600*time.Millisecond, func() { stopped = time.Now(); cancel() })
		events, err := probeWorld(ctx, t, w, cfg)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want the context's", err)
		}
		samples := eventsOf[Sample](events)
		if started := len(eventsOf[StartedEvent](events)); len(samples) != 12 || started != 12 {
			t.Fatalf("%d samples of %d started, want 12 of 12", len(samples), started)
		}
		for i, event := range events.events {
			s, ok := event.(Sample)
			if !ok {
				continue
			}
			if s.Outcome != Interrupted {
				t.Errorf("outcome %s", s.Outcome)
			}
			if after := events.at[i].Sub(stopped); after > time.Second {
				t.Errorf("a sample came %v after the stop", after)
			}
		}
		if took := time.Since(stopped); took > cleanupTime+time.Second {
			t.Errorf("cleaning up took %v", took)
		}
		if left := w.left(); len(left) > 0 {
			t.Errorf("left in the buckets: %v", left)
		}
		if left := eventsOf[LeftEvent](events); len(left) != 1 || len(left[0].Objects) != 12 {
			t.Errorf("left: %v, want the 12 replicas that may still arrive", left)
		}
	})
}

func TestAProbeDuringWhichTheComputerSleptIsMarkedSuspended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(6 * time.Second)
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 2, []int64{1024}
		runner, err := New(cfg, w.clients())
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		runner.wall = func() time.Time {
			if time.Since(begun) > 7*time.Second { // of ten in the first round
				return wallClock().Add(10 * time.Minute)
			}
			return wallClock()
		}
		var events log
		if err := runner.Run(t.Context(), events.emit); err != nil {
			t.Fatal(err)
		}
		outcomes := map[int]map[Outcome]int{1: {}, 2: {}}
		for _, s := range eventsOf[Sample](&events) {
			outcomes[s.Round][s.Outcome]++
		}
		if outcomes[1][Suspended] == 0 || outcomes[2][Suspended] != 0 {
			t.Errorf("outcomes by round %v, want suspended ones in the first alone", outcomes)
		}
		if left := w.left(); len(left) > 0 {
			t.Errorf("left in the buckets: %v", left)
		}
	})
}

func TestPausingHoldsStartsBackAndShiftsThePlannedInstants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 2, []int64{1024}
		runner, err := New(cfg, w.clients())
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		time.AfterFunc(7*time.Second, func() { runner.SetPaused(true) })
		time.AfterFunc(67*time.Second, func() { runner.SetPaused(false) })
		var events log
		if err := runner.Run(t.Context(), events.emit); err != nil {
			t.Fatal(err)
		}
		var starts []time.Duration
		for _, s := range eventsOf[StartedEvent](&events) {
			starts = append(starts, s.At.Sub(begun).Round(time.Second))
			if late := s.At.Sub(s.PlannedAt); late > time.Millisecond {
				t.Errorf("a start after a pause counts as %v late", late)
			}
		}
		// 3 warm-up HEADs take 0.54 s; rounds start every 10 s, two probes each.
		want := []time.Duration{1 * time.Second, 6 * time.Second, 71 * time.Second, 76 * time.Second}
		if !slices.Equal(starts, want) {
			t.Errorf("starts %v, want %v", starts, want)
		}
		notices := eventsOf[NoticeEvent](&events)
		if len(notices) != 1 || !strings.HasPrefix(notices[0].Text, "Starts were held back for 1 min, up to 1 min") {
			t.Errorf("notices %v: want one of the pause", notices)
		}
	})
}
