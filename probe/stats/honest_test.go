//go:build !race

// Simulations in one goroutine, as those of the intervals.

package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"bothways/aws/pair"
	"bothways/probe"
)

// world draws the delays of a run of both directions, n in each, in milliseconds
// around a median of 4 s. The two have one law.
type world struct {
	name  string
	cut   float64 // the share of either that the limit cuts off
	drawn func(r *rand.Rand, n int) [2][]float64
}

const spread = .6 // of the log delays, as of S3's

// autoregressive are log delays each of which has the share phi of the last one.
func autoregressive(r *rand.Rand, n int, phi float64) []float64 {
	logs := make([]float64, n)
	at := r.NormFloat64()
	for i := range logs {
		logs[i] = math.Log(4000) + spread*at
		at = phi*at + math.Sqrt(1-phi*phi)*r.NormFloat64()
	}
	return logs
}

// betweenStarts is the time between two starts of a direction in the benchmark's runs, in
// seconds.
const betweenStarts = 10.0 / 6

// bursts says at which starts it is slow: for mean on and off seconds, which vary
// as an exponential law, or not at all where regular.
func bursts(r *rand.Rand, n int, on, off float64, regular bool) []bool {
	slow := make([]bool, n)
	is := r.Float64() < on/(on+off)
	left := func() float64 {
		mean := off
		if is {
			mean = on
		}
		if regular {
			return mean
		}
		return mean * r.ExpFloat64()
	}
	until := left()
	if regular {
		until *= r.Float64()
	}
	for i := range slow {
		for at := float64(i) * betweenStarts; at >= until; {
			is = !is
			until += left()
		}
		slow[i] = is
	}
	return slow
}

func stretched(logs []float64, slow []bool, by float64) []float64 {
	for i := range logs {
		if slow[i] {
			logs[i] += math.Log(by)
		}
	}
	return logs
}

func both(draw func(r *rand.Rand, n int) []float64) func(*rand.Rand, int) [2][]float64 {
	return func(r *rand.Rand, n int) [2][]float64 { return [2][]float64{draw(r, n), draw(r, n)} }
}

func worlds() []world {
	independent := func(r *rand.Rand, n int) []float64 { return autoregressive(r, n, 0) }
	all := []world{{"independent", 0, both(independent)}}
	for _, phi := range []float64{.3, .5, .8, .95} {
		all = append(all, world{fmt.Sprintf("AR(1) %v", phi), 0, both(func(r *rand.Rand, n int) []float64 { return autoregressive(r, n, phi) })})
	}
	burst := func(on, off, by float64, regular bool) func(r *rand.Rand, n int) []float64 {
		return func(r *rand.Rand, n int) []float64 {
			return stretched(independent(r, n), bursts(r, n, on, off, regular), by)
		}
	}
	all = append(all,
		world{"bursts", 0, both(burst(30, 120, 4, false))},
		world{"regular bursts", 0, both(burst(30, 120, 4, true))},
		world{"bursts x2", 0, both(burst(30, 120, 2, false))},
		world{"bursts x8", 0, both(burst(30, 120, 8, false))},
		world{"short bursts", 0, both(burst(10, 60, 4, false))},
		world{"long bursts", 0, both(burst(60, 300, 4, false))},
		world{"a change x3", 0, both(func(r *rand.Rand, n int) []float64 {
			logs, at, up := independent(r, n), r.IntN(n), r.IntN(2) == 0
			for i := range logs {
				if i >= at == up {
					logs[i] += math.Log(3)
				}
			}
			return logs
		})},
		world{"shared bursts", 0, func(r *rand.Rand, n int) [2][]float64 {
			slow := bursts(r, n, 30, 120, false)
			return [2][]float64{stretched(independent(r, n), slow, 4), stretched(independent(r, n), slow, 4)}
		}},
		world{"ticks of 2 s", 0, both(func(r *rand.Rand, n int) []float64 {
			logs := independent(r, n)
			for i, l := range logs {
				logs[i] = math.Log(2000 * math.Ceil(math.Exp(l)/2000))
			}
			return logs
		})},
		world{"ties of 1 s", 0, both(func(r *rand.Rand, n int) []float64 {
			logs := independent(r, n)
			for i, l := range logs {
				logs[i] = math.Log(1000 * max(1, math.Round(math.Exp(l)/1000)))
			}
			return logs
		})},
		world{"drift x2", 0, both(func(r *rand.Rand, n int) []float64 {
			logs := independent(r, n)
			for i := range logs {
				logs[i] += math.Ln2 * float64(i) / float64(n)
			}
			return logs
		})})
	for _, cut := range []float64{.05, .25, .6} {
		all = append(all, world{fmt.Sprintf("%.0f %% cut", 100*cut), cut, both(independent)})
	}
	return append(all, world{"AR(1) 0.8, 25 % cut", .25, both(func(r *rand.Rand, n int) []float64 { return autoregressive(r, n, .8) })})
}

