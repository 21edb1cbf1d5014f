package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/wording"
)

const (
	// fewestInStretch is the least number of times between two changes of level.
	fewestInStretch = 8
	// changeAt is how many standard errors apart two levels must be to be told
	// from one. With one level throughout, simulated, 4 to 5 % of the runs of two
	// directions show a change where the delays are an autoregression of .5, of 24
	// to 1,000 times each, and 1 to 2 % where they are independent. At an
	// autoregression of .8 it is 18 % for 72 times, and 6 % for 300.
	changeAt = 3.7
	// The more times there are, the more places for a change by chance: changeAt
	// grows by growth for each e times as many as manyTimes.
	manyTimes, growth = 1000, 0.1
)

// Stretch is a part of a run in which a direction's times kept their level.
type Stretch struct {
	Direction pair.Direction
	// From and To are when the uploads of its first and last probe ended, since
	// the run's start.
	From, To time.Duration
	N        int
	Median   Quantile
}

// Stretches cuts a direction's samples in time order where the level of the
// times changed: one stretch where none is shown, and none where there are too
// few to show any. began is the run's start by the wall clock, for samples of
// journals that lack the run's own clock.
//
// The times of all sizes count by their ranks, once the median of the logarithm
// of its size is taken off each; give-ups rank above all else, and what was
// interrupted does not count. A part is cut where the two sides' mean ranks
// differ most for their numbers (binary segmentation: Vostrikova, "Detecting
// 'disorder' in multidimensional random processes", 1981), if that is changeAt
// standard errors or more, and each of the two is looked at again. The standard error
// comes from what is left of the ranks when the part is cut into four, so that
// changes don't pass for noise, and is widened by the correlation of neighbours
// that is left then: delays that come in bursts wander without a change. That
// correlation is estimated too low by about three in as many as there are times
// to a cut, which is put right. In a direction of more than 16,384 times changes
// are looked for among every second, fourth and so on, see Levels.
func Stretches(samples []probe.Sample, began time.Time, d pair.Direction) []Stretch {
	l := NewLevels(began)
	for _, s := range samples {
		if s.Direction == d {
			l.Add(s)
		}
	}
	return l.Stretches(slices.Values(samples), NewCollector())[d]
}

// ranksOf are the ranks of the times, each less the typical one of its size, in
// the samples' order. Times that tie share their rank.
func ranksOf(samples []timed) []float64 {
	logs := map[int64][]float64{}
	of := func(s timed) float64 { return math.Log(max(s.ms, shortest)) }
	for _, s := range samples {
		if s.outcome == probe.Replicated {
			logs[s.size] = append(logs[s.size], of(s))
		}
	}
	typical := map[int64]float64{}
	for size, values := range logs {
		if len(values) >= fewestInStretch { // of fewer it would be themselves
			slices.Sort(values)
			typical[size] = (values[(len(values)-1)/2] + values[len(values)/2]) / 2
		}
	}
	values, order := make([]float64, len(samples)), make([]int, len(samples))
	for i, s := range samples {
		order[i], values[i] = i, math.Inf(1)
		if s.outcome == probe.Replicated {
			values[i] = of(s) - typical[s.size]
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	ranks := make([]float64, len(samples))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && values[order[to]] == values[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+to+1) / 2
		}
		from = to
	}
	return ranks
}

// search is how changes of level are looked for.
type search struct {
	fewest       int     // values between two changes
	far          float64 // standard errors between two levels
	many, growth float64 // far grows by growth for each e times as many values as many
	alike        bool    // neighbours may be alike without a change
}

// levels is the search for what is shown.
var levels = search{fewestInStretch, changeAt, manyTimes, growth, true}

