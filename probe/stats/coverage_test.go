//go:build !race

// Simulations in one goroutine: the race detector finds nothing in them and makes
// them ten times as slow.

package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

// quantileLaw draws delays in milliseconds; at is its quantile function.
type quantileLaw struct {
	name string
	at   func(p float64) float64
}

func (l quantileLaw) draw(r *rand.Rand) float64 { return l.at(r.Float64()) }

// quantileLaws are the laws of the targets and some of other shapes.
func quantileLaws() []quantileLaw {
	normalAt := func(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
	lognormal := func(median, sigma float64) func(float64) float64 {
		return func(p float64) float64 { return median * math.Exp(sigma*normalAt(p)) }
	}
	return []quantileLaw{
		{"lognormal", lognormal(4000, .6)},
		{"wide lognormal", lognormal(40000, 1.2)},
		{"Weibull 0.7", func(p float64) float64 { return 8000 * math.Pow(-math.Log(1-p), 1/.7) }},
		{"uniform", func(p float64) float64 { return 2000 + 10000*p }},
		{"Pareto 1.1", func(p float64) float64 { return 3000 * math.Pow(1-p, -1/1.1) }},
		{"two peaks", func(p float64) float64 { // the lower 70 % around 3 s, the rest around 16 s
			if p < .7 {
				return lognormal(3000, .1)(p / .7)
			}
			return lognormal(16000, .1)((p - .7) / .3)
		}},
	}
}

// polled is what a probe reports of a delay, in milliseconds, when polls are
// spaced by spacing times the elapsed time, with a random phase, and never
// closer than trip; a delay over limit is given up.
func polled(r *rand.Rand, d pair.Direction, size int64, truth, spacing, trip, limit float64) probe.Sample {
	s := probe.Sample{Direction: d, SizeBytes: size, Outcome: probe.Replicated, HEADs: 1}
	low, at := 0.0, trip*(1+r.Float64())
	for at < truth {
		if at > limit {
			s.Outcome = probe.GaveUp
			s.DurationMS, s.BracketMS = at, [2]float64{at, at}
			return s
		}
		s.HEADs++
		low, at = at, at+max(trip, at*spacing*(.5+r.Float64()))
	}
	s.BracketMS, s.DurationMS, s.LeftCensored = [2]float64{low, at}, (low+at)/2, low == 0
	return s
}

// ways of polling under which the intervals must hold: as the probe does,
// coarsely, with a tenth and more given up, and bound by the round trip.
var ways = []struct {
	name                 string
	spacing, trip, limit float64
}{
	{"fine", .001, 1, math.Inf(1)},
	{"as probed", .08, 30, math.Inf(1)},
	{"coarse", .5, 200, math.Inf(1)},
	{"with give-ups", .08, 30, 7000},
	{"round trips of 3 s", .08, 3000, math.Inf(1)},
}

// sampling is what a share of 95 % may fall short by in so many runs: three
// standard deviations, for there are many shares.
func sampling(runs int) float64 { return 3 * math.Sqrt(.95*.05/float64(runs)) }

func TestIntervalsOfQuantilesCoverTheTruthHoweverTheyWerePolled(t *testing.T) {
	const runs = 120
	for _, law := range quantileLaws() {
		for _, way := range ways {
			for _, c := range []struct {
				name string
				p    float64
				n    int
				of   func(Summary) Quantile
			}{
				{"median of 8", .5, 8, func(s Summary) Quantile { return s.Median }},
				{"median of 25", .5, 25, func(s Summary) Quantile { return s.Median }},
				{"p90 of 35", .9, 35, func(s Summary) Quantile { return s.P90 }},
				{"p95 of 70", .95, 70, func(s Summary) Quantile { return s.P95 }},
			} {
				t.Run(fmt.Sprintf("%s/%s/%s", law.name, way.name, c.name), func(t *testing.T) {
					t.Parallel()
					r := rand.New(rand.NewPCG(uint64(c.n), 31))
					truth := probe.Duration(law.at(c.p))
					covered := 0
					for range runs {
						collector := NewCollector()
						for range c.n {
							collector.Add(polled(r, pair.AtoB, 1, law.draw(r), way.spacing, way.trip, way.limit))
						}
						q := c.of(collector.Direction(pair.AtoB))
						if q.State == NotEnough || q.Lower <= truth && (q.Open || truth <= q.Upper) {
							covered++
						}
					}
					if share := float64(covered) / runs; share < .95-sampling(runs) {
						t.Errorf("covered %.3f, want .95", share)
					}
				})
			}
		}
	}
}

func TestTheRatiosIntervalCoversTheTruthHoweverItWasPolled(t *testing.T) {
	const runs, ratio = 100, 1.6
	for _, law := range quantileLaws() {
		for _, way := range ways {
			t.Run(law.name+"/"+way.name, func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(33, 34))
				covered := 0
				for i := range runs {
					c := NewCollector()
					for range 6 + i%20 {
						c.Add(polled(r, pair.AtoB, 1, law.draw(r), way.spacing, way.trip, way.limit))
						c.Add(polled(r, pair.BtoA, 1, ratio*law.draw(r), way.spacing, way.trip, way.limit))
					}
					if v := c.CompareDirections(Once); !v.Enough || v.Lower <= ratio && ratio <= v.Upper {
						covered++
					}
				}
				if share := float64(covered) / runs; share < .95-sampling(runs) {
					t.Errorf("covered %.3f, want .95", share)
				}
			})
		}
	}
}

