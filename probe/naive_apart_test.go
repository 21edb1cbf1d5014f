// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"fmt"
	"math"
	"slices"
)

// What changes of level leave open, from its description in docs/method.md.

var naiveApart = naiveSearch{fewest: 5, apart: 3.2, many: 72, grows: .2}

// naiveShared says whether two directions are slow in the same rounds, with what is
// left of values within these, and the rows of y in them.
func naiveShared(x, y []row, of func([]row) []float64) (differences []float64, in []row, shared bool) {
	within := func(of func([]row) []float64) (list []float64) {
		round, in2 := map[string]float64{}, []row{}
		for i, v := range of(x) {
			r := naiveOrder(x)[i]
			round[fmt.Sprint(r.round, r.size)] = v
		}
		for i, v := range of(y) {
			r := naiveOrder(y)[i]
			if other, both := round[fmt.Sprint(r.round, r.size)]; both {
				list, in2 = append(list, v-other), append(in2, r)
			}
		}
		in = in2
		return list
	}
	a, b, d := naiveScores(x), naiveScores(y), within(naiveScores)
	for size, n := 1, min(len(a), len(b), len(d)); n >= 12 && n/size >= 12; size *= 2 {
		of := func(values []float64) []float64 { return naiveMeans(size, values[len(values)-n:]) }
		common := 1 - naiveVariance(of(d))/(naiveVariance(of(a))+naiveVariance(of(b)))
		phi := naivePhi(of(a), of(b))
		shared = shared || common*math.Sqrt(float64(n/size)*(1-phi*phi)/(1+phi*phi)) > 2
	}
	return within(of), in, shared
}

func naiveLogs(rows []row) (logs []float64) {
	for _, r := range naiveOrder(rows) {
		logs = append(logs, math.Log(math.Max(r.ms, 1e-3)))
	}
	return logs
}

func naiveParts[T any](values []T, cuts []int) (parts [][]T) {
	edges := append(append([]int{0}, cuts...), len(values))
	for i := range len(cuts) + 1 {
		parts = append(parts, values[edges[i]:edges[i+1]])
	}
	return parts
}

// naiveWobble is the variance of the mean of levels by how they differ, each a value of
// its weight, and its degrees of freedom.
func naiveWobble(logs []float64, cuts []int) (variance, free float64) {
	if len(cuts) == 0 {
		return 0, 0
	}
	sum, levels := 0.0, []float64{}
	for _, part := range naiveParts(logs, cuts) {
		part = slices.Clone(part)
		slices.Sort(part)
		levels = append(levels, naiveQuantile(part, 50))
		sum += levels[len(levels)-1] * float64(len(part)) / float64(len(logs))
	}
	for i, part := range naiveParts(logs, cuts) {
		off := (levels[i] - sum) * float64(len(part)) / float64(len(logs))
		variance += off * off
	}
	free = float64(len(cuts))
	return variance * (free + 1) / free, free
}

// naiveOwn are the cuts of x at which y does not change as much.
func naiveOwn(x, y []row) (own []int) {
	scores, others, in, beside := naiveScores(x), naiveScores(y), naiveOrder(x), naiveOrder(y)
	cuts := naiveChanges(scores, naiveApart)
	for i, c := range cuts {
		from, to := 0, len(in)
		if i > 0 {
			from = cuts[i-1]
		}
		if i+1 < len(cuts) {
			to = cuts[i+1]
		}
		var before, after []float64
		for k, r := range beside {
			switch {
			case r.started < in[from].started || to < len(in) && r.started >= in[to].started:
			case r.started < in[c].started:
				before = append(before, others[k])
			default:
				after = append(after, others[k])
			}
		}
		by := naiveMiddle(scores[c:to]) - naiveMiddle(scores[from:c])
		noise := naiveVariance(scores[from:c], scores[c:to]) * (1/float64(c-from) + 1/float64(to-c))
		if len(before) > 0 && len(after) > 0 {
			by -= naiveMiddle(after) - naiveMiddle(before)
			noise += naiveVariance(before, after) * (1/float64(len(before)) + 1/float64(len(after)))
		}
		if by*by >= 1.65*1.65*noise {
			own = append(own, c)
		}
	}
	return own
}

