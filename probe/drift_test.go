// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
	"bothways/probe/stats"
)

// since sets a law of replication delays that follows the time since begun.
func since(begun *time.Time, law func(elapsed time.Duration, from string, draw *rand.Rand) float64) sandbox.Options {
	return sandbox.Options{Delay: func(from, _ string, _ int64, draw *rand.Rand) time.Duration {
		return time.Duration(law(time.Since(*begun), from, draw) * float64(time.Second))
	}}
}

// Delays that become twice as long during a run, the same in both directions:
// one direction after the other would see a difference in four runs of ten.
func TestADriftDuringARunIsNotTakenForADifference(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const runs, rounds, every = 25, 10, 10 * time.Second
		begun := time.Now()
		r := newRig(t, since(&begun, func(elapsed time.Duration, _ string, draw *rand.Rand) float64 {
			return 4 * math.Pow(2, elapsed.Seconds()/(rounds*every.Seconds())) * math.Exp(.6*draw.NormFloat64())
		}), "s3.amazonaws.com")
		cfg := r.runConfig()
		cfg.Sizes, cfg.Rounds, cfg.Every = []int64{1024}, rounds, every
		alarms := 0
		for run := range runs {
			begun, cfg.Seed = time.Now(), uint64(run)
			got, err := r.run(t.Context(), cfg)
			r.must(err)
			c := stats.NewCollector()
			for _, s := range got.samples {
				c.Add(s)
			}
			v := c.CompareDirections(stats.Once)
			if !v.Enough {
				t.Fatalf("run %d: %s", run, v.Sentence)
			}
			if v.Shown {
				alarms++
			}
		}
		if alarms > 4 { // 5 % of 25, and what happens by chance in 1 of 100
			t.Errorf("a difference is shown in %d of %d runs without one", alarms, runs)
		}
	})
}

// Nothing arrives for five minutes of an hour. What is written then arrives
// when the stall ends, and every planned start is made: its share of the
// samples is its share of the time.
func TestAStallIsSeenInFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const stall, end = 25 * time.Minute, 30 * time.Minute
		law := func(elapsed time.Duration, draw *rand.Rand) float64 {
			took := 4 * math.Exp(.6*draw.NormFloat64())
			if arrival := elapsed.Seconds() + took; arrival > stall.Seconds() && elapsed < end {
				took = max(took, (end - elapsed).Seconds())
			}
			return took
		}
		begun := time.Now()
		r := newRig(t, since(&begun, func(elapsed time.Duration, _ string, draw *rand.Rand) float64 { return law(elapsed, draw) }), "s3.amazonaws.com")
		cfg := r.runConfig()
		// A start every five seconds: one object more or less that was under way
		// when the stall began moves the p95 by the time between two starts.
		cfg.Sizes, cfg.Rounds, cfg.Every = []int64{1024}, 720, 5*time.Second
		begun = time.Now()
		got, err := r.run(t.Context(), cfg)
		r.must(err)

		draw := rand.New(rand.NewPCG(1, 1))
		var truths []float64 // of an object written at any moment of the hour
		for at := time.Duration(0); at < time.Hour; at += 20 * time.Millisecond {
			truths = append(truths, law(at, draw))
		}
		slices.Sort(truths)
		truth := truths[len(truths)*95/100]
		c := stats.NewCollector()
		for _, s := range got.samples {
			c.Add(s)
			if s.Outcome != probe.Replicated || s.Late {
				t.Errorf("a sample %s, late by %v ms: %s", s.Outcome, s.LateMS, s.Detail)
			}
		}
		for _, d := range pair.Directions() {
			s := c.Direction(d)
			if p95 := s.P95.Value.Seconds(); s.N != 720 || math.Abs(p95/truth-1) > .1 {
				t.Errorf("%s: p95 of %d samples %.1f s, want %.1f s within 10 %%", d.Arrow(), s.N, p95, truth)
			}
		}
	})
}

// The default sizes and pace, one round every ten seconds, delays of 4 and 9 s.
func TestTheFirstVerdictOnTheDirectionsComesWithinThreeMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		r := newRig(t, since(&begun, func(_ time.Duration, from string, draw *rand.Rand) float64 {
			if from == "eu-west-1" {
				return 4 * math.Exp(.6*draw.NormFloat64())
			}
			return 9.3 * math.Exp(.6*draw.NormFloat64())
		}), "s3.amazonaws.com")
		cfg := r.runConfig()
		cfg.Sizes, cfg.Rounds = probe.DefaultSizes(), 12
		runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
		r.must(err)
		begun = time.Now()
		c := stats.NewCollector()
		flights, posted := map[string]stats.InFlight{}, map[string]time.Time{}
		var first stats.Verdict
		var after time.Duration
		compared := false
		r.must(runner.Run(t.Context(), func(e pair.Event) {
			switch e := e.(type) {
			case probe.StartedEvent:
				flights[e.Key] = stats.InFlight{Direction: e.Direction, SizeBytes: e.SizeBytes}
			case probe.PostedEvent:
				posted[e.Key] = e.PostedAt
			case probe.Sample:
				c.Add(e)
				delete(flights, e.Key)
			default:
				return
			}
			underway := make([]stats.InFlight, 0, len(flights))
			for key, f := range flights {
				if at, done := posted[key]; done {
					f.LongerThan = max(0, runner.LastMiss(key).Sub(at))
				}
				underway = append(underway, f)
			}
			v := c.Underway(underway).CompareDirections(stats.SoFar)
			if compared && !v.Enough {
				t.Errorf("after %v the comparison goes away again: %s", time.Since(begun), v.Sentence)
			}
			compared = v.Enough
			if v.Shown && v.Lower < 1 {
				t.Errorf("the faster direction is called the slower one: %s", v.Sentence)
			}
			if v.Shown && !first.Shown {
				first, after = v, time.Since(begun)
			}
		}))
		if !first.Shown || after > 3*time.Minute {
			t.Fatalf("the first verdict comes after %v: %s", after, first.Sentence)
		}
		t.Logf("after %v: %s", after.Round(time.Second), first.Sentence)
	})
}
