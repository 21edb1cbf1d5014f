// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"math"
	"slices"
	"testing"

	"bothways/probe/stats"
)

// naiveArea is the area under the Kaplan-Meier curve of weighted values, drawn
// step by step up to the longest of them.
func naiveArea(rows []row, of func(row) float64, weight []float64) float64 {
	type value struct {
		ms, weight float64
		arrived    bool
	}
	var values []value
	for i, r := range rows {
		v := value{r.ms, weight[i], r.outcome == "replicated"}
		if v.arrived {
			v.ms = of(r)
		}
		values = append(values, v)
	}
	slices.SortFunc(values, func(a, b value) int {
		switch {
		case a.ms < b.ms || a.ms == b.ms && a.arrived && !b.arrived:
			return -1
		case a.ms > b.ms || a.ms == b.ms && b.arrived && !a.arrived:
			return 1
		}
		return 0
	})
	area, height, from := 0.0, 1.0, 0.0
	for i, v := range values {
		area += height * (v.ms - from)
		from = v.ms
		if v.arrived {
			watched := 0.0
			for _, later := range values[i:] {
				watched += later.weight
			}
			height *= 1 - v.weight/watched
		}
	}
	return area
}

// naiveMeanInterval is the mean of the values that of picks, with its interval:
// how much each value moves it is found by weighing it a little more and a little
// less (the infinitesimal jackknife, Efron 1982), the interval is Student's on
// the logarithm, and above that of Hall's cubic transformation (1992), which is
// solved by trying. inflation is of the variance of a mean.
func naiveMeanInterval(rows []row, of func(row) float64, inflation float64) (mean, lower, upper float64) {
	n, arrived := float64(len(rows)), 0.0
	weight := make([]float64, len(rows))
	for i, r := range rows {
		weight[i] = 1
		if r.outcome == "replicated" {
			arrived++
		}
	}
	mean = naiveArea(rows, of, weight)
	var square, cube float64
	for i := range rows {
		const little = 1e-5
		weight[i] = 1 + little
		more := naiveArea(rows, of, weight)
		weight[i] = 1 - little
		less := naiveArea(rows, of, weight)
		weight[i] = 1
		moves := n * (more - less) / (2 * little)
		square, cube = square+moves*moves/n, cube+moves*moves*moves/n
	}
	off := math.Sqrt(inflation * square / n * arrived / (arrived - 1))
	worth := math.Max(3, arrived/inflation)
	t := naiveStudent(math.Floor(worth)-1, .025)
	lower, upper = mean*math.Exp(-t*off/mean), mean*math.Exp(t*off/mean)
	skewness := cube / math.Pow(square, 1.5) * math.Sqrt(arrived*(arrived-1)) / (arrived - 2)
	a := skewness / math.Sqrt(worth)
	low, high := -1e4, 0.0 // Hall's g rises
	for range 200 {
		x := (low + high) / 2
		if g := x + a*x*x/3 + a*a*x*x*x/27 + a/6; g < -t {
			low = x
		} else {
			high = x
		}
	}
	if a > 0 {
		upper = math.Max(upper, mean-off*high)
	}
	return mean, lower, upper
}

// naiveStep is by how much the Kaplan-Meier curve falls for an arrival at the
// last time up to most at which any arrived.
func naiveStep(rows []row, most float64) (step float64) {
	arrivals := pick(rows, func(r row) bool { return r.outcome == "replicated" && r.ms <= most })
	slices.SortFunc(arrivals, func(a, b row) int {
		if a.ms < b.ms {
			return -1
		}
		return 1
	})
	height := 1.0
	for i, r := range arrivals {
		before := pick(rows, func(other row) bool { return other.watchedOnly() && other.ms < r.ms })
		step = height / float64(len(rows)-len(before)-i)
		height -= step
	}
	return step
}

func checkMean(t *testing.T, name string, e stats.SummaryEvent, rows []row, inflation float64) {
	t.Helper()
	rows = pick(rows, func(r row) bool { return r.outcome == "replicated" || r.watchedOnly() && r.ms > 0 })
	arrived := pick(rows, func(r row) bool { return r.outcome == "replicated" })
	if len(arrived) < 6 || float64(len(arrived))/inflation < 4 {
		if e.MeanMS != nil || e.MeanAtMostMS != nil || e.MeanIntervalMS != nil {
			t.Errorf("%s: a mean of %d arrivals", name, len(arrived))
		}
		return
	}
	middle := func(r row) float64 { return r.ms }
	first := pick(arrived, func(r row) bool { return r.low == 0 || r.held })
	mean, lower, upper := naiveMeanInterval(rows, middle, inflation)
	atMost := 10*len(first) > len(arrived) || naiveWide(rows)
	if atMost {
		_, lower, _ = naiveMeanInterval(rows, func(r row) float64 { return r.low }, inflation)
		mean, _, upper = naiveMeanInterval(rows, func(r row) float64 { return r.high }, inflation)
	} else {
		longest := 0.0
		for _, r := range first {
			longest = math.Max(longest, r.ms)
		}
		for _, r := range first { // each as if it weighed as much as the longest
			lower -= (r.ms - r.low) * naiveStep(rows, longest)
			upper += (r.high - r.ms) * naiveStep(rows, longest)
		}
	}
	longest, brackets := 0.0, 0.0
	for _, r := range rows {
		longest = math.Max(longest, r.ms)
		if r.outcome == "replicated" && r.low > 0 && !r.held {
			brackets += (r.high - r.low) / 2 / float64(len(arrived))
		}
	}
	cut := math.Inf(1)
	if len(rows) > len(arrived) {
		cut = longest
		if !atMost {
			upper = math.Min(upper, cut)
		}
	}
	value, other := e.MeanMS, e.MeanAtMostMS
	if atMost {
		value, other = other, value
	}
	if e.MeanIntervalMS == nil || other != nil {
		t.Fatalf("%s: mean %v, at most %v, interval %v", name, orNone(e.MeanMS), orNone(e.MeanAtMostMS), e.MeanIntervalMS)
	}
	for what, pair := range map[string]struct {
		got  *float64
		want float64
	}{
		"mean": {value, mean}, "lower end": {e.MeanIntervalMS[0], math.Max(0, lower)}, "upper end": {e.MeanIntervalMS[1], upper},
		"cut": {e.MeanCutMS, cut}, "brackets": {e.MeanBracketMS, brackets},
	} {
		if (pair.got == nil) != math.IsInf(pair.want, 1) || pair.got != nil && math.Abs(*pair.got-pair.want) > 2e-5*pair.want+1e-5 {
			t.Errorf("%s: the mean's %s is %v, recomputed %v", name, what, orNone(pair.got), pair.want)
		}
	}
}
