package probe_test

import (
	"fmt"
	"math"
	"slices"
)

// The statistics again, from their textbook definitions, in the plainest way
// and without a thought for cost. Nothing here is shared with package stats.

type naive struct {
	n, left, held, late, heads, unknowns int
	of                                   map[string]int
	median, p90, p95, p99, longest       quoted
}

// quoted is a quantile as it may be quoted: +Inf among those that gave up, or a
// bound where nobody looked early enough. Where there are too few it says how
// many more it takes. The interval's upper end is +Inf among those that gave up;
// its lower end there is the longest time that anything was watched.
type quoted struct {
	ms           float64
	atMost       bool
	missing      int
	watched      float64 // the longest that anything was
	lower, upper float64
}

// cell is the quantile in a table, where it has an interval with it.
func (q quoted) cell(write func(float64) string) string {
	if q.missing > 0 {
		return q.text(write)
	}
	return q.text(write) + " (" + q.interval(write) + ")"
}

func (q quoted) text(write func(float64) string) string {
	switch {
	case q.missing > 0:
		return fmt.Sprintf("too few (%d more)", q.missing)
	case q.atMost:
		return "at most " + write(q.ms)
	case math.IsInf(q.ms, 1):
		return "over " + write(q.watched)
	}
	return write(q.ms)
}

func (q quoted) interval(write func(float64) string) string {
	switch {
	case math.IsInf(q.upper, 1):
		return "from " + write(q.lower)
	case q.lower == 0:
		return "up to " + write(q.upper)
	default:
		return write(q.lower) + " to " + write(q.upper)
	}
}

func naiveSummary(rows []row) naive {
	s := naive{of: map[string]int{}}
	var middles, lows, highs []float64
	watched := 0.0
	for _, r := range rows {
		s.of[r.outcome]++
		s.heads, s.unknowns = s.heads+r.heads, s.unknowns+r.unknowns
		if r.left {
			s.left++
		}
		if r.held {
			s.held++
		}
		if r.late {
			s.late++
		}
		switch r.outcome {
		case "replicated":
			middles, lows, highs = append(middles, r.ms), append(lows, r.low), append(highs, r.high)
		case "gave_up", "interrupted": // longer than every other: the limit is the same for all, and none was broken off before
			middles, lows, highs = append(middles, math.Inf(1)), append(lows, math.Inf(1)), append(highs, math.Inf(1))
		default:
			continue
		}
		watched = math.Max(watched, r.ms)
	}
	for _, list := range [][]float64{middles, lows, highs} {
		slices.Sort(list)
	}
	s.n = len(middles)
	quote := func(percent int) quoted {
		q := quoted{ms: math.Inf(1), watched: watched}
		lower, upper := naiveRanks(s.n, percent)
		if lower == 0 {
			p := float64(percent) / 100
			for n := s.n; math.Pow(p, float64(n))+math.Pow(1-p, float64(n)) > .05; n++ { // that all lie on one side
				q.missing++
			}
			return q
		}
		q.lower, q.upper = math.Min(lows[lower-1], watched), highs[upper-1]
		onHeld := false // either of the values that the estimate lies between
		for _, r := range rows {
			k := (percent*s.n + 99) / 100
			onHeld = onHeld || r.held && (r.ms == middles[k-1] || percent*s.n%100 == 0 && k < s.n && r.ms == middles[k])
		}
		onHeld = onHeld && !math.IsInf(naiveQuantile(middles, percent), 1)
		if lows[(percent*s.n+99)/100-1] == 0 || onHeld {
			q.ms, q.atMost = naiveQuantile(highs, percent), true
		} else {
			q.ms = naiveQuantile(middles, percent)
		}
		return q
	}
	s.median, s.p90, s.p95, s.p99 = quote(50), quote(90), quote(95), quote(99)
	if s.n == 0 {
		return s
	}
	s.longest = quoted{ms: middles[s.n-1]}
	for _, r := range rows {
		if r.left && r.high > middles[s.n-1] || r.held && r.ms == middles[s.n-1] {
			s.longest = quoted{ms: highs[s.n-1], atMost: true}
		}
	}
	return s
}

