package probe_test

import (
	"math"
	"slices"
)

// The statistics again, from their textbook definitions, in the plainest way
// and without a thought for cost. Nothing here is shared with package stats.

type naive struct {
	n, left, heads, unknowns int
	of                       map[string]int
	median, lower, upper     float64 // +Inf: among those that gave up
	p90, p95, longest        float64
}

func naiveSummary(rows []row) naive {
	s := naive{of: map[string]int{}}
	var middles, lows, highs []float64
	endless := 0.0
	for _, r := range rows {
		s.of[r.outcome]++
		s.heads, s.unknowns = s.heads+r.heads, s.unknowns+r.unknowns
		if r.left {
			s.left++
		}
		switch r.outcome {
		case "replicated":
			middles, lows, highs = append(middles, r.ms), append(lows, r.low), append(highs, r.high)
		case "gave_up": // longer than every other: the limit is the same for all
			middles, lows, highs = append(middles, math.Inf(1)), append(lows, math.Inf(1)), append(highs, math.Inf(1))
			endless = max(endless, r.ms)
		}
	}
	for _, list := range [][]float64{middles, lows, highs} {
		slices.Sort(list)
	}
	s.n = len(middles)
	s.median, s.p90, s.p95 = naiveQuantile(middles, 50), naiveQuantile(middles, 90), naiveQuantile(middles, 95)
	lower, upper := naiveRanks(s.n)
	s.lower, s.upper, s.longest = lows[lower-1], highs[upper-1], middles[s.n-1]
	return s
}

// naiveQuantile is the smallest value that at least percent of the sorted
// values do not exceed, or the middle between it and the next where that is
// exactly percent.
func naiveQuantile(sorted []float64, percent int) float64 {
	n := len(sorted)
	k := (percent*n + 99) / 100
	if percent*n%100 == 0 && k < n {
		return (sorted[k-1] + sorted[k]) / 2
	}
	return sorted[k-1]
}

// naiveRanks are the order statistics that enclose the median with at least
// 95 %: the largest k with P(B < k) <= 2.5 % for B binomial (n, 1/2), and its
// mirror image.
func naiveRanks(n int) (lower, upper int) {
	below, mass := 0.0, math.Pow(.5, float64(n)) // of B = 0
	for k := 0; below+mass <= .025; k++ {
		below += mass
		mass *= float64(n-k) / float64(k+1)
		lower = k + 1
	}
	return lower, n + 1 - lower
}

// naiveRatio is the Hodges-Lehmann estimate: the median of all ratios, with
// the interval that Mann and Whitney's statistic gives.
func naiveRatio(x, y []row) (ratio, lower, upper float64) {
	times := func(rows []row) (ms []float64) {
		for _, r := range rows {
			switch r.outcome {
			case "replicated":
				ms = append(ms, r.ms)
			case "gave_up":
				ms = append(ms, math.Inf(1))
			}
		}
		return ms
	}
	a, b := times(x), times(y)
	// A pair of two that gave up could be anything: small for the lower end,
	// large for the upper one, half of them each for the estimate.
	var small, large, half []float64
	both := 0
	for _, from := range a {
		for _, to := range b {
			switch r := to / from; {
			case math.IsInf(from, 1) && math.IsInf(to, 1):
				small, large = append(small, 0), append(large, math.Inf(1))
				half = append(half, []float64{math.Inf(1), 0}[both%2])
				both++
			default:
				small, large, half = append(small, r), append(large, r), append(half, r)
			}
		}
	}
	for _, list := range [][]float64{small, large, half} {
		slices.Sort(list)
	}
	all, c := len(half), naiveMannWhitney(len(a), len(b))
	return math.Sqrt(half[(all-1)/2] * half[all/2]), small[c-1], large[all-c]
}

// naiveMannWhitney is the largest c with P(U <= c-1) <= 2.5 %, counted by the
// recursion of Mann and Whitney's paper (1947) up to 25 values each, and by the
// normal law with U's mean and variance above.
func naiveMannWhitney(n, m int) int {
	if n > 25 || m > 25 {
		product := float64(n * m)
		return int(math.Round(product/2 - 1.959964*math.Sqrt(product*float64(n+m+1)/12)))
	}
	type key struct{ n, m, u int }
	known := map[key]float64{}
	var ways func(n, m, u int) float64
	ways = func(n, m, u int) float64 {
		switch {
		case u < 0 || u > n*m:
			return 0
		case n == 0 || m == 0:
			return 1
		}
		k := key{n, m, u}
		if _, ok := known[k]; !ok {
			known[k] = ways(n-1, m, u-m) + ways(n, m-1, u)
		}
		return known[k]
	}
	total := 0.0
	for u := 0; u <= n*m; u++ {
		total += ways(n, m, u)
	}
	c, sum := 0, 0.0
	for u := 0; ; u++ {
		if sum += ways(n, m, u) / total; sum > .025 {
			return c
		}
		c = u + 1
	}
}

// naiveSlope is the least-squares slope of log time on the size's logarithm to
// base 2, each direction with its own level, as a factor with its interval.
func naiveSlope(rows []row) (factor, lower, upper float64) {
	type point struct{ x, y float64 }
	groups := map[string][]point{}
	for _, r := range rows {
		if r.outcome == "replicated" || r.outcome == "gave_up" {
			groups[r.direction] = append(groups[r.direction], point{math.Log2(math.Max(1, float64(r.size))), math.Log(r.ms)})
		}
	}
	var centred []point
	for _, group := range groups {
		var middle point
		for _, p := range group {
			middle.x += p.x / float64(len(group))
			middle.y += p.y / float64(len(group))
		}
		for _, p := range group {
			centred = append(centred, point{p.x - middle.x, p.y - middle.y})
		}
	}
	var xx, xy, rest float64
	for _, p := range centred {
		xx, xy = xx+p.x*p.x, xy+p.x*p.y
	}
	slope := xy / xx
	for _, p := range centred {
		rest += (p.y - slope*p.x) * (p.y - slope*p.x)
	}
	free := float64(len(centred) - len(groups) - 1)
	width := naiveStudent(free) * math.Sqrt(rest/free/xx)
	return math.Exp(slope), math.Exp(slope - width), math.Exp(slope + width)
}

// naiveStudent is the 97.5 % point of Student's distribution, by summing its
// density up in small steps.
func naiveStudent(free float64) float64 {
	top, _ := math.Lgamma((free + 1) / 2)
	bottom, _ := math.Lgamma(free / 2)
	height := math.Exp(top-bottom) / math.Sqrt(free*math.Pi)
	const step = 1e-5
	sum := .5
	for t := step / 2; ; t += step {
		if sum += step * height * math.Pow(1+t*t/free, -(free+1)/2); sum >= .975 {
			return t + step/2
		}
	}
}
