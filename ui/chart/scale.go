package chart

import (
	"math"
	"slices"
	"strconv"
	"time"
)

const (
	// Durations are binned from 1 ms on, 32 bins for each doubling: 2 % a
	// bin, finer than a row of any terminal.
	binsPerDoubling = 32
	doublings       = 28 // up to 74 hours
	bins            = doublings * binsPerDoubling
	shortest        = time.Millisecond
)

// ladder are the values at which axes begin, end and have their ticks.
var ladder = slices.Concat(
	steps(time.Millisecond, 1, 2, 5, 10, 20, 50, 100, 200, 500), steps(time.Second, 1, 2, 5, 10, 20),
	steps(time.Minute, 1, 2, 5, 10, 20), steps(time.Hour, 1, 2, 5, 10, 20, 50))

func steps(unit time.Duration, factors ...time.Duration) []time.Duration {
	for i := range factors {
		factors[i] *= unit
	}
	return factors
}

// floor is the place of the last step that is not above d, or of the first.
func floor(steps []time.Duration, d time.Duration) int {
	at, found := slices.BinarySearch(steps, d)
	if !found {
		at = max(at-1, 0)
	}
	return at
}

// binOf maps a duration to its bin. Values outside the bins go to the ends.
func binOf(d time.Duration) int {
	if d <= shortest {
		return 0
	}
	return min(bins-1, int(math.Log2(float64(d)/float64(shortest))*binsPerDoubling))
}

// Range is what the duration axis shows. Both ends are values of the ladder;
// it only widens. The zero Range is empty.
type Range struct{ Low, High time.Duration }

// startRange holds what is usual between regions, so that the first samples
// rarely move the axis.
var startRange = Range{Low: time.Second, High: 20 * time.Second}

func (r Range) orDefault() Range {
	if r == (Range{}) {
		return startRange
	}
	return r
}

// Include widens the range, by whole steps, until it holds d.
func (r Range) Include(d time.Duration) Range {
	r = r.reach(d)
	if d < r.Low {
		r.Low = ladder[floor(ladder, d)]
	}
	return r
}

// reach widens the upper end alone: for ages, which pass every small value.
func (r Range) reach(d time.Duration) Range {
	r = r.orDefault()
	if d > r.High {
		at, _ := slices.BinarySearch(ladder, d)
		r.High = ladder[min(at, len(ladder)-1)]
	}
	return r
}

// closeRange is the narrowest range between steps that holds what was seen.
func closeRange(seen Range, steps []time.Duration) Range {
	at := floor(steps, seen.Low)
	to, _ := slices.BinarySearch(steps, seen.High)
	to = min(to, len(steps)-1)
	if at >= to { // one value, on a step or beyond them all
		at = min(at, len(steps)-2)
		to = at + 1
	}
	return Range{steps[at], steps[to]}
}

// scale maps durations to rows, 0 at the top. Points and ticks go through the
// same bins, so a point on a tick's value is on the tick's row.
type scale struct {
	bounds    Range
	low, high int // bins
	rows      int
}

func newScale(bounds Range, rows int) scale {
	bounds = bounds.orDefault()
	return scale{bounds: bounds, low: binOf(bounds.Low), high: max(binOf(bounds.High), binOf(bounds.Low)+1), rows: rows}
}

func (s scale) row(d time.Duration) int { return s.rowOfBin(binOf(d)) }

func (s scale) rowOfBin(bin int) int {
	bin = min(max(bin, s.low), s.high)
	return int(math.Round(float64(s.high-bin) / float64(s.high-s.low) * float64(s.rows-1)))
}

// span is a range of bins, both ends included; empty where to is below from.
type span struct{ from, to int }

// binsOfRows lists the bins that are drawn on each row.
func (s scale) binsOfRows() []span {
	rows := make([]span, s.rows)
	for row := range rows {
		rows[row] = span{bins, -1}
	}
	for bin := range bins {
		if row := s.rowOfBin(bin); row >= 0 && row < s.rows {
			rows[row] = span{min(rows[row].from, bin), bin}
		}
	}
	return rows
}

// ticks are the values whose rows are labelled.
func (s scale) ticks() []time.Duration {
	apart := 2.0
	if s.rows < 6 {
		apart = 1
	}
	return ticksOf(s.bounds, apart, func(d time.Duration) float64 { return float64(s.row(d)) })
}

// ticksOf chooses values within a range, as far as their labels keep their
// distance where they are drawn.
func ticksOf(bounds Range, apart float64, at func(time.Duration) float64) []time.Duration {
	var chosen []time.Duration
	for _, d := range tickOrder(bounds) {
		if !slices.ContainsFunc(chosen, func(other time.Duration) bool { return math.Abs(at(d)-at(other)) < apart }) {
			chosen = append(chosen, d)
		}
	}
	return chosen
}

// tickOrder lists the ladder's values within a range in the order in which
// they deserve a label: the ends, then the round values, then the rest.
func tickOrder(bounds Range) []time.Duration {
	order := []time.Duration{bounds.High, bounds.Low}
	for _, round := range []bool{true, false} {
		for _, d := range ladder {
			if d > bounds.Low && d < bounds.High && roundValue(d) == round {
				order = append(order, d)
			}
		}
	}
	return order
}

// roundValue says whether d is one or ten of a unit.
func roundValue(d time.Duration) bool {
	for _, unit := range []time.Duration{time.Millisecond, 100 * time.Millisecond, time.Second, time.Minute, time.Hour} {
		if d == unit || d == 10*unit {
			return true
		}
	}
	return false
}

// tickLabel writes a value of the ladder, at most labelWidth cells wide: whole
// in its unit, where other durations need decimals or two units.
func tickLabel(d time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{time.Hour, " h"}, {time.Minute, " min"}, {time.Second, " s"}} {
		if d >= unit.length {
			return strconv.FormatInt(int64(d/unit.length), 10) + unit.name
		}
	}
	if d >= 100*time.Millisecond {
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
}
