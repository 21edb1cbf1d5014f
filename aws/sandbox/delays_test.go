//go:build !race

package sandbox_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/sandbox"
	"bothways/aws/sandbox/delays"
)

// arrival is a replica as the truth tells of it, in seconds since the start of
// the sandbox.
type arrival struct{ committed, visible float64 }

func (a arrival) took() float64 { return a.visible - a.committed }

// truthOf writes n objects on each side, one every so often, in a sandbox with
// such delays, and returns what its truth says of those that arrived at B and
// at A, in the order in which they were written.
func truthOf(t *testing.T, law string, o sandbox.Options, n int, every time.Duration) (atB, atA []arrival) {
	t.Helper()
	parsed, err := delays.Parse(law)
	if err != nil {
		t.Fatal(err)
	}
	var truth bytes.Buffer
	o.NoDistance, o.Delays, o.Truth = true, parsed, &truth
	begun := time.Now()
	w := newWorld(t, o)
	w.pair()
	for i := range n {
		key := fmt.Sprint("k", i)
		w.put("side-a", ireland, "a"+key, "")
		w.put("side-b", singapore, "b"+key, "")
		pass(every)
	}
	pass(1000 * time.Hour)
	lines := bufio.NewScanner(&truth)
	for lines.Scan() {
		var line struct {
			Bucket      string
			CommittedAt time.Time `json:"committed_at"`
			VisibleAt   time.Time `json:"visible_at"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		one := arrival{line.CommittedAt.Sub(begun).Seconds(), line.VisibleAt.Sub(begun).Seconds()}
		if line.Bucket == "side-b" {
			atB = append(atB, one)
		} else {
			atA = append(atA, one)
		}
	}
	for _, of := range [][]arrival{atB, atA} {
		if len(of) != n {
			t.Fatalf("%d of %d replicas arrived", len(of), n)
		}
		slices.SortFunc(of, func(a, b arrival) int { return int(math.Copysign(1, a.committed-b.committed)) })
	}
	return atB, atA
}

// logs are the logarithms of the delays, less their mean.
func logs(of []arrival) []float64 {
	all, mean := make([]float64, len(of)), 0.0
	for i, a := range of {
		all[i] = math.Log(a.took())
		mean += all[i] / float64(len(of))
	}
	for i := range all {
		all[i] -= mean
	}
	return all
}

// correlation is that of two series whose means are 0.
func correlation(a, b []float64) float64 {
	var ab, aa, bb float64
	for i := range min(len(a), len(b)) {
		ab += a[i] * b[i]
		aa += a[i] * a[i]
		bb += b[i] * b[i]
	}
	return ab / math.Sqrt(aa*bb)
}

func wants(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s is %.3f, want %.3f within %.3f", what, got, want, within)
	}
}

func TestNeighboursAreAsAlikeAsTheirLawSays(t *testing.T) {
	for law, phi := range map[string]float64{"independent": 0, "ar1:phi=0.5": .5, "ar1:phi=0.8": .8} {
		t.Run(law, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				atB, atA := truthOf(t, law, sandbox.Options{}, 1500, time.Second)
				there, back := logs(atB), logs(atA)
				wants(t, "A to B: neighbours' correlation", correlation(there, there[1:]), phi, .07)
				wants(t, "B to A: neighbours' correlation", correlation(back, back[1:]), phi, .07)
				wants(t, "the correlation three apart", correlation(there, there[3:]), phi*phi*phi, .1)
				wants(t, "the correlation of the directions", correlation(there, back), 0, .15)
				wants(t, "sigma", deviation(there), .6, .06)
			})
		})
	}
}

// deviation is the standard deviation of a series whose mean is 0.
func deviation(of []float64) float64 {
	squares := 0.0
	for _, x := range of {
		squares += x * x
	}
	return math.Sqrt(squares / float64(len(of)))
}

// Bursts are so strong here that each delay tells whether it is of one.
func TestBurstsLastAndComeAsTheirLawSays(t *testing.T) {
	for name, row := range map[string]struct {
		scale float64
		every time.Duration
	}{"in its own time": {1, time.Second}, "ten times as fast": {10, 100 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				atB, atA := truthOf(t, "bursty:on=30s,off=90s,factor=1000", sandbox.Options{TimeScale: row.scale}, 2400, row.every)
				together := 0.0
				for _, direction := range [][]arrival{atB, atA} {
					var lengths, gaps []float64 // in objects, one a simulated second
					for _, run := range runsOf(direction, 30*median(direction)) {
						if run.slow {
							lengths = append(lengths, float64(run.length))
						} else {
							gaps = append(gaps, float64(run.length))
						}
					}
					if len(lengths) < 15 || len(lengths) > 25 {
						t.Errorf("%d bursts in 2,400 s of 120 s each", len(lengths))
					}
					// The first and the last are cut off by the ends.
					for _, length := range lengths[1 : len(lengths)-1] {
						wants(t, "a burst's length", length, 30, 1.5)
					}
					mean, shortest, longest := 0.0, math.Inf(1), 0.0
					for _, gap := range gaps[1 : len(gaps)-1] {
						mean += gap / float64(len(gaps)-2)
						shortest, longest = min(shortest, gap), max(longest, gap)
					}
					wants(t, "the mean of the gaps", mean, 90, 15)
					if longest < 1.3*shortest {
						t.Errorf("gaps of %.0f to %.0f s: bursts come by the clock", shortest, longest)
					}
				}
				for i := range atB {
					if atB[i].took() > 30*median(atB) && atA[i].took() > 30*median(atA) {
						together++
					}
				}
				// Each is in a burst for a quarter of the time.
				wants(t, "the share of the time that both are in a burst", together/float64(len(atB)), 1./16, .05)
			})
		})
	}
}

type run struct {
	slow   bool
	length int
}

// runsOf cuts the objects into those of bursts and those between.
func runsOf(of []arrival, slow float64) []run {
	var runs []run
	for _, a := range of {
		if last := len(runs) - 1; last >= 0 && runs[last].slow == (a.took() > slow) {
			runs[last].length++
			continue
		}
		runs = append(runs, run{a.took() > slow, 1})
	}
	return runs
}

func median(of []arrival) float64 {
	all := make([]float64, len(of))
	for i, a := range of {
		all[i] = a.took()
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func TestReplicasArriveAtTicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// What is written every 0.7 s would arrive at any time.
		atB, atA := truthOf(t, "ticks:every=2500ms", sandbox.Options{}, 700, 700*time.Millisecond)
		phase := func(a arrival) float64 { return math.Mod(a.visible, 2.5) }
		for _, direction := range [][]arrival{atB, atA} {
			for _, a := range direction {
				if off := math.Abs(phase(a) - phase(direction[0])); off > 1e-6 && off < 2.5-1e-6 {
					t.Fatalf("one arrives %.3f s after a tick, the first %.3f s", phase(a), phase(direction[0]))
				}
				if a.took() <= 0 {
					t.Fatalf("one arrives %.3f s after its commit", a.took())
				}
			}
		}
		if math.Abs(phase(atB[0])-phase(atA[0])) < .01 {
			t.Error("both directions have the same ticks")
		}
		wants(t, "the median from A to B", median(atB), delays.Median(ireland, singapore), .35)
		wants(t, "the median from B to A", median(atA), delays.Median(singapore, ireland), .8)
	})
}

// A wave is found by its correlation with a sine of its period; a zigzag by the
// slope of each way.
func TestDelaysRiseAndFallAsTheirLawSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		atB, atA := truthOf(t, "diurnal:period=10m,swing=3", sandbox.Options{}, 1200, time.Second)
		for _, direction := range [][]arrival{atB, atA} {
			amplitude, quadrature := 0.0, 0.0
			for i, log := range logs(direction) {
				angle := 2 * math.Pi * direction[i].committed / 600
				amplitude += 2 * log * math.Sin(angle) / 1200
				quadrature += 2 * log * math.Cos(angle) / 1200
			}
			wants(t, "the wave's height", math.Exp(amplitude), 3, .25)
			wants(t, "what is not in step with it", quadrature, 0, .08)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		atB, atA := truthOf(t, "drift:over=10m,factor=6", sandbox.Options{}, 1200, time.Second)
		for _, direction := range [][]arrival{atB, atA} {
			all := logs(direction)
			wants(t, "how many times as long delays are after ten minutes", math.Exp(600*slope(all[:600])), 6, 1)
			wants(t, "and ten more", math.Exp(600*slope(all[600:])), 1./6, .035)
		}
	})
}

// slope is that of the line that fits a series best.
func slope(of []float64) float64 {
	above, below := 0.0, 0.0
	for i, y := range of {
		x := float64(i) - float64(len(of)-1)/2
		above += x * y
		below += x * x
	}
	return above / below
}

func TestTheSameSeedHasTheSameTruthUnderEachLaw(t *testing.T) {
	for _, choice := range delays.Choices() {
		truth := func(seed uint64) (atB, atA []arrival) {
			synctest.Test(t, func(t *testing.T) {
				atB, atA = truthOf(t, choice.Text, sandbox.Options{Seed: seed}, 40, 3*time.Second)
			})
			return atB, atA
		}
		firstB, firstA := truth(5)
		secondB, secondA := truth(5)
		if !slices.Equal(firstB, secondB) || !slices.Equal(firstA, secondA) {
			t.Errorf("%s: two runs of one seed differ", choice.Text)
		}
		if otherB, _ := truth(6); slices.Equal(firstB, otherB) {
			t.Errorf("%s: two seeds have the same truth", choice.Text)
		}
	}
}
