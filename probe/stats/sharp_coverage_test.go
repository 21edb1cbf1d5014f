//go:build !race

package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

// sharpLaws are those of quantileLaws that a bracket may hide something of, and two
// without a density.
func sharpLaws() []quantileLaw {
	laws := map[string]quantileLaw{}
	for _, law := range quantileLaws() {
		laws[law.name] = law
	}
	return []quantileLaw{
		laws["lognormal"], laws["two peaks"],
		{"ticks of 2 s", func(p float64) float64 { return 2000 * math.Ceil(laws["lognormal"].at(p)/2000) }},
		{"a constant", func(float64) float64 { return 4000 }},
	}
}

// looked is what polls tell of a delay: each comes later than the one before by
// spacing times the time so far, give or take half of that, or exactly, so that
// the polls of all samples fall at the same places. From until on there are none.
func looked(r *rand.Rand, truth, until, spacing float64, jittered bool) probe.Sample {
	next := func(at float64) float64 {
		if jittered {
			return at * (1 + spacing*(.5+r.Float64()))
		}
		return at * (1 + spacing)
	}
	low, at := 0.0, next(300)
	for at < truth && at <= until {
		low, at = at, next(at)
	}
	if at > until {
		return probe.Sample{Direction: pair.AtoB, Outcome: probe.Interrupted, DurationMS: low}
	}
	s := replicated(pair.AtoB, 1, (low+at)/2)
	s.BracketMS = [2]float64{low, at}
	return s
}

// seenAtOnce is the same without a bracket.
func seenAtOnce(truth, until float64) probe.Sample {
	if truth > until {
		return probe.Sample{Direction: pair.AtoB, Outcome: probe.Interrupted, DurationMS: until}
	}
	s := replicated(pair.AtoB, 1, truth)
	s.BracketMS = [2]float64{}
	return s
}

// tallied is how often an interval covered, and the sum of the widths.
type tallied struct{ covered, width float64 }

func (t *tallied) add(q Quantile, truth float64) {
	if is := probe.Duration(truth); q.State == NotEnough || q.Lower <= is && (q.Open || is <= q.Upper) {
		t.covered++
	}
	t.width += float64(q.Upper - q.Lower)
}

// mostWidened is the most that an interval of the p-quantile may be wider than it
// were of exact times. Brackets of 20 % tell little of peaks of 10 %, nor which of
// two ticks p90 is: of those no more is asked than that they cover.
func mostWidened(law string, p, spacing float64, cut bool) float64 {
	switch {
	case cut && law == "ticks of 2 s":
		return math.Inf(1)
	case cut && law == "two peaks" && p == .9 && spacing < .1:
		return 2
	case cut && (law == "lognormal" || spacing < .1):
		return 1.6
	case law == "ticks of 2 s" && p == .5:
		return 1.3
	case law == "lognormal", law == "two peaks" && spacing < .1:
		return 1.45
	default:
		return math.Inf(1)
	}
}

func TestSharpIntervalsCoverTheTruthAndAreHardlyWiderThanOfExactTimes(t *testing.T) {
	t.Parallel()
	for _, law := range sharpLaws() {
		for _, spacing := range []float64{.04, .08, .2} {
			for _, jittered := range []bool{true, false} {
				for _, n := range []int{100, 300, 1000} {
					sharpCase{law, spacing, jittered, false, n}.run(t)
					sharpCase{law, spacing, jittered, true, n}.run(t)
				}
			}
		}
	}
}

type sharpCase struct {
	law      quantileLaw
	spacing  float64
	jittered bool
	cut      bool // about a fifth of the samples
	n        int
}

func (c sharpCase) run(t *testing.T) {
	t.Run(fmt.Sprintf("%s/%v/jittered %v/cut %v/%d", c.law.name, c.spacing, c.jittered, c.cut, c.n), func(t *testing.T) {
		t.Parallel()
		runs := max(60, 30_000/c.n)
		cutting := quantileLaws()[0]
		r := rand.New(rand.NewPCG(uint64(c.n), 71))
		shares := [2]float64{.5, .9}
		var sharp, exact [2]tallied
		for range runs {
			var g, known group
			for range c.n {
				truth, until := c.law.draw(r), math.Inf(1)
				if c.cut {
					until = 2 * cutting.draw(r)
				}
				g.add(looked(r, truth, until, c.spacing, c.jittered))
				known.add(seenAtOnce(truth, until))
			}
			for i, p := range shares {
				sharp[i].add(g.quantile(p, independent()), c.law.at(p))
				exact[i].add(known.quantile(p, independent()), c.law.at(p))
			}
		}
		for i, p := range shares {
			covered, wider := sharp[i].covered/float64(runs), sharp[i].width/exact[i].width
			t.Logf("p%v: covers %.3f (exact %.3f), %.2f times as wide", 100*p, covered, exact[i].covered/float64(runs), wider)
			if covered < .95-sampling(runs) {
				t.Errorf("p%v: covered %.3f, want .95", 100*p, covered)
			}
			comparable := c.jittered && exact[i].width > 0 && (!c.cut || c.n > fewestSharp) // of fewer arrivals none is sharp
			if most := mostWidened(c.law.name, p, c.spacing, c.cut); comparable && wider > most {
				t.Errorf("p%v: %.2f times as wide as of exact times, want %v at most", 100*p, wider, most)
			}
		}
	})
}

// How often intervals cover where times come in ticks and some are cut off: the
// median lies right where a tick ends.
func TestIntervalsOfTicksCoverWhereSomeAreCut(t *testing.T) {
	t.Parallel()
	lognormal := quantileLaws()[0]
	for _, tick := range []float64{1000, 2000} {
		law := quantileLaw{fmt.Sprintf("ticks of %v ms", tick), func(p float64) float64 { return tick * math.Ceil(lognormal.at(p)/tick-1e-9) }}
		for share, factor := range map[string]float64{"5": math.Exp(.6 * math.Sqrt2 * 1.645), "25": math.Exp(.6 * math.Sqrt2 * .674)} {
			for _, spacing := range []float64{.04, .08, .2} {
				for _, n := range []int{-300, 100, 300, 1000} {
					n, atTicks := max(n, -n), n < 0
					t.Run(fmt.Sprintf("%s/%s %% cut/%v/%d/at ticks %v", law.name, share, spacing, n, atTicks), func(t *testing.T) {
						t.Parallel()
						runs := max(100, 20_000/n)
						r := rand.New(rand.NewPCG(uint64(n), 72))
						shares := []float64{.5, .9}
						covered := make([]tallied, len(shares))
						for range runs {
							var g group
							for range n {
								until := factor * lognormal.draw(r)
								if atTicks {
									until = tick * math.Round(until/tick)
								}
								g.add(looked(r, law.draw(r), until, spacing, true))
							}
							for i, p := range shares {
								covered[i].add(g.quantile(p, independent()), law.at(p))
							}
						}
						for i, p := range shares {
							is := covered[i].covered / float64(runs)
							t.Logf("p%v: covers %.3f", 100*p, is)
							if is < .95-sampling(runs) {
								t.Errorf("p%v: covered %.3f, want .95", 100*p, is)
							}
						}
					})
				}
			}
		}
	}
}
