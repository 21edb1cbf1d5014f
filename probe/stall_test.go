// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
	"bothways/probe/watch"
)

func TestAStallIsToldWhileItLastsAndTheP95GrowsMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sandbox.Options{}, "s3.amazonaws.com")
		cfg := r.runConfig()
		cfg.Sizes, cfg.Rounds, cfg.For, cfg.Every = []int64{1024}, 0, 30*time.Minute, 5*time.Second
		begun := time.Now()
		cut, healed := begun.Add(12*time.Minute), begun.Add(17*time.Minute)
		time.AfterFunc(12*time.Minute, func() {
			restore := r.inject(sandbox.Fault{Kind: "cut", From: "eu-west-1", To: "ap-southeast-1"})
			time.AfterFunc(5*time.Minute, restore)
		})
		w := watch.New()
		var p95 []float64
		var again func()
		again = func() {
			e := w.Progress(time.Now())[pair.AtoB]
			switch {
			case e.P95MS != nil:
				p95 = append(p95, *e.P95MS)
			case e.P95OverMS != nil:
				p95 = append(p95, *e.P95OverMS)
			}
			if time.Now().Before(healed.Add(-time.Minute)) {
				time.AfterFunc(time.Minute, again)
			}
		}
		time.AfterFunc(13*time.Minute, again)
		var stalls []probe.StallEvent
		runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
		r.must(err)
		w.Follow(runner.LastMiss)
		r.must(runner.Run(t.Context(), func(e pair.Event) {
			w.Take(e)
			if stall, ok := e.(probe.StallEvent); ok {
				stalls = append(stalls, stall)
			}
		}))
		if len(stalls) != 2 || !stalls[0].Stalled || stalls[1].Stalled || stalls[0].Direction != pair.AtoB {
			t.Fatalf("stalls: %+v, want the one from A to B, begun and ended", stalls)
		}
		// What was under way at the cut has waited for longer than since then.
		if after := stalls[0].At.Sub(cut); after < 10*time.Second || after > 90*time.Second {
			t.Errorf("the stall is told %v after it began", after)
		}
		if after := stalls[1].At.Sub(healed); after < 0 || after > time.Minute {
			t.Errorf("its end is told %v after it", after)
		}
		if stalls[0].InFlight < 4 || stalls[0].OldestMS < 25_000 {
			t.Errorf("the stall's beginning says %+v", stalls[0])
		}
		if len(p95) < 4 {
			t.Fatalf("the p95 during the stall: %v", p95)
		}
		for i := 1; i < len(p95); i++ {
			if p95[i] < p95[i-1] {
				t.Errorf("the p95 sinks while nothing arrives: %v", p95)
			}
		}
		if p95[len(p95)-1] < 3*p95[0] {
			t.Errorf("the p95 hardly grows while nothing arrives: %v ms", p95)
		}
	})
}

func TestTheLoopCheckComparesTheContentOfBothSides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sandbox.Options{}, "s3.amazonaws.com")
		cfg := r.runConfig()
		cfg.Sizes, cfg.Rounds = []int64{0, 1, 17 << 20}, 1
		got, err := r.run(t.Context(), cfg)
		r.must(err)
		if len(got.loops) != 6 {
			t.Errorf("%d loop checks of 6 samples", len(got.loops))
		}
		for _, l := range got.loops {
			if !l.OK || l.Content != probe.SameContent || l.Checksum == "" {
				t.Errorf("the loop check says %+v", l)
			}
		}
	})
}

func TestAStallThatLastsToTheEndIsToldInItsWholeLengthAndCountsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sandbox.Options{}, "s3.amazonaws.com")
		begun := time.Now()
		cut := begun.Add(12 * time.Minute)
		time.AfterFunc(12*time.Minute, func() { r.inject(sandbox.Fault{Kind: "cut", From: "eu-west-1", To: "ap-southeast-1"}) })
		cfg := r.runConfig()
		// Every probe gives up before the next one starts: nothing is in
		// flight in between, and the stall goes on.
		cfg.Sizes, cfg.Rounds, cfg.Every, cfg.Limit = []int64{1024}, 31, time.Minute, 58*time.Second
		w := watch.New()
		var stalls []probe.StallEvent
		told := int64(0)
		runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
		r.must(err)
		r.must(runner.Run(t.Context(), func(e pair.Event) {
			w.Take(e)
			stall, ok := e.(probe.StallEvent)
			if !ok || stall.Direction != pair.AtoB { // a long delay may look like one the other way
				return
			}
			if stall.Stalled {
				told++
			}
			if stall.At.After(cut) {
				stalls = append(stalls, stall)
			}
		}))
		if len(stalls) != 2 || !stalls[0].Stalled || !stalls[1].Stalled {
			t.Fatalf("stalls: %+v, want one from A to B, told twice", stalls)
		}
		last := stalls[1]
		quiet := time.Duration(last.QuietMS) * time.Millisecond
		if quiet < 18*time.Minute || quiet > 21*time.Minute || last.At.Add(-quiet).Sub(cut).Abs() > time.Minute {
			t.Errorf("the stall at the end: %+v", last)
		}
		if n := w.Snapshot(time.Now()).Directions[pair.AtoB].Stalls; n != told-1 {
			t.Errorf("%d stalls counted, of %d told", n, told)
		}
	})
}