// fromPlan are the same rows counted from the planned instants; of what the
// first poll found still only the upper end is known.
func fromPlan(rows []row) []row {
	rows = slices.Clone(rows)
	for i := range rows {
		r := &rows[i]
		r.ms, r.high = r.ms+r.ahead, r.high+r.ahead
		if r.low > 0 {
			r.low += r.ahead
		}
	}
	return rows
}

// corrected are the rows without half a round trip to the origin.
func corrected(rows []row) []row {
	rows = slices.Clone(rows)
	for i := range rows {
		r := &rows[i]
		shift := r.corrected - r.ms
		r.ms, r.high = r.ms+shift, r.high+shift
		if r.low > 0 {
			r.low += shift
		}
	}
	return rows
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

// naiveRanks are the order statistics that enclose the percent-quantile with at
// least 95 %, for B binomial (n, percent): the smallest upper with P(B >= upper)
// <= 2.5 %, and the largest lower with P(B < lower) <= 2.5 %. Where not even
// the largest leaves so little above it is the upper end, and what it leaves is
// taken from the 5 % for both. 0 where that does not do.
func naiveRanks(n, percent int) (lower, upper int) {
	p := float64(percent) / 100
	chance := []float64{1} // of B = 0, 1, … after so many samples
	for range n {
		next := make([]float64, len(chance)+1)
		for b, is := range chance {
			next[b] += (1 - p) * is
			next[b+1] += p * is
		}
		chance = next
	}
	upper, above := n+1, 0.
	for upper > 1 && above+chance[upper-1] <= .025 {
		above += chance[upper-1]
		upper--
	}
	most, below := .025, 0.
	if upper > n {
		upper, most = n, .05-chance[n]
	}
	for lower < n && below+chance[lower] <= most {
		below += chance[lower]
		lower++
	}
	return lower, upper
}

// naiveSharesApart is the most by which the share of one size differs between
// two groups.
func naiveSharesApart(x, y []row) float64 {
	share := func(rows []row, size int64) float64 {
		of := pick(rows, func(r row) bool { return r.size == size })
		if len(of) == 0 {
			return 0
		}
		return float64(naiveCounted(of)) / float64(naiveCounted(rows))
	}
	most := 0.0
	for _, r := range append(append([]row{}, x...), y...) {
		most = max(most, math.Abs(share(x, r.size)-share(y, r.size)))
	}
	return most
}

// naiveCounted counts the times that enter an estimate.
func naiveCounted(rows []row) int {
	return len(pick(rows, func(r row) bool { return r.outcome == "replicated" || r.watchedOnly() }))
}

// watchedOnly: how long it took is not known, only that it took longer than ms.
func (r row) watchedOnly() bool { return r.outcome == "gave_up" || r.outcome == "interrupted" }

// naiveRatio is the Hodges-Lehmann estimate: the median of all ratios, with
// the interval that Mann and Whitney's statistic gives. Where more than a tenth
// of a group was found by its first poll the ends of the brackets make the
// interval, and the estimate is not known if these do not bound it.
func naiveRatio(x, y []row, kind string) (ratio, lower, upper float64) {
	times := func(rows []row, of func(row) float64, others float64) (ms []float64) {
		for _, r := range rows {
			switch {
			case r.outcome == "replicated":
				ms = append(ms, of(r))
			case r.watchedOnly():
				ms = append(ms, others)
			}
		}
		return ms
	}
	never := math.Inf(1)
	// All that is known of those that did not arrive: longer than the longest
	// time that anything was watched.
	watched := func(rows []row, of func(row) float64) (longest float64) {
		for _, r := range rows {
			switch {
			case r.outcome == "replicated":
				longest = math.Max(longest, of(r))
			case r.watchedOnly():
				longest = math.Max(longest, r.ms)
			}
		}
		return longest
	}
	low := func(r row) float64 {
		if r.held { // compared when the answer came
			return r.ms
		}
		return r.low
	}
	middle := func(r row) float64 { return r.ms }
	high := func(r row) float64 { return r.high }
	// A pair of two that gave up could be anything: small for the lower end,
	// large for the upper one, half of them each for the estimate.
	ratios := func(a, b []float64, both ...float64) (all []float64) {
		met := 0
		for _, from := range a {
			for _, to := range b {
				if math.IsInf(from, 1) && math.IsInf(to, 1) {
					all = append(all, both[met%len(both)])
					met++
				} else {
					all = append(all, to/from)
				}
			}
		}
		slices.Sort(all)
		return all
	}
	median := func(all []float64) float64 { return math.Sqrt(all[(len(all)-1)/2] * all[len(all)/2]) }
	xLow, xHigh, yLow, yHigh := middle, middle, middle, middle
	early := func(rows []row) bool {
		return 10*len(pick(rows, func(r row) bool { return r.low == 0 && !r.held && r.outcome == "replicated" })) > naiveSummary(rows).of["replicated"]
	}
	ends := early(x) || early(y) || naiveWide(x) || naiveWide(y)
	if ends {
		xLow, xHigh, yLow, yHigh = low, high, low, high
	}
	small := ratios(times(x, xHigh, never), times(y, yLow, watched(y, yLow)), 0)
	large := ratios(times(x, xLow, watched(x, xLow)), times(y, yHigh, never), math.Inf(1))
	ratio = median(ratios(times(x, middle, never), times(y, middle, never), math.Inf(1), 0))
	if ends && (median(ratios(times(x, xHigh, never), times(y, yLow, never), math.Inf(1), 0)) == 0 || math.IsInf(median(ratios(times(x, xLow, never), times(y, yHigh, never), math.Inf(1), 0)), 1)) {
		ratio = math.NaN()
	}
	// Only those count whose place is known: what arrived, and what did not
	// within the longest of these times.
	longest := 0.0
	for _, r := range append(append([]row{}, x...), y...) {
		if r.outcome == "replicated" {
			longest = math.Max(longest, r.ms)
		}
	}
	count := func(rows []row) int {
		return len(pick(rows, func(r row) bool { return r.outcome == "replicated" || r.watchedOnly() && r.ms >= longest }))
	}
	n, m := count(x), count(y)
	share := float64(naiveMannWhitney(n, m, naiveWidth(kind, 2/(1/float64(n)+1/float64(m))))) / float64(n*m)
	c := int(math.Round(share * float64(len(small))))
	return ratio, small[c-1], large[len(large)-c]
}

// naiveWide says whether the brackets of those that arrived are typically as long
// as the times: in the middle the upper ends lie at twice the lower ones. A held
// answer has its end for both.
func naiveWide(rows []row) bool {
	var lows, highs []float64
	for _, r := range pick(rows, func(r row) bool { return r.outcome == "replicated" }) {
		if highs = append(highs, r.high); r.held {
			r.low = r.ms
		}
		lows = append(lows, r.low)
	}
	slices.Sort(lows)
	slices.Sort(highs)
	return len(lows) > 0 && highs[len(highs)/2] >= 2*lows[len(lows)/2]
}

// naiveWidth is an interval's half width in standard errors: the normal one, or
// for every look the z at which Robbins' mixture of likelihood ratios, over
// shifts that are normal with a variance of 1/6, comes to 20. It is found by
// trying.
func naiveWidth(kind string, n float64) float64 {
	if kind == "one_look" {
		return 1.959964
	}
	const r = 6
	for z := 0.0; ; z += 1e-6 {
		if math.Sqrt(r/(n+r))*math.Exp(z*z*n/(2*(n+r))) >= 20 {
			return z
		}
	}
}

// naiveTail is what a normal distribution has beyond z, summed up.
func naiveTail(z float64) float64 {
	const step = 1e-5
	sum := 0.0
	for x := z + step/2; x < 12; x += step {
		sum += step * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
	}
	return sum
}

// naiveMannWhitney is the largest c with P(U <= c-1) no more than the normal
// tail beyond z, counted by the recursion of Mann and Whitney's paper (1947) up
// to 25 values each or as many orders, and by the normal law with U's mean and
// variance above.
func naiveMannWhitney(n, m int, z float64) int {
	if min(n, m)*n*m > 25*25*25 {
		product := float64(n * m)
		return int(math.Round(product/2 - z*math.Sqrt(product*float64(n+m+1)/12)))
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
	c, sum, tail := 0, 0.0, naiveTail(z)
	for u := 0; ; u++ {
		if sum += ways(n, m, u) / total; sum > tail {
			return c
		}
		c = u + 1
	}
}
