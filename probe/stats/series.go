package stats

import (
	"cmp"
	"math"
	"slices"

	"bothways/probe"
)

// series are the times of a group, in the order in which they came.
type series []moment

// moment is one time of a series.
type moment struct {
	start float64 // ms, on any one clock
	ms    float64 // negative: longer than so much
	size  int64
	round int
}

func (m moment) censored() bool { return m.ms < 0 }

func (m moment) time() float64 { return max(m.ms, -m.ms) }

// startOf is when a probe started, in whole milliseconds on one clock for all samples of
// a run; where only its round is known, as if rounds were a minute apart.
func startOf(s probe.Sample) (ms float64, known bool) {
	switch {
	case s.SinceStartMS > 0:
		return math.Round(s.SinceStartMS - s.UploadMS), true
	case !s.PlannedAt.IsZero():
		return float64(s.PlannedAt.UnixMilli()), true
	case !s.PostedAt.IsZero():
		return math.Round(float64(s.PostedAt.UnixMilli()) - s.UploadMS), true
	default:
		return float64(s.Round) * 60e3, s.Round > 0
	}
}

// mostKept bounds what is kept of a direction, mostMoments the work of a frame:
// the latest so many tell how alike all are.
const (
	mostKept    = 1 << 16
	mostMoments = 1 << 12
)

func (all *series) add(s probe.Sample) {
	start, known := startOf(s)
	m := moment{start: start, size: s.SizeBytes, ms: s.DurationMS, round: s.Round}
	switch {
	case !known: // nobody knows its place
		return
	case s.Outcome.Censored() && s.DurationMS > 0:
		m.ms = -m.ms
	case s.Outcome != probe.Replicated || !(s.DurationMS >= 0):
		return
	}
	if len(*all) == mostKept {
		*all = slices.Clone((*all)[mostKept/2:]) // a snapshot may hold the old ones
	}
	*all = append(*all, m)
}

// anySize takes all sizes.
const anySize = -1

// started are the latest moments of one size, or of anySize, in the order of
// their starts; of what started together the smaller objects come first.
func (all series) started(bytes int64) series {
	own := make(series, 0, min(len(all), mostMoments))
	for i := len(all) - 1; i >= 0 && len(own) < mostMoments; i-- {
		if bytes < 0 || all[i].size == bytes {
			own = append(own, all[i])
		}
	}
	slices.Reverse(own)
	slices.SortStableFunc(own, func(a, b moment) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.size, b.size))
	})
	return own
}

// scores are what Wilcoxon's statistic counts each moment for, between -1 and 1:
// what is left of its group's Kaplan-Meier curve before and after it (Prentice,
// "Linear rank tests with right censored data", 1978). Without censored values
// they are the ranks.
func (all series) scores() []float64 {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(all[a].time(), all[b].time())
	})
	scores := make([]float64, len(all))
	left := 1.0
	for i := 0; i < len(order); {
		first, events := i, 0
		for ; i < len(order) && all[order[i]].time() == all[order[first]].time(); i++ {
			if !all[order[i]].censored() {
				events++
			}
		}
		before := left
		left *= 1 - float64(events)/float64(len(order)-first)
		for _, at := range order[first:i] {
			scores[at] = 1 - left - before
			if all[at].censored() {
				scores[at] = 1 - left
			}
		}
	}
	return scores
}

// upTo is 1 for each time that arrived in so many milliseconds, else 0.
func (all series) upTo(ms float64) []float64 {
	are := make([]float64, len(all))
	for i, m := range all {
		if m.time() <= ms && !m.censored() {
			are[i] = 1
		}
	}
	return are
}
