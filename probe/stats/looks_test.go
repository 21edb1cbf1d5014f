//go:build !race

// Simulations in one goroutine, as those of the intervals.

package stats

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

// watched plays a run of rounds of six sizes, one round every ten seconds, both
// directions of a size one after the other in random order, as package probe
// schedules them. Samples come when they arrive. see is called after every
// start and every sample, sampled says after which; c are the samples alone.
func watched(r *rand.Rand, rounds int, law func(d pair.Direction, since float64) float64, see func(c, underway *Collector, sampled bool)) {
	watchedBySize(r, rounds, func(d pair.Direction, _ int64, since float64) float64 { return law(d, since) }, see)
}

// watchedBySize is watched where the delays depend on the size.
func watchedBySize(r *rand.Rand, rounds int, law func(d pair.Direction, size int64, since float64) float64, see func(c, underway *Collector, sampled bool)) {
	type moment struct {
		at     float64 // ms
		sample bool
		of     pair.Direction
		size   int64
		took   float64
		probe  int
	}
	type start struct {
		InFlight
		at float64
	}
	var moments []moment
	const every, sizes = 10000.0, 6 // ms, of a round
	for round := range rounds {
		for place, size := range r.Perm(sizes) {
			first := r.IntN(2)
			for turn := range 2 {
				d := pair.Direction((first + turn) % 2)
				at := every * (float64(round) + float64(2*place+turn)/(2*sizes))
				took := law(d, 1<<(17+size), at/(every*float64(rounds)))
				moments = append(moments, moment{at: at, of: d, size: 1 << (17 + size), probe: len(moments) / 2},
					moment{at: at + took, sample: true, of: d, size: 1 << (17 + size), took: took, probe: len(moments) / 2})
			}
		}
	}
	slices.SortStableFunc(moments, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	c, started := NewCollector(), map[int]start{}
	for _, m := range moments {
		if m.sample {
			arrived := replicated(m.of, m.size, m.took)
			arrived.SinceStartMS, arrived.Round = 1+m.at-m.took, 1+int((m.at-m.took)/every)
			c.Add(arrived)
			delete(started, m.probe)
		} else {
			started[m.probe] = start{InFlight{Direction: m.of, SizeBytes: m.size}, m.at}
		}
		flights := make([]InFlight, 0, len(started))
		for _, s := range started {
			s.LongerThan = probe.Duration(m.at - s.at)
			flights = append(flights, s.InFlight)
		}
		see(c, c.Underway(flights), m.sample)
	}
}

// drifting is one law for both directions, with delays that grow to drift times
// what they were.
func drifting(r *rand.Rand, drift float64) func(pair.Direction, float64) float64 {
	return func(_ pair.Direction, since float64) float64 {
		return 4000 * math.Pow(drift, since) * math.Exp(.6*r.NormFloat64())
	}
}

func TestLookingAfterEverySampleShowsNoDifferenceThatIsNotThere(t *testing.T) {
	const runs, rounds = 60, 12 // 72 in each direction
	for _, drift := range []float64{1, 2} {
		t.Run(fmt.Sprintf("drift ×%v", drift), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(61, uint64(drift)))
			directions, sizes, naively := 0, 0, 0
			for range runs {
				ever := [3]bool{}
				watched(r, rounds, drifting(r, drift), func(c, underway *Collector, sampled bool) {
					if !sampled {
						return
					}
					ever[0] = ever[0] || underway.CompareDirections(SoFar).Shown
					ever[1] = ever[1] || underway.CompareSizes(SoFar).Shown
					ever[2] = ever[2] || c.CompareDirections(Once).Shown
				})
				for i, count := range []*int{&directions, &sizes, &naively} {
					if ever[i] {
						*count++
					}
				}
			}
			if share := float64(naively) / runs; share < .15 {
				t.Fatalf("the interval of one look says so at some moment in %.3f of the runs: the case shows nothing", share)
			}
			for name, count := range map[string]int{"directions": directions, "sizes": sizes} {
				if share := float64(count) / runs; share > .05 {
					t.Errorf("%s: a difference shown at some moment in %.3f of the runs, want .05 at most", name, share)
				}
			}
		})
	}
}

func TestAVerdictThatHoldsAtEveryLookStillComesSoon(t *testing.T) {
	const runs, rounds = 40, 12
	r := rand.New(rand.NewPCG(63, 64))
	var needed []int
	for range runs {
		first := math.MaxInt
		watched(r, rounds, func(d pair.Direction, _ float64) float64 {
			return []float64{4000, 2.36 * 4000}[d] * math.Exp(.6*r.NormFloat64())
		}, func(_, underway *Collector, sampled bool) {
			if !sampled || first < math.MaxInt {
				return
			}
			v := underway.CompareDirections(SoFar)
			if v.Shown && v.Upper < 1 {
				t.Errorf("the faster direction is called the slower one: %s", v.Sentence)
			}
			if v.Shown {
				first = max(v.N[0], v.N[1])
			}
		})
		needed = append(needed, first)
	}
	slices.Sort(needed)
	if median := needed[runs/2]; median > 63 {
		t.Errorf("a ratio of 2.36 is shown at a median n of %d", median)
	}
	// By chance one run in fifteen looks as if its delays came in bursts.
	if late := needed[runs-5]; late > 72 {
		t.Errorf("not shown at all in more than four of %d runs", runs)
	}
}

func TestALiveComparisonDoesNotComeAndGoWithWhatIsInFlight(t *testing.T) {
	r := rand.New(rand.NewPCG(65, 66))
	flips, naively := 0, 0
	for range 25 {
		compared, once := false, false
		watched(r, 12, func(d pair.Direction, _ float64) float64 {
			return []float64{4000, 9300}[d] * math.Exp(.6*r.NormFloat64())
		}, func(c, underway *Collector, _ bool) {
			v := underway.CompareDirections(SoFar)
			if compared && !v.Enough {
				flips++
				t.Logf("goes away again: %s", v.Sentence)
			}
			compared = v.Enough
			enough := c.CompareDirections(Once).Enough
			if once && !enough {
				naively++
			}
			once = enough
		})
	}
	if naively < 4 {
		t.Fatalf("without regard to what is in flight it goes away %d times: the case shows nothing", naively)
	}
	if flips > 0 {
		t.Errorf("a comparison goes away %d times in 25 runs", flips)
	}
}
