// Package steady reads the steady state before a drill's fault and after it from
// the canaries' samples. It only computes.
package steady

import (
	"math"
	"slices"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
)

// Before collects what was acknowledged before an instant, in milliseconds from
// the canaries' start, as it was known then: what was still on its way is censored
// there, because the rest of its time says more of the fault, and to leave it out
// would leave out the slow ones.
func Before(samples []probe.Sample, began time.Time, ms float64) *stats.Collector {
	c := stats.NewCollector()
	for _, s := range samples {
		at := posted(s, began)
		if at >= ms {
			continue
		}
		if known := ms - at; s.Outcome == probe.Replicated && s.BracketMS[1] > known {
			s.Outcome, s.LeftCensored, s.Held, s.Completed = probe.Interrupted, false, false, nil
			low := min(s.BracketMS[0], known)
			s.DurationMS, s.CorrectedMS, s.BracketMS, s.CommitBracketMS = low, low, [2]float64{low, low}, [2]float64{low, low}
		}
		c.Add(s)
	}
	return c
}

// After collects what was acknowledged from an instant on.
func After(samples []probe.Sample, began time.Time, ms float64) *stats.Collector {
	c := stats.NewCollector()
	for _, s := range samples {
		if posted(s, began) >= ms {
			c.Add(s)
		}
	}
	return c
}

func posted(s probe.Sample, began time.Time) float64 {
	return float64(s.SinceStart(began)) / float64(time.Millisecond)
}

// Regression is how many times as long a direction has to take after the fault as
// before it, for certain, to be a regression: two short measurements of the same
// differ a little now and then.
const Regression = 1.25

// Slower says whether a direction is shown to take longer after than before by
// more than that: the whole 95 % interval of the ratio lies beyond it.
func Slower(before, after *stats.Collector, d pair.Direction) bool {
	v := stats.CompareRuns(before, after, d, stats.Once)
	return v.Enough && v.Lower > Regression
}

// P99 is the nearest-rank 99 % quantile of a direction's arrivals, by the upper
// ends of their brackets: of up to 100 the slowest. 0 is none. It is what the
// isolation is held against, so that it errs to the long side.
func P99(samples []probe.Sample, d pair.Direction) time.Duration {
	most, _ := quantile(samples, d, 0.99)
	return most
}

// P95 is the same of 95 %, which targets are held against, with how many arrivals it
// is of.
func P95(samples []probe.Sample, d pair.Direction) (most time.Duration, n int) {
	return quantile(samples, d, 0.95)
}

func quantile(samples []probe.Sample, d pair.Direction, share float64) (most time.Duration, n int) {
	var all []float64
	for _, s := range samples {
		if s.Direction == d && s.Outcome == probe.Replicated {
			all = append(all, s.BracketMS[1])
		}
	}
	if len(all) == 0 {
		return 0, 0
	}
	slices.Sort(all)
	return probe.Duration(all[int(math.Ceil(share*float64(len(all))))-1]), len(all)
}
