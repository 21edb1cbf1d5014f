package polling

import (
	"math"
	"slices"
	"time"
)

// A series' delays may become longer or shorter all the time. Then the older
// results are moved along the trend to where the next one is due, or a falling
// delay would be polled as if it were still long, and a rising one too densely on
// the way.
const (
	// trendDoubt is the deviation of Kendall's statistic, in standard deviations,
	// up to which a trend is taken for chance. Of one beyond it the share is
	// believed that is not.
	trendDoubt   = 2.0
	trendLately  = 1.0 // the least deviation of the last results alone
	trendResults = 8   // from which one is looked for
	trendBefore  = 30  // results before those that are looked back on
)

// detrended are the results, the latest last, as they would have been now. A
// series that stays as it is shows a trend by chance once in twenty times, and
// then a small one.
func detrended(older, results []Bracket) []Bracket {
	n := len(results)
	if n < trendResults {
		return results
	}
	slope, deviations := trendOf(slices.Concat(older, results))
	if math.Abs(deviations) <= trendDoubt {
		return results
	}
	if _, lately := trendOf(results); lately*math.Copysign(1, deviations) < trendLately {
		return results // a jump, or a drift that is over
	}
	doubt := trendDoubt * trendDoubt / (deviations * deviations)
	if slope < 0 {
		doubt *= doubt // polls that come too late cost more than those that come too early
	}
	slope *= 1 - doubt
	moved := make([]Bracket, n)
	for i, r := range results {
		factor := math.Exp(slope * float64(n-i))
		moved[i] = Bracket{scale(r.Low, factor), scale(r.High, factor)}
	}
	return moved
}

// trendOf is the median of the slopes between all pairs of results, in logarithmic
// time a result (Theil and Sen), and by how many standard deviations Kendall's
// statistic of them differs from that of no trend.
func trendOf(results []Bracket) (slope, deviations float64) {
	n := len(results)
	at := make([]float64, n)
	for i, r := range results {
		at[i] = math.Log(max(r.middle(), time.Millisecond).Seconds())
	}
	slopes, rising := make([]float64, 0, n*(n-1)/2), 0
	for i := range at {
		for j := i + 1; j < n; j++ {
			s := (at[j] - at[i]) / float64(j-i)
			slopes = append(slopes, s)
			switch {
			case s > 0:
				rising++
			case s < 0:
				rising--
			}
		}
	}
	slices.Sort(slopes)
	all := float64(n)
	return slopes[len(slopes)/2], float64(rising) / math.Sqrt(all*(all-1)*(2*all+5)/18)
}