// naiveOpen is by what the logarithm of a ratio may be off, and the ends of the ratios that were seen.
type naiveOpen struct{ half, low, high float64 }

func naiveOpenRatio(x, y []row, kind string) naiveOpen {
	var starts []float64
	var variance, free float64
	if logs, in, shared := naiveShared(x, y, naiveLogs); shared {
		scores, _, _ := naiveShared(x, y, naiveScores)
		cuts := naiveChanges(scores, naiveApart)
		for _, c := range cuts {
			starts = append(starts, in[c].started)
		}
		variance, free = naiveWobble(logs, cuts)
	} else {
		squares := 0.0
		for _, of := range [][2][]row{{x, y}, {y, x}} {
			cuts := naiveOwn(of[0], of[1])
			for _, c := range cuts {
				starts = append(starts, naiveOrder(of[0])[c].started)
			}
			if v, f := naiveWobble(naiveLogs(of[0]), cuts); f > 0 {
				variance, squares = variance+v, squares+v*v/f
			}
		}
		free = variance * variance / squares
	}
	if variance == 0 {
		return naiveOpen{}
	}
	n, m := float64(len(naiveOrder(x))), float64(len(naiveOrder(y)))
	open := naiveOpen{naiveStudentNear(naiveWidth(kind, 2/(1/n+1/m)), free) * math.Sqrt(variance), math.Inf(1), 0}
	slices.Sort(starts)
	edges := append(append([]float64{math.Inf(-1)}, starts...), math.Inf(1))
	for i := range len(starts) + 1 {
		in := func(r row) bool { return r.started >= edges[i] && r.started < edges[i+1] }
		a, b := pick(naiveOrder(x), in), pick(naiveOrder(y), in)
		if len(a) < 4 || len(b) < 4 {
			continue
		}
		low, high := naivePlain(a, b, naiveWidth(kind, 2/(1/float64(len(a))+1/float64(len(b)))))
		open.low, open.high = math.Min(open.low, low), math.Max(open.high, high)
	}
	return open
}

func (open naiveOpen) widen(ratio, lower, upper, by float64) (float64, float64) {
	if open.half == 0 {
		return lower, upper
	}
	low, high := by*open.low, by*open.high
	if !math.IsNaN(ratio) {
		low, high = math.Max(low, ratio*math.Exp(-open.half)), math.Min(high, ratio*math.Exp(open.half))
	} else {
		low, high = open.low, open.high
	}
	if lower = math.Min(lower, low); lower < 1e-5 {
		lower = 0
	}
	if upper = math.Max(upper, high); upper > 1e5 {
		upper = math.Inf(1)
	}
	return lower, upper
}

// naiveOpenMedian widens a median's interval to the levels that were seen.
func naiveOpenMedian(q *quoted, rows []row) {
	in := naiveOrder(rows)
	cuts := naiveChanges(naiveScores(rows), naiveApart)
	variance, free := naiveWobble(naiveLogs(rows), cuts)
	if variance == 0 {
		return
	}
	half := naiveStudentNear(1.959964, free) * math.Sqrt(variance)
	low, high, longest := math.Inf(1), 0.0, 0.0
	for _, part := range naiveParts(in, cuts) {
		var times []float64
		watched := 0.0
		for _, r := range part {
			watched = math.Max(watched, r.ms)
			if r.watchedOnly() {
				r.ms = math.Inf(1)
			}
			times = append(times, r.ms)
		}
		slices.Sort(times)
		longest = math.Max(longest, watched)
		n := max(6, len(times))
		lower, upper := naiveRanks(n, 50)
		from, to := times[(lower*len(times)+n-1)/n-1], times[(upper*len(times)+n-1)/n-1]
		if math.IsInf(from, 1) {
			from = watched
		}
		low, high = math.Min(low, from), math.Max(high, to)
	}
	value := q.ms
	if math.IsInf(value, 1) {
		value = q.over
	}
	q.lower = math.Min(q.lower, math.Max(low, value*math.Exp(-half)))
	if high = math.Min(high, value*math.Exp(half)); high > longest {
		high = math.Inf(1)
	}
	q.upper = math.Max(q.upper, high)
}
