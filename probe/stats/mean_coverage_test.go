//go:build !race

package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// TestTheMeansIntervalCovers holds the interval to what its doc says, for laws
// with and without a tail that few samples show, all watched to the end or
// censored at random.
func TestTheMeansIntervalCovers(t *testing.T) {
	normal := func(r *rand.Rand, median, sigma float64) float64 { return median * math.Exp(sigma*r.NormFloat64()) }
	either := func(r *rand.Rand, share, usual, other float64) float64 {
		if r.Float64() < share {
			return other
		}
		return usual
	}
	lognormal := func(r *rand.Rand) float64 { return normal(r, 4000, .6) }
	wide := func(r *rand.Rand) float64 { return normal(r, 4000, 1) }
	bimodal := func(r *rand.Rand) float64 { return normal(r, either(r, .3, 3000, 16000), .3) }
	heavy := func(r *rand.Rand) float64 { return normal(r, either(r, .03, 4000, 60000), .6) }
	for _, c := range []struct {
		name     string
		draw     func(*rand.Rand) float64
		n        int
		censored float64 // their mean time until they are, in medians; 0: none
		least    float64
	}{
		{"lognormal", lognormal, 6, 0, .92},
		{"lognormal", lognormal, 12, 0, .93},
		{"lognormal", lognormal, 72, 0, .935},
		{"lognormal", lognormal, 300, 0, .935},
		{"lognormal, 20 % censored", lognormal, 12, 4.2, .95},
		{"lognormal, 60 % censored", lognormal, 24, 1, .95},
		{"lognormal, 60 % censored", lognormal, 300, 1, .935},
		{"wide", wide, 12, 0, .90},
		{"wide", wide, 72, 0, .925},
		{"wide, 60 % censored", wide, 72, 1, .93},
		{"bimodal", bimodal, 6, 0, .85},
		{"bimodal", bimodal, 12, 0, .94},
		{"bimodal, 60 % censored", bimodal, 300, 1, .92},
		{"heavy", heavy, 24, 0, .66},
		{"heavy", heavy, 72, 0, .83},
		{"heavy", heavy, 300, 0, .94},
	} {
		r := rand.New(rand.NewPCG(11, uint64(c.n)))
		law := make([]float64, 400_000)
		for i := range law {
			law[i] = c.draw(r)
		}
		slices.Sort(law)
		upTo := make([]float64, len(law)+1)
		for i, ms := range law {
			upTo[i+1] = upTo[i] + ms
		}
		// truth is the law's mean where each time is cut.
		truth := func(cut time.Duration) float64 {
			at := float64(cut) / float64(time.Millisecond)
			if cut == 0 {
				at = math.Inf(1)
			}
			k, _ := slices.BinarySearch(law, at)
			if k == len(law) {
				return upTo[k] / float64(k)
			}
			return (upTo[k] + at*float64(len(law)-k)) / float64(len(law))
		}
		runs, covered := max(300, min(2000, 60_000/c.n)), 0
		for done := 0; done < runs; {
			var g group
			for range c.n {
				s := probe.Sample{Direction: pair.AtoB, SizeBytes: 1, DurationMS: c.draw(r), Outcome: probe.Replicated}
				if end := c.censored * law[len(law)/2] * r.ExpFloat64(); end > 0 && end < s.DurationMS {
					s.DurationMS, s.Outcome = end, probe.Interrupted
				}
				s.BracketMS = [2]float64{s.DurationMS, s.DurationMS}
				g.add(s)
			}
			m := g.mean(1)
			if m.State == NotEnough {
				continue
			}
			done++
			if is := probe.Duration(truth(m.Cut)); m.Lower <= is && is <= m.Upper {
				covered++
			}
		}
		if share := float64(covered) / float64(runs); share < c.least {
			t.Errorf("%s, n = %d: %.3f, want at least %.3f", c.name, c.n, share, c.least)
		}
	}
}