func TestTheSlopesIntervalCoversTheTruthForManyLaws(t *testing.T) {
	const runs, perDoubling = 250, 1.1
	for _, law := range quantileLaws() {
		t.Run(law.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(35, 36))
			covered, coveredOneWay := 0, 0
			for range runs {
				c := NewCollector()
				for i := range 6 {
					for range 6 {
						stretch := math.Pow(perDoubling, float64(i))
						c.Add(polled(r, pair.AtoB, 1<<(17+i), stretch*law.draw(r), .08, 30, math.Inf(1)))
						c.Add(polled(r, pair.BtoA, 1<<(17+i), 2.36*stretch*law.draw(r), .08, 30, math.Inf(1)))
					}
				}
				if v := c.CompareSizes(Once); v.Lower <= perDoubling && perDoubling <= v.Upper {
					covered++
				}
				if v := c.CompareSizesIn(pair.BtoA, Once); v.Lower <= perDoubling && perDoubling <= v.Upper {
					coveredOneWay++
				}
			}
			for name, count := range map[string]int{"both directions": covered, "one direction": coveredOneWay} {
				if share := float64(count) / runs; share < .95-sampling(runs) {
					t.Errorf("%s: covered %.3f, want .95", name, share)
				}
			}
		})
	}
}

// Half of the first polls hit. What is quoted of the median then is only how
// long it takes at most, which it must not exceed, neither the samples' own nor,
// with 95 %, the law's.
func TestWhereHalfOfTheFirstPollsHitTheMedianIsAtMostWhatIsSaid(t *testing.T) {
	const runs, n = 300, 25
	for _, law := range quantileLaws() {
		t.Run(law.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(67, 68))
			first, truth := law.at(.5), probe.Duration(law.at(.5))
			covered, atMost, ratios := 0, 0, 0
			for range runs {
				c := NewCollector()
				own := make([]float64, n)
				for i := range own {
					own[i] = law.draw(r)
					c.Add(polledFrom(r, pair.AtoB, own[i], first))
					c.Add(polledFrom(r, pair.BtoA, 1.6*law.draw(r), first))
				}
				slices.Sort(own)
				m := c.Direction(pair.AtoB).Median
				if m.Lower <= truth && (m.Open || truth <= m.Upper) {
					covered++
				}
				if m.State == AtMost {
					atMost++
					if mine := probe.Duration(own[n/2]); m.Value < mine || m.Lower != 0 {
						t.Errorf("at most %v from %v, the samples' own median is %v", m.Value, m.Lower, mine)
					}
				} else if m.Value < probe.Duration(first) {
					t.Errorf("%v is quoted as measured, and nobody looked before %v: %+v", m.Value, probe.Duration(first), m)
				}
				if v := c.CompareDirections(Once); v.Lower <= 1.6 && 1.6 <= v.Upper {
					ratios++
				}
			}
			if atMost < runs/4 || atMost > runs*3/4 {
				t.Errorf("the median was found by first polls in %d of %d runs, want about half", atMost, runs)
			}
			for name, count := range map[string]int{"median": covered, "ratio": ratios} {
				if share := float64(count) / runs; share < .95-sampling(runs) {
					t.Errorf("%s: covered %.3f, want .95", name, share)
				}
			}
		})
	}
}

// polledFrom is what a probe reports of a delay that it first looks for after
// first, and then as the probe does.
func polledFrom(r *rand.Rand, d pair.Direction, truth, first float64) probe.Sample {
	if truth <= first {
		return atFirst(d, 1, first)
	}
	low, at := first, first
	for at < truth {
		low, at = at, at*(1+.08*(.5+r.Float64()))
	}
	s := replicated(d, 1, (low+at)/2)
	s.BracketMS = [2]float64{low, at}
	return s
}