// changes are where values begin that have another level than those before
// them, ascending.
func (s search) changes(values []float64) []int {
	if len(values) < 2*s.fewest {
		return nil
	}
	at, gain := s.split(values)
	if !(gain > 0) {
		return nil
	}
	squares, neighbours, parts := s.leftOver(values, 2)
	n, cuts := float64(len(values)), float64(parts)
	const tooLow, lost = 3, 3 // for each part
	phi := 0.0
	if s.alike && squares > 0 {
		phi = neighbours / squares
		phi = min(max(phi+tooLow*cuts*(1+phi)/n, 0), 0.95)
	}
	spread := squares / max(1, n-lost*cuts) * (1 + phi) / (1 - phi)
	if far := s.far + s.growth*math.Log(max(1, n/s.many)); gain < far*far*spread {
		return nil
	}
	all := s.changes(values[:at])
	all = append(all, at)
	for _, later := range s.changes(values[at:]) {
		all = append(all, at+later)
	}
	return all
}

// split is where two levels fit the values best, with fewest on either
// side, and by how much that lessens the sum of the squares.
func (s search) split(values []float64) (at int, gain float64) {
	n, mean := float64(len(values)), meanOf(values)
	sum := 0.0
	for k := 1; k <= len(values)-s.fewest; k++ {
		sum += values[k-1] - mean
		if k < s.fewest {
			continue
		}
		if by := sum * sum * n / (float64(k) * (n - float64(k))); at == 0 || by > gain {
			at, gain = k, by
		}
	}
	return at, gain
}

// leftOver sums up what is left of values when the best levels are taken off, of
// two parts and so on depth times: the squares, the products of neighbours, and
// the number of parts.
func (s search) leftOver(values []float64, depth int) (squares, neighbours float64, parts int) {
	ends := append(s.splits(values, depth), len(values))
	from, before := 0, 0.0
	for _, end := range ends {
		mean := meanOf(values[from:end])
		for _, v := range values[from:end] {
			v -= mean
			squares, neighbours, before = squares+v*v, neighbours+v*before, v
		}
		from = end
	}
	return squares, neighbours, len(ends)
}

// splits are where values are cut in two, and the parts again, depth times.
func (s search) splits(values []float64, depth int) []int {
	if depth == 0 || len(values) < 2*s.fewest {
		return nil
	}
	at, _ := s.split(values)
	all := append(s.splits(values[:at], depth-1), at)
	for _, later := range s.splits(values[at:], depth-1) {
		all = append(all, at+later)
	}
	return all
}

func meanOf(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// StretchEvent is a Stretch in JSON.
type StretchEvent struct {
	Direction pair.Direction `json:"direction"`
	FromMS    float64        `json:"from_ms"` // of the uploads' ends, since the run's start
	ToMS      float64        `json:"to_ms"`
	N         int            `json:"n"`
	// The members are as those of a SummaryEvent.
	MedianMS         *float64    `json:"median_ms"`
	MedianIntervalMS *IntervalMS `json:"median_interval_ms"`
	MedianOverMS     *float64    `json:"median_over_ms,omitempty"`
	MedianAtMostMS   *float64    `json:"median_at_most_ms,omitempty"`
}

// Event returns the stretch for JSON.
func (s Stretch) Event() StretchEvent {
	e := StretchEvent{Direction: s.Direction, FromMS: *inMS(s.From), ToMS: *inMS(s.To), N: s.N, MedianIntervalMS: s.Median.Interval()}
	e.MedianMS, e.MedianOverMS, e.MedianAtMostMS = s.Median.Members()
	return e
}

// StretchesText says how the level changed, where it did: "" for one stretch or
// none. clock writes a time since the run's start.
func StretchesText(stretches []Stretch, clock func(time.Duration) string) string {
	if len(stretches) < 2 {
		return ""
	}
	var text strings.Builder
	for i, s := range stretches {
		median := s.Median.Words().WithInterval("", wording.Duration)
		switch {
		case i == 0:
			fmt.Fprintf(&text, "until %s %s", clock(stretches[1].From), median)
		case i+1 < len(stretches):
			fmt.Fprintf(&text, ", until %s %s", clock(stretches[i+1].From), median)
		default:
			fmt.Fprintf(&text, ", then %s", median)
		}
	}
	return text.String()
}
