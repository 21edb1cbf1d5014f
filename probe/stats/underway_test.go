//go:build !race

// Simulations in one goroutine, as those of the intervals.

package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// Most of A → B's delays are far longer than B → A's, and some are shorter: at
// first only these have arrived.
func TestSlowProbesThatAreStillInFlightAreNotForgotten(t *testing.T) {
	const runs = 24
	r := rand.New(rand.NewPCG(71, 72))
	wrong, naively, right := 0, 0, 0
	for range runs {
		var ever, naive, shown bool
		watched(r, 12, func(d pair.Direction, _ float64) float64 {
			if d == pair.BtoA {
				return 5000 * math.Exp(.1*r.NormFloat64())
			}
			return []float64{3000, 120000}[min(1, int(r.Float64()/.4))] * math.Exp(.1*r.NormFloat64())
		}, func(c, underway *Collector, _ bool) {
			v := underway.CompareDirections(SoFar)
			ever = ever || v.Shown && v.Lower > 1
			shown = v.Shown && v.Upper < 1
			naive = naive || c.CompareDirections(SoFar).Shown && c.CompareDirections(SoFar).Lower > 1
		})
		for count, is := range map[*int]bool{&wrong: ever, &naively: naive, &right: shown} {
			if is {
				*count++
			}
		}
	}
	if naively < runs/2 {
		t.Fatalf("the samples alone mislead in %d of %d runs: the case shows nothing", naively, runs)
	}
	if wrong > 0 {
		t.Errorf("the faster direction is called the slower one at some moment in %d of %d runs", wrong, runs)
	}
	if right == 0 {
		t.Errorf("that A → B is slower is never shown")
	}
}

func TestALiveIntervalHoldsTheTrueRatioAtEveryLook(t *testing.T) {
	const runs, rounds = 20, 12
	for _, law := range []struct {
		name   string
		a, b   float64
		spread float64
		hard   bool // the samples alone are often wrong
	}{
		{"long against the run", 40000, 93000, .6, true},
		{"the other way round", 93000, 40000, .6, true},
		{"alike and long", 60000, 60000, .6, false},
		{"short", 4000, 9300, .6, false},
		{"wide", 20000, 60000, 1.2, true},
	} {
		t.Run(law.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(73, uint64(law.a)))
			missed, naively, compared := 0, 0, 0
			for range runs {
				var out, naive, enough bool
				misses := func(v Verdict) bool { return v.Enough && (v.Lower > law.b/law.a || v.Upper < law.b/law.a) }
				watched(r, rounds, func(d pair.Direction, _ float64) float64 {
					return []float64{law.a, law.b}[d] * math.Exp(law.spread*r.NormFloat64())
				}, func(c, underway *Collector, sampled bool) {
					if !sampled {
						return
					}
					v := underway.CompareDirections(SoFar)
					out, enough = out || misses(v), enough || v.Enough
					naive = naive || misses(c.CompareDirections(SoFar))
				})
				for count, is := range map[*int]bool{&missed: out, &naively: naive, &compared: enough} {
					if is {
						*count++
					}
				}
			}
			if law.hard && naively < runs/10 {
				t.Fatalf("the samples alone miss it in %d of %d runs: the case shows nothing", naively, runs)
			}
			if float64(missed)/runs > .05 || compared < runs*9/10 {
				t.Errorf("the true ratio is outside at some look in %d of %d runs, %d of them compared", missed, runs, compared)
			}
		})
	}
}

func TestALinkToSizeIsNotJudgedWhileTheSlowOnesAreInFlight(t *testing.T) {
	const runs, perDoubling = 40, 1.5
	r := rand.New(rand.NewPCG(75, 76))
	missed, naively := 0, 0
	for range runs {
		var out, naive bool
		misses := func(v Verdict) bool { return v.Enough && (v.Lower > perDoubling || v.Upper < perDoubling) }
		sizes := func(_ pair.Direction, size int64, _ float64) float64 {
			return 20000 * math.Pow(perDoubling, math.Log2(float64(size>>17))) * math.Exp(.6*r.NormFloat64())
		}
		watchedBySize(r, 12, sizes, func(c, underway *Collector, _ bool) {
			out, naive = out || misses(underway.CompareSizes(SoFar)), naive || misses(c.CompareSizes(SoFar))
			out = out || misses(underway.CompareSizesIn(pair.AtoB, SoFar))
		})
		if out {
			missed++
		}
		if naive {
			naively++
		}
	}
	t.Logf("missed %d, naively %d", missed, naively)
	if naively < runs/5 {
		t.Fatalf("the samples alone miss it in %d of %d runs: the case shows nothing", naively, runs)
	}
	if float64(missed)/runs > .05 {
		t.Errorf("×%v is outside at some look in %d of %d runs", perDoubling, missed, runs)
	}
}