// sampled are the samples of one run, A → B and B → A in turn. One that takes longer
// than the limit, in milliseconds, is given up there.
func sampled(delays [2][]float64, ratio, limit float64) []probe.Sample {
	samples := make([]probe.Sample, 0, 2*len(delays[0]))
	for i := range delays[0] {
		for _, d := range pair.Directions() {
			ms := math.Exp(delays[d][i])
			if d == pair.BtoA {
				ms *= ratio
			}
			s := probe.Sample{Direction: d, SizeBytes: 1024, Round: i + 1, SinceStartMS: 1 + 1000*betweenStarts*(float64(i)+float64(d)/2), Outcome: probe.Replicated, HEADs: 14}
			s.DurationMS, s.BracketMS = ms, [2]float64{.97 * ms, 1.03 * ms}
			if ms > limit {
				s.DurationMS, s.BracketMS, s.Outcome = limit, [2]float64{limit, limit}, probe.GaveUp
			}
			samples = append(samples, s)
		}
	}
	return samples
}

// honesty is what a benchmark counted, as shares of the runs.
type honesty struct {
	falseOnce, falseEver         float64 // a difference is shown that is not there
	covers, ratioCovers          float64 // of the intervals that are given
	given                        float64 // intervals of the median
	powerOnce, powerEver, refuse float64 // a difference is shown that is there; nothing is compared
	bias                         float64 // the median estimate of the ratio 1.5, over it
}

const powerRatio = 1.5

func measureHonesty(w world, n, runs int, looks bool) honesty {
	r := rand.New(rand.NewPCG(uint64(n), 5))
	// The law's own quantiles, from many runs.
	var pool []float64
	for range 200 {
		both := w.drawn(r, max(n, 100))
		pool = append(append(pool, both[0]...), both[1]...)
	}
	slices.Sort(pool)
	at := func(p float64) float64 { return math.Exp(pool[min(len(pool)-1, int(p*float64(len(pool))))]) }
	limit := math.Inf(1)
	if w.cut > 0 {
		limit = at(1 - w.cut)
	}
	median := at(.5)
	var h honesty
	var estimates []float64
	given, compared, powered := 0.0, 0.0, 0.0
	for range runs {
		delays := w.drawn(r, n)
		for _, ratio := range []float64{1, powerRatio} {
			c, ever := NewCollector(), false
			for i, s := range sampled(delays, ratio, limit) {
				c.Add(s)
				if looks && !ever && i%2 == 1 && i >= 7 && (i < 150 || i%16 == 1) {
					ever = c.CompareDirections(SoFar).Shown
				}
			}
			v := c.CompareDirections(Once)
			once, always := &h.falseOnce, &h.falseEver
			if ratio == powerRatio {
				once, always = &h.powerOnce, &h.powerEver
				if v.estimated() {
					estimates = append(estimates, v.Ratio/ratio)
				}
				powered++
			} else if q := c.Direction(pair.AtoB).Median; q.State != NotEnough {
				given++
				m := probe.Duration(median)
				if q.Lower <= m && (q.Open || m <= q.Upper) {
					h.covers++
				}
			}
			if v.Shown {
				*once++
			}
			if ever {
				*always++
			}
			if !v.Enough {
				h.refuse++
			} else {
				compared++
				if v.Lower <= ratio*(1+1e-9) && ratio <= v.Upper*(1+1e-9) {
					h.ratioCovers++
				}
			}
		}
	}
	for _, share := range []*float64{&h.falseOnce, &h.falseEver, &h.powerOnce, &h.powerEver} {
		*share /= float64(runs)
	}
	h.refuse /= float64(2 * runs)
	h.covers /= given
	h.given = given / float64(runs)
	h.ratioCovers /= compared
	slices.Sort(estimates)
	if len(estimates) > 0 {
		h.bias = estimates[len(estimates)/2]
	}
	return h
}

// BenchmarkHonest prints how often what is said is wrong, and how often it is said
// where it is right, for delays that are no textbook's. HONEST_RUNS sets the runs
// of a line, HONEST_ONLY the laws by a part of their names.
func BenchmarkHonest(b *testing.B) {
	runs := 400
	if n, err := strconv.Atoi(os.Getenv("HONEST_RUNS")); err == nil {
		runs = n
	}
	type line struct {
		w world
		n int
	}
	var lines []line
	for _, w := range worlds() {
		for _, n := range []int{6, 12, 24, 72, 300} {
			if os.Getenv("HONEST_N") != "" && os.Getenv("HONEST_N") != strconv.Itoa(n) {
				continue
			}
			if strings.Contains(w.name, os.Getenv("HONEST_ONLY")) {
				lines = append(lines, line{w, n})
			}
		}
	}
	for b.Loop() {
		found := make([]honesty, len(lines))
		var all sync.WaitGroup
		turns := make(chan struct{}, 2)
		for i, l := range lines {
			all.Go(func() {
				turns <- struct{}{}
				found[i] = measureHonesty(l.w, l.n, runs, os.Getenv("HONEST_LOOKS") == "")
				<-turns
			})
		}
		all.Wait()
		out := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', 0)
		fmt.Fprintln(out, "| delays\t| n\t| false, one look\t| false, every look\t| median covers\t| median given\t| ratio covers\t| x1.5 shown, one look\t| every look\t| estimate / truth\t| refused\t|")
		fmt.Fprintln(out, "|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|")
		for i, l := range lines {
			h := found[i]
			fmt.Fprintf(out, "| %s\t| %d\t| %.3f\t| %.3f\t| %.3f\t| %.2f\t| %.3f\t| %.3f\t| %.3f\t| %.2f\t| %.2f\t|\n", l.w.name, l.n, h.falseOnce, h.falseEver, h.covers, h.given, h.ratioCovers, h.powerOnce, h.powerEver, h.bias, h.refuse)
		}
		_ = out.Flush()
	}
}
