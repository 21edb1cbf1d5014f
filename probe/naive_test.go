// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"fmt"
	"math"
	"slices"
)

// The statistics again, from their textbook definitions, in the plainest way
// and without a thought for cost. Nothing here is shared with package stats.

type naive struct {
	inflation                                   float64 // of the variance of a mean
	worth, n, left, held, late, heads, unknowns int
	of                                          map[string]int
	median, p90, p95, p99, longest              quoted
}

// quoted is a quantile as it may be quoted: +Inf among those that gave up, or a
// bound where nobody looked early enough. Where there are too few it says how
// many more it takes. The interval's upper end is +Inf among those that gave up;
// its lower end there is what that quantile would be, had each arrived when it was last watched.
type quoted struct {
	ms           float64
	atMost       bool
	missing      int
	none, bursts bool    // there are too few, or too few bursts
	over         float64 // what it exceeds at least, among those that gave up
	lower, upper float64
}

// cell is the quantile in a table, where it has an interval with it.
func (q quoted) cell(write func(float64) string) string {
	if q.none {
		return q.text(write)
	}
	return q.text(write) + " (" + q.interval(write) + ")"
}

func (q quoted) text(write func(float64) string) string {
	switch {
	case q.missing > 0:
		return fmt.Sprintf("too few (%d more)", q.missing)
	case q.bursts:
		return "too few bursts"
	case q.atMost:
		return "at most " + write(q.ms)
	case math.IsInf(q.ms, 1):
		return "over " + write(q.over)
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

// naiveSummary is of rows of one direction; beside are those of the other one,
// which tell how alike neighbours are, too.
func naiveSummary(rows, beside []row) naive {
	return naiveSummaryOf(rows, naiveAround(rows, beside), true)
}

// naiveAround is how alike the times of one direction are around their middle.
func naiveAround(rows, beside []row) alike {
	var order [][]float64
	for _, of := range [][]row{rows, beside} {
		if scores := naiveScores(of); len(scores) > 0 {
			order = append(order, scores)
		}
	}
	return naiveAlike(order...)
}

// naiveSummaryOf is naiveSummary where the middle is so alike; own: the other
// quantiles have their own.
func naiveSummaryOf(rows []row, middle alike, own bool) naive {
	s := naive{of: map[string]int{}}
	var middles, lows, highs []float64
	var atLeast []float64 // as if each ended where it was last watched
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
		atLeast = append(atLeast, r.ms)
	}
	for _, list := range [][]float64{middles, lows, highs, atLeast} {
		slices.Sort(list)
	}
	s.n = len(middles)
	s.inflation = 1
	if middle.seen {
		s.inflation = math.Max(1, middle.taken)
		s.worth = max(1, naiveWorth(s.n, middle.said))
	}
	quote := func(percent int) quoted {
		q := quoted{ms: math.Inf(1)}
		ranked, bursts := naiveRanked(s.n, percent, middle), middle.seen
		if own && percent != 50 && s.n > 0 && !math.IsInf(naiveQuantile(middles, percent), 1) {
			var below []float64
			for _, r := range naiveOrder(rows) {
				below = append(below, 0)
				if r.outcome == "replicated" && r.ms <= naiveQuantile(middles, percent) {
					below[len(below)-1] = 1
				}
			}
			how := naiveAlike(below)
			if middle.seen {
				how = alike{math.Max(how.said, middle.said), math.Max(how.taken, middle.taken), true}
			}
			ranked, bursts = naiveRanked(s.n, percent, how), how.seen
		}
		lower, upper := naiveRanks(ranked, percent)
		if lower == 0 {
			q.bursts = (bursts || percent == 50) && s.n >= naiveFewest(50)
			for !q.bursts && q.missing+s.n < naiveFewest(percent) { // all of them may lie on one side
				q.missing++
			}
			q.none = true
			return q
		}
		// The smallest values that as large a share does not exceed.
		lower, upper = (lower*s.n+ranked-1)/ranked, (upper*s.n+ranked-1)/ranked
		q.lower, q.upper = lows[lower-1], highs[upper-1]
		if math.IsInf(q.lower, 1) {
			q.lower = atLeast[lower-1]
		}
		q.over = naiveQuantile(atLeast, percent)
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
		if own && percent == 50 {
			naiveOpenMedian(&q, rows)
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

// naiveFewest is from how many on an interval of the percent-quantile is: all of fewer may lie on one side.
func naiveFewest(percent int) int {
	p, n := float64(percent)/100, 1
	for math.Pow(p, float64(n))+math.Pow(1-p, float64(n)) > .05 {
		n++
	}
	return n
}

// naiveRanked is of how many independent values the ranks are taken.
func naiveRanked(n, percent int, how alike) int {
	worth := naiveWorth(n, how.taken)
	if fewest := naiveFewest(percent); n >= 3*fewest && n < 48 && worth < fewest {
		return 0
	}
	if how.seen && (percent != 50 || worth < 4) {
		return worth
	}
	return min(n, max(worth, naiveFewest(percent)))
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