// ending is a run of n probes in each direction of which none is watched for
// longer than its limit, wherever each was last missed.
func ending(r *rand.Rand, n int, medians [2]float64, outcome probe.Outcome, limit func(i int) float64) *Collector {
	c := NewCollector()
	for i := range n {
		for _, d := range pair.Directions() {
			s := replicated(d, 1, medians[d]*math.Exp(.6*r.NormFloat64()))
			if most := limit(i); s.DurationMS > most {
				most *= 1 - .05*r.Float64()
				s.Outcome, s.DurationMS, s.BracketMS = outcome, most, [2]float64{most, most}
			}
			c.Add(s)
		}
	}
	return c
}

func TestTheRatiosIntervalCoversTheTruthWhereTheLimitLiesAmongTheDelays(t *testing.T) {
	const runs, n = 300, 72
	for _, c := range []struct {
		name    string
		medians [2]float64
		outcome probe.Outcome
		limit   func(i int) float64
	}{
		{"a limit at the slower median", [2]float64{300000, 700000}, probe.GaveUp, func(int) float64 { return 700000 }},
		{"the other way round", [2]float64{700000, 300000}, probe.GaveUp, func(int) float64 { return 700000 }},
		{"a limit below both", [2]float64{300000, 700000}, probe.GaveUp, func(int) float64 { return 250000 }},
		{"alike", [2]float64{600000, 600000}, probe.GaveUp, func(int) float64 { return 700000 }},
		{"stopped", [2]float64{300000, 700000}, probe.Interrupted, func(i int) float64 { return 1400000 * (1 - float64(i)/n) }},
		{"stopped, the other way round", [2]float64{700000, 300000}, probe.Interrupted, func(i int) float64 { return 1400000 * (1 - float64(i)/n) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(77, uint64(c.medians[0])))
			truth := c.medians[1] / c.medians[0]
			covered, quoted := 0, 0
			for range runs {
				v := ending(r, n, c.medians, c.outcome, c.limit).CompareDirections(Once)
				if v.Enough {
					quoted++
				}
				if !v.Enough || v.Lower <= truth && truth <= v.Upper {
					covered++
				}
			}
			if share := float64(covered) / runs; share < .95-sampling(runs) {
				t.Errorf("covered %.3f, want .95", share)
			}
			if quoted < runs*3/4 {
				t.Errorf("only %d of %d are compared", quoted, runs)
			}
		})
	}
}

func TestWhatIsInFlightIsWordedAsSuch(t *testing.T) {
	c := interleavedExactly(40)
	v := c.Underway([]InFlight{{pair.AtoB, 1 << 10, time.Minute}}).CompareSizes(SoFar)
	if v.Enough || v.Reason != TooManyInFlight || v.Sentence != "So far whether file size matters waits for what is in flight (1 of 81)." {
		t.Errorf("%+v", v)
	}
	if v := c.Underway([]InFlight{{pair.AtoB, 1 << 10, time.Minute}}).CompareSizesIn(pair.AtoB, SoFar); v.Sentence != "So far A → B: whether file size matters waits for what is in flight (1 of 41)." {
		t.Error(v.Sentence)
	}
	if v := c.Underway(nil).CompareSizes(SoFar); !v.Enough {
		t.Errorf("with nothing in flight: %+v", v)
	}
	if v := c.Underway([]InFlight{{pair.AtoB, 1 << 10, time.Minute}}).CompareSizesIn(pair.BtoA, SoFar); !v.Enough {
		t.Errorf("with nothing in flight that way: %+v", v)
	}
	var away []InFlight
	for range 30 {
		away = append(away, InFlight{pair.AtoB, 1 << 10, time.Hour}, InFlight{pair.AtoB, 1 << 11, time.Hour})
		away = append(away, InFlight{pair.BtoA, 1 << 10, 0}, InFlight{pair.BtoA, 1 << 11, 0})
	}
	v = c.Underway(away).CompareDirections(SoFar)
	if !strings.Contains(v.Sentence, "too many are still in flight (95 % at every look: at least 2.0 times as long, ") || !strings.Contains(v.Sentence, "n = 100 each, of which 40 each arrived") {
		t.Errorf("%+v", v)
	}
}

// Of a probe that is broken off just past the median it is known that it is in
// the upper half, and not where: that tells less than its arrival would have.
func TestWhatIsBrokenOffAmongTheArrivalsWidensTheInterval(t *testing.T) {
	const n = 60
	build := func(brokenOff bool) *Collector {
		c := NewCollector()
		for i := range n {
			normal := math.Sqrt2 * math.Erfinv(2*(float64(i)+.5)/n-1)
			for _, d := range pair.Directions() {
				s := replicated(d, 1, 4000*math.Exp(.6*normal))
				if brokenOff && i > n/2 && i%2 == 0 {
					s.Outcome, s.DurationMS = probe.Interrupted, 4200
				}
				c.Add(s)
			}
		}
		return c
	}
	for _, looks := range []Looks{Once, Anytime} {
		all, some := build(false).CompareDirections(looks), build(true).CompareDirections(looks)
		if wide := math.Log(some.Upper/some.Lower) / math.Log(all.Upper/all.Lower); !(wide > 1.05) {
			t.Errorf("%s: %.3f times as wide: %s", looks.kind(), wide, some.Sentence)
		}
	}
}
