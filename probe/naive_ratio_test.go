// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"math"
	"slices"
)

// naiveTimes are what is compared of rows: the times that of picks of those that
// arrived, and how long the others were watched.
func naiveTimes(rows []row, of func(row) float64) (times []naiveTime) {
	for _, r := range rows {
		switch {
		case r.outcome == "replicated":
			times = append(times, naiveTime{math.Log(math.Max(of(r), 1e-3)), true})
		case r.watchedOnly():
			times = append(times, naiveTime{math.Log(math.Max(r.ms, 1e-3)), false})
		}
	}
	return times
}

type naiveTime struct {
	log     float64
	arrived bool
}

// naiveGehan counts the pairs of which is known that y takes longer than x
// stretched by shift, less those of which is known that it takes less, with the
// variance of that number where there is no difference: at every arrival what
// the shares of both groups still watched make of it.
func naiveGehan(x, y []naiveTime, shift float64) (u, variance, arrivals float64) {
	var all []float64
	for _, a := range x {
		if a.arrived {
			all = append(all, a.log+shift)
		}
		for _, b := range y {
			if a.arrived && (b.log >= a.log+shift) {
				u++
			}
			if b.arrived && (a.log+shift >= b.log) {
				u--
			}
		}
	}
	for _, b := range y {
		if b.arrived {
			all = append(all, b.log)
		}
	}
	slices.Sort(all)
	for _, at := range slices.Compact(slices.Clone(all)) {
		ends, n, m := 0., 0., 0.
		for _, other := range all {
			if other == at {
				ends++
			}
		}
		for _, a := range x {
			if a.log+shift >= at {
				n++
			}
		}
		for _, b := range y {
			if b.log >= at {
				m++
			}
		}
		if n == 0 || m == 0 {
			continue
		}
		arrivals += ends
		if n+m > ends {
			variance += n * m * ends * (n + m - ends) / (n + m - 1)
		}
	}
	return u, variance, arrivals
}

// naiveRatio is the change of scale at which Gehan's statistic sees no
// difference, with those that it does not reject. Where more than a tenth of a
// group was found by its first poll, or brackets are as long as the times, the ends of the
// brackets make the interval, and the estimate is not known if these do not bound it.
func naiveRatio(x, y []row, kind string, how alike) (ratio, lower, upper float64) {
	low := func(r row) float64 {
		if r.held {
			return r.ms
		}
		return r.low
	}
	middle := func(r row) float64 { return r.ms }
	high := func(r row) float64 { return r.high }
	xLow, xHigh, yLow, yHigh := middle, middle, middle, middle
	vague := naiveVague(x) || naiveVague(y)
	if vague {
		xLow, xHigh, yLow, yHigh = low, high, low, high
	}
	n, m := naiveKnown(x), naiveKnown(y)
	each := 2 / (1/float64(n) + 1/float64(m))
	width := naiveWidth(kind, each) * math.Sqrt(how.taken)
	if kind == "one_look" {
		width *= 1 - .5/math.Sqrt(each) - (math.Max(.5, 12/each-.5)-.5)/14
	}
	rejects := naiveRejects(x, y, width)
	end := naiveEnd
	zero := func(a, b []naiveTime) float64 {
		return math.Exp((end(func(s float64) bool { u, _, _ := naiveGehan(a, b, s); return u > 0 }) + end(func(s float64) bool { u, _, _ := naiveGehan(a, b, s); return u >= 0 })) / 2)
	}
	ratio = zero(naiveTimes(x, middle), naiveTimes(y, middle))
	least, most := zero(naiveTimes(x, xHigh), naiveTimes(y, yLow)), zero(naiveTimes(x, xLow), naiveTimes(y, yHigh))
	if vague && (least < 1e-5 || most > 1e5) {
		ratio = math.NaN()
	}
	lower = math.Exp(end(func(s float64) bool { return rejects(naiveTimes(x, xHigh), naiveTimes(y, yLow), s, 1) }))
	upper = math.Exp(end(func(s float64) bool { return !rejects(naiveTimes(x, xLow), naiveTimes(y, yHigh), s, -1) }))
	if lower < 1e-5 {
		lower = 0
	}
	if upper > 1e5 {
		upper = math.Inf(1)
	}
	return ratio, lower, upper
}

// naiveRejects says whether Gehan's test of x stretched by shift and y finds the latter longer (sign 1), or shorter.
func naiveRejects(x, y []row, width float64) func(a, b []naiveTime, shift, sign float64) bool {
	n, m := naiveKnown(x), naiveKnown(y)
	all := len(pick(append(append([]row{}, x...), y...), row.watchedOnly)) == 0
	return func(a, b []naiveTime, shift, sign float64) bool {
		u, variance, arrivals := naiveGehan(a, b, shift)
		if all {
			return sign*u > width*math.Sqrt(float64(n)*float64(m)*float64(n+m+1)/3)
		}
		return sign*u > 0 && arrivals >= 4 && sign*u > naiveStudentNear(width, arrivals-1)*math.Sqrt(variance)
	}
}

// naiveEnd is where what is true of small changes of scale ends.
func naiveEnd(is func(shift float64) bool) float64 {
	const most = 30
	if !is(-most) {
		return math.Inf(-1)
	}
	if is(most) {
		return math.Inf(1)
	}
	from, to := -float64(most), float64(most)
	for range 60 {
		if half := (from + to) / 2; is(half) {
			from = half
		} else {
			to = half
		}
	}
	return from
}

// naivePlain is the ratio's interval of times that count as independent.
func naivePlain(x, y []row, width float64) (lower, upper float64) {
	rejects := naiveRejects(x, y, width)
	middle := func(r row) float64 { return r.ms }
	a, b := naiveTimes(x, middle), naiveTimes(y, middle)
	lower = math.Exp(naiveEnd(func(s float64) bool { return rejects(a, b, s, 1) }))
	upper = math.Exp(naiveEnd(func(s float64) bool { return !rejects(a, b, s, -1) }))
	return lower, upper
}

// naiveVague: the middles stand for nothing.
func naiveVague(rows []row) bool {
	arrived := pick(rows, func(r row) bool { return r.outcome == "replicated" })
	return naiveWide(rows) || 10*len(pick(arrived, func(r row) bool { return r.low == 0 && !r.held })) > len(arrived)
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

// naiveKnown counts the rows of which is known on which side of their middle
// they lie. More than half arrived, in these runs.
func naiveKnown(own []row) int {
	var times []float64
	for _, r := range own {
		if r.outcome == "replicated" {
			times = append(times, r.ms)
		} else if r.watchedOnly() {
			times = append(times, math.Inf(1))
		}
	}
	slices.Sort(times)
	median := naiveQuantile(times, 50)
	return len(pick(own, func(r row) bool { return r.outcome == "replicated" || r.watchedOnly() && r.ms >= median }))
}

// naiveStudentNear is Student's point of which the normal one is z, by Fisher's
// expansion to the second order.
func naiveStudentNear(z, free float64) float64 {
	cube := z * z * z
	return z + (cube+z)/(4*free) + (5*cube*z*z+16*cube+3*z)/(96*free*free)
}
