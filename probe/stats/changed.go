package stats

import (
	"math"
	"slices"

	"bothways/aws/pair"
	"bothways/probe"
)

// A level that changed within a run is evidence of how few stretches the run saw:
// of a direction that was slow for its first half nobody knows how often it is. So
// what rests on levels is as uncertain as so few of them tell, and no more than
// if any of those that were seen were the only one.

// apartLevels looks for changes by the scores. It makes no allowance for neighbours
// that are alike, as to take these for changes only widens. Simulated with
// independent delays it finds one in 1 to 3 % of the runs of 72 to 1,000 times.
var apartLevels = search{fewest: 5, far: 3.2, many: 72, growth: .2}

// apartFrom is how many standard errors a change of a direction is beside the other's at
// that time, to count as its own.
const apartFrom = 1.65

// wobble is what changes of level leave open of the logarithm of a time, or of a ratio.
type wobble struct {
	variance, free float64 // by the levels that were seen, with Student's degrees of freedom
}

// half is half the width of an interval of so many standard errors; 0 where no level changed.
func (w wobble) half(width float64) float64 {
	if w.variance == 0 {
		return 0
	}
	return studentNear(width, w.free) * math.Sqrt(w.variance)
}

// wobbleOf takes each level for one value: the variance of their weighted mean.
func wobbleOf(logs []float64, cuts []int) wobble {
	total, levels, weights := 0.0, make([]float64, 0, len(cuts)+1), make([]float64, 0, len(cuts)+1)
	for _, part := range cutAt(logs, cuts) {
		sorted := slices.Sorted(slices.Values(part))
		levels = append(levels, (sorted[(len(part)-1)/2]+sorted[len(part)/2])/2)
		weights = append(weights, float64(len(part))/float64(len(logs)))
		total += levels[len(levels)-1] * weights[len(levels)-1]
	}
	if len(levels) < 2 {
		return wobble{}
	}
	sum, free := 0.0, float64(len(levels)-1)
	for i, l := range levels {
		sum += weights[i] * weights[i] * (l - total) * (l - total)
	}
	return wobble{sum * (free + 1) / free, free}
}

// plus is of a difference (Satterthwaite 1946).
func (w wobble) plus(other wobble) wobble {
	if w.variance == 0 || other.variance == 0 {
		return wobble{w.variance + other.variance, w.free + other.free}
	}
	sum := w.variance + other.variance
	return wobble{sum, sum * sum / (w.variance*w.variance/w.free + other.variance*other.variance/other.free)}
}

func cutAt[T any](values []T, cuts []int) [][]T {
	parts := make([][]T, 0, len(cuts)+1)
	from := 0
	for _, end := range append(slices.Clone(cuts), len(values)) {
		parts = append(parts, values[from:end])
		from = end
	}
	return parts
}

func (all series) logs() []float64 {
	logs := make([]float64, len(all))
	for i, m := range all {
		logs[i] = math.Log(max(m.time(), shortest))
	}
	return logs
}

// levels are what changes of level leave open of the ratio of the directions, and
// the starts at which they changed. What changed in both at once counts for nothing.
func (o *order) levels() (left wobble, starts []float64) {
	x, y, ux, uy := o.times[0], o.times[1], o.scores[0], o.scores[1]
	if len(x) == 0 || len(y) == 0 {
		return left, nil
	}
	d := inRounds(x, y, ux, uy)
	if len(d) >= fewestInRounds && sharedOf(ux, uy, d).seen {
		cuts := apartLevels.changes(d)
		for _, c := range cuts {
			starts = append(starts, y[len(y)-len(d)+c].start)
		}
		return wobbleOf(inRounds(x, y, x.logs(), y.logs()), cuts), starts
	}
	for _, of := range pair.Directions() {
		cuts := o.own(of)
		for _, c := range cuts {
			starts = append(starts, o.times[of][c].start)
		}
		left = left.plus(wobbleOf(o.times[of].logs(), cuts))
	}
	slices.Sort(starts)
	return left, starts
}

// own are the changes of a direction that the other did not make at that time.
func (o *order) own(d pair.Direction) []int {
	cuts := apartLevels.changes(o.scores[d])
	edges := append(append([]int{0}, cuts...), len(o.times[d]))
	var own []int
	for i, c := range cuts {
		from, to := o.times[d][edges[i]].start, math.Inf(1)
		if end := edges[i+2]; end < len(o.times[d]) {
			to = o.times[d][end].start
		}
		by, error1 := step(o.scores[d][edges[i]:c], o.scores[d][c:edges[i+2]])
		along, error2 := step(o.within(1-d, from, o.times[d][c].start), o.within(1-d, o.times[d][c].start, to))
		if math.Abs(by-along) >= apartFrom*math.Sqrt(error1+error2) {
			own = append(own, c)
		}
	}
	return own
}

