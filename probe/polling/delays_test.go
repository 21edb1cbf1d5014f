package polling

import (
	"math"
	"math/rand/v2"
	"slices"
)

// delays is a law of replication delays, in seconds; the sample's number in
// its series counts from 1, for laws that change.
type delays struct {
	name string
	draw func(r *rand.Rand, sample int) float64
	// heads and p95 replace the usual limits where the law cannot keep them.
	heads, p95 float64
	fast       bool // of the order of the longer round trip
}

// bound is (integral of sqrt(density x survival))², below which no schedule's
// HEADs x 4 x mean error can fall: from quantiles of many draws, finer towards
// the longest.
func (l delays) bound() float64 {
	r := rand.New(rand.NewPCG(7, 7))
	const n = 400_000
	draws := make([]float64, n)
	for i := range draws {
		draws[i] = l.draw(r, i%runLength+1)
	}
	slices.Sort(draws)
	sum, from := 0.0, 0
	for from < n-1 {
		step := min(n/500, max(8, (n-from)/20))
		to := min(from+step, n-1)
		share, left := float64(to-from)/n, 1-float64(from+to)/(2*n)
		sum += math.Sqrt(share * left * (draws[to] - draws[from]))
		from = to
	}
	return sum * sum
}

func lognormal(r *rand.Rand, median, sigma float64) float64 {
	return median * math.Exp(sigma*r.NormFloat64())
}

// lognormals is a mixture: shares of medians, each with its sigma.
func lognormals(parts ...[3]float64) func(*rand.Rand, int) float64 {
	return func(r *rand.Rand, _ int) float64 {
		lot := r.Float64()
		for _, p := range parts[:len(parts)-1] {
			if lot -= p[0]; lot < 0 {
				return lognormal(r, p[1], p[2])
			}
		}
		last := parts[len(parts)-1]
		return lognormal(r, last[1], last[2])
	}
}

func weibull(scale, shape float64) func(*rand.Rand, int) float64 {
	return func(r *rand.Rand, _ int) float64 { return scale * math.Pow(r.ExpFloat64(), 1/shape) }
}

// erlang is a gamma law of a whole shape.
func erlang(scale float64, shape int) func(*rand.Rand, int) float64 {
	return func(r *rand.Rand, _ int) float64 {
		sum := 0.0
		for range shape {
			sum += scale * r.ExpFloat64()
		}
		return sum
	}
}

func pareto(least, shape float64) func(*rand.Rand, int) float64 {
	return func(r *rand.Rand, _ int) float64 {
		return min(3600, least*math.Pow(1-r.Float64(), -1/shape))
	}
}

// changing is a lognormal law whose median follows the sample's number.
func changing(sigma float64, median func(sample int) float64) func(*rand.Rand, int) float64 {
	return func(r *rand.Rand, sample int) float64 { return lognormal(r, median(sample), sigma) }
}

// drifting changes by the same factor from each sample to the next.
func drifting(from, to float64) func(int) float64 {
	return func(sample int) float64 { return from * math.Pow(to/from, float64(sample)/runLength) }
}

func jumping(from, to float64) func(int) float64 {
	return func(sample int) float64 {
		if sample > runLength/2 {
			return to
		}
		return from
	}
}

// listedLaws are those that the targets are stated for.
func listedLaws() []delays {
	return []delays{
		{name: "lognormal 4 s", draw: lognormals([3]float64{1, 4, .6})},
		{name: "lognormal 9.3 s", draw: lognormals([3]float64{1, 9.3, .6})},
		{name: "lognormal 40 s", draw: lognormals([3]float64{1, 40, .6})},
		{name: "lognormal 1.5 s", draw: lognormals([3]float64{1, 1.5, .4})},
		{name: "bimodal", draw: lognormals([3]float64{.7, 3, .3}, [3]float64{.3, 16, .3})},
		{name: "heavy tail", draw: lognormals([3]float64{.97, 4, .6}, [3]float64{.03, 60, .6})},
	}
}

// otherLaws are of other shapes and scales, and such as change on the way.
func otherLaws() []delays {
	return []delays{
		{name: "lognormal 10 s, narrow", draw: lognormals([3]float64{1, 10, .3})},
		{name: "lognormal 10 s, wide", draw: lognormals([3]float64{1, 10, .9}), p95: .14},
		{name: "lognormal 10 s, very wide", draw: lognormals([3]float64{1, 10, 1.2}), p95: .2},
		{name: "lognormal 0.3 s", draw: lognormals([3]float64{1, .3, .5}), fast: true},
		{name: "lognormal 10 min", draw: lognormals([3]float64{1, 600, .6})},
		{name: "exponential 8 s", draw: weibull(8, 1), p95: .35},
		{name: "Weibull 0.7", draw: weibull(8, .7), p95: math.Inf(1)}, // as often as not at once
		{name: "Weibull 3", draw: weibull(8, 3)},
		{name: "gamma 2", draw: erlang(4, 2), p95: .15},
		{name: "gamma 9", draw: erlang(1, 9)},
		{name: "uniform 2 to 12 s", draw: func(r *rand.Rand, _ int) float64 { return 2 + 10*r.Float64() }},
		{name: "3 s and exponential 3 s", draw: func(r *rand.Rand, _ int) float64 { return 3 + 3*r.ExpFloat64() }},
		{name: "10 s within 1 %", draw: func(r *rand.Rand, _ int) float64 { return 10 + .1*r.NormFloat64() }},
		{name: "bimodal, even", draw: lognormals([3]float64{.5, 2, .2}, [3]float64{.5, 30, .2})},
		{name: "bimodal, mostly late", draw: lognormals([3]float64{.1, 3, .3}, [3]float64{.9, 20, .3}), p95: .25},
		{name: "trimodal", draw: lognormals([3]float64{.33, 2, .2}, [3]float64{.33, 8, .2}, [3]float64{.34, 40, .3}), p95: .15},
		{name: "Pareto 1.5", draw: pareto(3, 1.5)},
		{name: "Pareto 1.1", draw: pareto(3, 1.1)},
		{name: "drift x4", draw: changing(.4, func(i int) float64 { return 4 * math.Pow(4, float64(i)/runLength) })},
		{name: "falls 30 to 3 s", draw: changing(.6, drifting(30, 3)), p95: .17},
		{name: "falls 30 to 3 s, narrow", draw: changing(.3, drifting(30, 3))},
		{name: "rises 3 to 30 s", draw: changing(.6, drifting(3, 30)), heads: 23},
		{name: "rises 3 to 30 s, narrow", draw: changing(.3, drifting(3, 30)), heads: 22},
		{name: "far tail, 5 % at 10 min", draw: lognormals([3]float64{.95, 4, .6}, [3]float64{.05, 600, .3}), heads: 25},
		{name: "far tail, 2 % at 5 min", draw: lognormals([3]float64{.98, 4, .6}, [3]float64{.02, 300, .3})},
		{name: "jump 4 to 15 s", draw: changing(.6, jumping(4, 15)), heads: 23},
		{name: "jump 40 to 2 s", draw: changing(.4, jumping(40, 2)), p95: .6},
		{name: "jump 1 s to 5 min", draw: changing(.3, jumping(1, 300)), heads: 27, p95: .14},
		{name: "to and fro", draw: changing(.3, func(i int) float64 {
			if i/5%2 == 0 {
				return 3
			}
			return 30
		}), heads: 23, p95: .15},
	}
}
