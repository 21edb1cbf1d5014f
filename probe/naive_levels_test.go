// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"math"
	"slices"
	"testing"

	"bothways/probe/stats"
)

// naiveLevels are where a direction's times have another level than before, as
// numbers of those that count, in time order, with the first one.
func naiveLevels(rows []row) (counted []row, starts []int) {
	counted = pick(rows, func(r row) bool { return r.outcome == "replicated" || r.outcome == "gave_up" })
	slices.SortStableFunc(counted, func(a, b row) int {
		switch {
		case a.since < b.since:
			return -1
		case a.since > b.since:
			return 1
		}
		return 0
	})
	if len(counted) < 16 {
		return counted, nil
	}
	var values []float64
	for _, r := range counted {
		var same []float64
		for _, other := range counted {
			if other.size == r.size && other.outcome == "replicated" {
				same = append(same, math.Log(math.Max(other.ms, .001)))
			}
		}
		value := math.Log(math.Max(r.ms, .001))
		if len(same) >= 8 {
			slices.Sort(same)
			value -= naiveQuantile(same, 50)
		}
		if r.outcome == "gave_up" {
			value = math.Inf(1)
		}
		values = append(values, value)
	}
	var ranks []float64
	for _, v := range values {
		rank := .5
		for _, other := range values {
			if other < v {
				rank++
			}
			if other == v {
				rank += .5
			}
		}
		ranks = append(ranks, rank)
	}
	return counted, append([]int{0}, naiveChanges(ranks, naiveSearch{8, 3.7, 1000, .1, true})...)
}

func naiveMiddle(values []float64) (sum float64) {
	for _, v := range values {
		sum += v / float64(len(values))
	}
	return sum
}

func naiveSquares(values []float64) (sum float64) {
	for _, v := range values {
		sum += (v - naiveMiddle(values)) * (v - naiveMiddle(values))
	}
	return sum
}

// naiveCut is where a cut leaves the least squares, by how much less that is,
// and whether there is room for one.
func naiveCut(values []float64, fewest int) (best int, less float64, ok bool) {
	for k := fewest; k <= len(values)-fewest; k++ {
		if by := naiveSquares(values) - naiveSquares(values[:k]) - naiveSquares(values[k:]); !ok || by > less+1e-9 {
			best, less, ok = k, by, true
		}
	}
	return best, less, ok
}

// naiveSearch is how changes are looked for: with so many values between two, so far
// apart in standard errors, which grow with the logarithm of the number over many,
// and whether neighbours may be alike.
type naiveSearch struct {
	fewest             int
	apart, many, grows float64
	alike              bool
}

func naiveChanges(values []float64, how naiveSearch) []int {
	at, less, ok := naiveCut(values, how.fewest)
	if !ok || less < 1e-9 {
		return nil
	}
	var parts [][]float64
	for _, half := range [][]float64{values[:at], values[at:]} {
		if k, _, ok := naiveCut(half, how.fewest); ok {
			parts = append(parts, half[:k], half[k:])
		} else {
			parts = append(parts, half)
		}
	}
	var left []float64
	for _, part := range parts {
		for _, v := range part {
			left = append(left, v-naiveMiddle(part))
		}
	}
	squares, products, cuts, n := 0.0, 0.0, float64(len(parts)), float64(len(values))
	for i, v := range left {
		squares += v * v
		if i > 0 {
			products += v * left[i-1]
		}
	}
	phi := products / squares
	phi = math.Min(.95, math.Max(0, phi+3*cuts*(1+phi)/n))
	if !how.alike {
		phi = 0
	}
	if math.Sqrt(less/(squares/math.Max(1, n-3*cuts))) < (how.apart+how.grows*math.Log(math.Max(1, n/how.many)))*math.Sqrt((1+phi)/(1-phi)) {
		return nil
	}
	all := append(naiveChanges(values[:at], how), at)
	for _, later := range naiveChanges(values[at:], how) {
		all = append(all, at+later)
	}
	return all
}

func checkLevels(t *testing.T, events []stats.StretchEvent, rows []row) {
	t.Helper()
	for _, direction := range []string{"AtoB", "BtoA"} {
		counted, starts := naiveLevels(pick(rows, func(r row) bool { return r.direction == direction }))
		var got []stats.StretchEvent
		for _, e := range events {
			if e.Direction.String() == direction {
				got = append(got, e)
			}
		}
		if len(got) != len(starts) {
			t.Errorf("%s: %d stretches, recomputed from %v", direction, len(got), starts)
			continue
		}
		for i, e := range got {
			end := len(counted)
			if i+1 < len(starts) {
				end = starts[i+1]
			}
			if math.Abs(e.FromMS-counted[starts[i]].since) > 1e-3 || math.Abs(e.ToMS-counted[end-1].since) > 1e-3 {
				t.Errorf("%s: a stretch from %v to %v, recomputed %v to %v", direction, e.FromMS, e.ToMS, counted[starts[i]].since, counted[end-1].since)
			}
			gaveUp := len(pick(counted[starts[i]:end], func(r row) bool { return r.outcome == "gave_up" }))
			if brokenOff := len(pick(rows, func(r row) bool { return r.outcome == "interrupted" })); gaveUp > 0 || brokenOff > 0 || e.MedianMS == nil {
				continue // the medians of whole runs are checked with those
			}
			var ms []float64
			for _, r := range counted[starts[i]:end] {
				ms = append(ms, r.ms)
			}
			slices.Sort(ms)
			if want := naiveQuantile(ms, 50); math.Abs(*e.MedianMS-want) > 1e-5 || e.N != len(ms) {
				t.Errorf("%s: a median of %v of %d, recomputed %v of %d", direction, *e.MedianMS, e.N, want, len(ms))
			}
		}
	}
}