// step is by how much the mean after is higher, with its variance: 0 of nothing.
func step(before, after []float64) (by, squared float64) {
	if len(before) == 0 || len(after) == 0 {
		return 0, 0
	}
	return mean(after) - mean(before), variance(before, after) * (1/float64(len(before)) + 1/float64(len(after)))
}

// within are the scores of what started from then to before then.
func (o *order) within(d pair.Direction, from, to float64) []float64 {
	first, last := o.times[d].span(from, to)
	return o.scores[d][first:last]
}

func (all series) span(from, to float64) (first, last int) {
	at := func(start float64) int {
		i, _ := slices.BinarySearchFunc(all, start, func(m moment, s float64) int {
			if m.start < s {
				return -1
			}
			return 1
		})
		return i
	}
	return at(from), at(to)
}

// seenRatios are the lowest and the highest end of the ratio's intervals in stretches between
// starts.
func (o *order) seenRatios(starts []float64, looks Looks) (low, high float64) {
	low, high = math.Inf(1), 0
	from := math.Inf(-1)
	for _, to := range append(slices.Clone(starts), math.Inf(1)) {
		var parts [2]series
		for d, all := range o.times {
			first, last := all.span(from, to)
			parts[d] = all[first:last]
		}
		from = to
		n, m := len(parts[0]), len(parts[1])
		if min(n, m) < fewestPerDirection {
			continue
		}
		s := scaled{x: parts[0].logTimes(), y: parts[1].logTimes(), width: looks.widthAt(harmonic(n, m))}
		if len(s.x.censored)+len(s.y.censored) == 0 {
			s.exact = s.width * uncensoredError(n, m)
		}
		low, high = min(low, s.lower()), max(high, s.upper())
	}
	return low, high
}

func (all series) logTimes() logTimes {
	t := logTimes{perEvent: 1, perOther: 1}
	for i, l := range all.logs() {
		if all[i].censored() {
			t.censored = append(t.censored, l)
		} else {
			t.events = append(t.events, l)
		}
	}
	slices.Sort(t.events)
	slices.Sort(t.censored)
	return t
}

// leaveOpen widens the interval of the measured times' ratio by what changes of level
// leave open, and that of the same times corrected by as much.
func (o *order) leaveOpen(v *Verdict, measured float64, looks Looks) (widened bool) {
	if !v.Enough {
		return false
	}
	left, starts := o.levels()
	if left.variance == 0 {
		return false
	}
	low, high, by := 0.0, math.Inf(1), 1.0
	if v.estimated() {
		half := left.half(looks.widthAt(harmonic(v.N[0], v.N[1])))
		low, high = v.Ratio*math.Exp(-half), v.Ratio*math.Exp(half)
		by = v.Ratio / measured
	}
	if low >= v.Lower && high <= v.Upper {
		return false
	}
	lowest, highest := o.seenRatios(starts, looks)
	low, high = max(low, by*lowest), min(high, by*highest)
	if low >= v.Lower && high <= v.Upper {
		return false
	}
	v.Lower, v.Upper = noBelow(min(v.Lower, low)), noAbove(max(v.Upper, high))
	v.Shown = v.Lower > 1 || v.Upper < 1
	v.WouldShow, v.TooFewForPower = 0, false
	if v.estimated() && !v.boundedInterval() && v.Reason == "" {
		v.Reason = TooShort
	}
	return true
}

// openMedian widens a median's interval in the same way.
func (o *order) openMedian(d pair.Direction, q *Quantile) {
	cuts := apartLevels.changes(o.scores[d])
	if len(cuts) == 0 || q.State == NotEnough {
		return
	}
	half := wobbleOf(o.times[d].logs(), cuts).half(z975)
	lowest, highest := math.Inf(1), 0.0
	for _, part := range cutAt(o.times[d], cuts) {
		var g lifetimes
		for _, m := range part {
			if m.censored() {
				g.censored.add(m.time())
			} else {
				g.events.add(m.time())
			}
		}
		n := max(fewestFor(.5), len(part))
		lower, upper, _ := rankInterval(n, .5)
		low, arrived := g.quantile(float64(lower)/float64(n), false)
		if !arrived {
			low = g.longest()
		}
		high, arrived := g.quantile(float64(upper)/float64(n), false)
		if !arrived {
			high = math.Inf(1)
		}
		lowest, highest = min(lowest, low), max(highest, high)
	}
	value := float64(q.Value) / float64(probe.Duration(1))
	q.Lower = min(q.Lower, probe.Duration(max(lowest, value*math.Exp(-half))))
	switch high := min(highest, value*math.Exp(half)); {
	case q.Open:
	case high > o.longest(d): // past what was watched
		q.Open, q.Upper = true, max(q.Upper, probe.Duration(o.longest(d)))
	default:
		q.Upper = max(q.Upper, probe.Duration(high))
	}
}

func (o *order) longest(d pair.Direction) float64 {
	longest := 0.0
	for _, m := range o.times[d] {
		longest = max(longest, m.time())
	}
	return longest
}
