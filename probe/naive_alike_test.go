// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// How alike neighbours are, from its description in docs/method.md and once more
// without a thought for cost.

// naiveOrder are the rows with a time, by their starts, and of one start by size.
func naiveOrder(rows []row) []row {
	rows = pick(rows, func(r row) bool { return r.outcome == "replicated" || r.watchedOnly() && r.ms > 0 })
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.started, b.started), cmp.Compare(a.size, b.size))
	})
	return rows
}

// naiveScores are Wilcoxon's, in the order of the starts: what Kaplan and Meier's
// curve has left before each time and after it.
func naiveScores(rows []row) []float64 {
	rows = naiveOrder(rows)
	var times []float64
	for _, r := range rows {
		times = append(times, r.ms)
	}
	slices.Sort(times)
	before, after := map[float64]float64{}, map[float64]float64{}
	left := 1.0
	for _, at := range slices.Compact(times) {
		ends, risk := 0.0, 0.0
		for _, r := range rows {
			if r.ms >= at {
				risk++
			}
			if r.ms == at && r.outcome == "replicated" {
				ends++
			}
		}
		before[at] = left
		left *= 1 - ends/risk
		after[at] = left
	}
	var scores []float64
	for _, r := range rows {
		score := 1 - after[r.ms]
		if r.outcome == "replicated" {
			score -= before[r.ms]
		}
		scores = append(scores, score)
	}
	return scores
}

// centred are the values about their mean.
func centred(values []float64) []float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	values = slices.Clone(values)
	for i := range values {
		values[i] -= sum / float64(len(values))
	}
	return values
}

// naiveVariance and naivePhi are of several series, each about its own mean; phi
// with Marriott and Pope's correction of its bias.
func naiveVariance(all ...[]float64) float64 {
	sum, free := 0.0, 0.0
	for _, series := range all {
		for _, v := range centred(series) {
			sum += v * v
		}
		free += float64(len(series)) - 1
	}
	return sum / free
}

func naivePhi(all ...[]float64) float64 {
	neighbours, squares, n := 0.0, 0.0, 0.0
	for _, series := range all {
		series = centred(series)
		for i := range series {
			squares += series[i] * series[i]
			if i+1 < len(series) {
				neighbours += series[i] * series[i+1]
			}
		}
		n += float64(len(series)) / float64(len(all))
	}
	return math.Max(-.98, math.Min(.98, (neighbours/squares+1/n)/math.Max(.5, 1-4/n)))
}

// naiveMeans are those of so many neighbours each, counted from the last.
func naiveMeans(size int, values []float64) (means []float64) {
	for end := len(values); end >= size; end -= size {
		sum := 0.0
		for _, v := range values[end-size : end] {
			sum += v
		}
		means = slices.Insert(means, 0, sum/float64(size))
	}
	return means
}

// alike is by which factors the variance of a mean is larger than of independent
// values, as it is said and as intervals take it.
type alike struct {
	said, taken float64
	seen        bool
}

func naiveAlike(all ...[]float64) alike {
	n, longest := 0, 0
	for _, series := range all {
		n, longest = n+len(series), max(longest, len(series))
	}
	if longest < 4 || naiveVariance(all...) == 0 {
		return alike{said: 1, taken: 1}
	}
	each := float64(n) / float64(len(all))
	phi := naivePhi(all...)
	a := alike{said: 1, taken: 1, seen: phi*math.Max(.5, 1-4/each) > 1.5/math.Sqrt(float64(n))}
	ratio := func(phi float64) float64 {
		phi = math.Max(0, math.Min(.98, phi))
		return (1 + phi) / (1 - phi)
	}
	a.taken = math.Pow(ratio(phi+math.Max(.5, 12/each-.5)/math.Sqrt(float64(n))), 1+4/each)
	largest := ratio(phi)
	for size := 2; longest/size >= 12; size *= 2 {
		var means [][]float64
		count := 0
		for _, series := range all {
			means = append(means, naiveMeans(size, series))
			count += len(series) / size
		}
		between := float64(size) * naiveVariance(means...) / naiveVariance(all...)
		a.seen = a.seen || between > 1+3*math.Sqrt(2/float64(count))
		largest = math.Max(largest, between*ratio(math.Min(.8, naivePhi(means...))))
	}
	if a.seen {
		a.said, a.taken = largest, math.Max(largest, a.taken)
	}
	return a
}

// naiveTogether is that of a difference of two directions, without what slows
// both in the same rounds.
func naiveTogether(x, y []row) alike {
	a, b := naiveScores(x), naiveScores(y)
	result := naiveAlike(a, b)
	if !result.seen {
		return result
	}
	round := map[string]float64{}
	for i, r := range naiveOrder(x) {
		round[fmt.Sprint(r.round, r.size)] = a[i]
	}
	var differences []float64
	for i, r := range naiveOrder(y) {
		if other, both := round[fmt.Sprint(r.round, r.size)]; both {
			differences = append(differences, b[i]-other)
		}
	}
	if len(differences) < 12 {
		return result
	}
	shared, n := false, min(len(a), len(b), len(differences))
	for size := 1; n/size >= 12; size *= 2 {
		of := func(values []float64) []float64 { return naiveMeans(size, values[len(values)-n:]) }
		common := 1 - naiveVariance(of(differences))/(naiveVariance(of(a))+naiveVariance(of(b)))
		phi := naivePhi(of(a), of(b))
		shared = shared || common*math.Sqrt(float64(n/size)*(1-phi*phi)/(1+phi*phi)) > 2
	}
	if !shared {
		return result
	}
	left := naiveVariance(differences) / (naiveVariance(a) + naiveVariance(b))
	within := naiveAlike(differences)
	result.said = math.Min(result.said, math.Max(.5, left*within.said))
	result.taken = math.Min(result.taken, math.Max(.5, left*within.taken))
	return result
}

// naiveWorth is how many independent values n are worth.
func naiveWorth(n int, factor float64) int {
	return int(math.Floor(float64(n)/math.Max(1, factor) + 1e-9))
}