// interleaved is a run of rounds in which the delays drift to drift times what
// they were, with both directions in each round, or one direction after the
// other where sequential is set.
func interleaved(r *rand.Rand, rounds int, drift float64, sequential bool) *Collector {
	c := NewCollector()
	for i := range 2 * rounds {
		d := pair.Direction(i % 2)
		if sequential {
			d = pair.Direction(i / rounds)
		}
		level := math.Pow(drift, float64(i)/float64(2*rounds))
		c.Add(polled(r, d, 1, 4000*level*math.Exp(.6*r.NormFloat64()), .08, 30, math.Inf(1)))
	}
	return c
}

func TestADriftIsNotTakenForADifferenceOfTheDirections(t *testing.T) {
	const runs = 400
	r := rand.New(rand.NewPCG(37, 38))
	for _, drift := range []float64{1, 2, 4} {
		alarms, inTurn := 0, 0
		for range runs {
			if interleaved(r, 30, drift, false).CompareDirections(Once).Shown {
				alarms++
			}
			if interleaved(r, 30, drift, true).CompareDirections(Once).Shown {
				inTurn++
			}
		}
		if share := float64(alarms) / runs; share > .06+sampling(runs)/2 {
			t.Errorf("drift ×%v: a difference shown in %.3f of the runs, want .06 at most", drift, share)
		}
		if share := float64(inTurn) / runs; drift == 2 && share < .25 {
			t.Errorf("one direction after the other shows a difference in %.3f of the runs: the test has no drift to speak of", share)
		}
	}
}

func TestTheDirectionsVerdictHasTheMannWhitneyTestsPower(t *testing.T) {
	const runs = 400
	for _, c := range []struct {
		ratio float64
		n     int
		power float64
	}{{1.5, 12, .32}, {1.5, 30, .69}, {2, 6, .38}, {2, 12, .74}, {2.36, 6, .55}, {2.36, 12, .89}} {
		r := rand.New(rand.NewPCG(39, 40))
		shown := 0
		for range runs {
			collector := NewCollector()
			for range c.n {
				collector.Add(polled(r, pair.AtoB, 1, 4000*math.Exp(.6*r.NormFloat64()), .08, 30, math.Inf(1)))
				collector.Add(polled(r, pair.BtoA, 1, c.ratio*4000*math.Exp(.6*r.NormFloat64()), .08, 30, math.Inf(1)))
			}
			if collector.CompareDirections(Once).Shown {
				shown++
			}
		}
		if share := float64(shown) / runs; math.Abs(share-c.power) > .07 {
			t.Errorf("ratio %v, n = %d: shown in %.2f of the runs, want %.2f", c.ratio, c.n, share, c.power)
		}
	}
}

func TestWhatWouldHaveShownIsSeenInFourOfFiveRuns(t *testing.T) {
	const runs = 400
	for _, n := range []int{fewestForPower, 30, 72} {
		r := rand.New(rand.NewPCG(41, uint64(n)))
		draw := func(ratio float64) Verdict {
			c := NewCollector()
			for range n {
				c.Add(replicated(pair.AtoB, 1, 4000*math.Exp(.6*r.NormFloat64())))
				c.Add(replicated(pair.BtoA, 1, ratio*4000*math.Exp(.6*r.NormFloat64())))
			}
			return c.CompareDirections(Once)
		}
		var said []float64
		for range runs {
			if v := draw(1); v.WouldShow > 0 {
				said = append(said, v.WouldShow)
			}
		}
		slices.Sort(said)
		// What a run says depends on what it drew: one of ten says less, one more.
		for _, is := range []struct{ at, least, most float64 }{{.1, .55, .8}, {.5, .72, .88}, {.9, .8, .95}} {
			ratio := said[int(is.at*float64(len(said)))]
			shown := 0
			for range runs {
				if draw(ratio).Shown {
					shown++
				}
			}
			if share := float64(shown) / runs; share < is.least || share > is.most {
				t.Errorf("n = %d: a ratio of %.2f is shown in %.2f of the runs, want %v to %v", n, ratio, share, is.least, is.most)
			}
		}
	}
}

func TestARoundTripAsLongAsTheDelaysShowsNoDifferenceThatIsNotThere(t *testing.T) {
	r := rand.New(rand.NewPCG(45, 46))
	for range 100 {
		c := NewCollector()
		for range 40 { // one side is far away
			c.Add(polled(r, pair.AtoB, 1, 400*math.Exp(.3*r.NormFloat64()), .08, 1200, math.Inf(1)))
			c.Add(polled(r, pair.BtoA, 1, 400*math.Exp(.3*r.NormFloat64()), .08, 10, math.Inf(1)))
		}
		if v := c.CompareDirections(Once); v.Shown {
			t.Fatal(v.Sentence)
		}
	}
}
