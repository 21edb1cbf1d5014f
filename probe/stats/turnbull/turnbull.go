// Package turnbull estimates the distribution of times of which only brackets are
// known, and of some only that they are longer than so much.
package turnbull

import (
	"cmp"
	"slices"
	"sort"
)

// Bracket is what is known of a time in milliseconds: that it is longer than Low
// and at most High, which is +Inf where it was cut off, or, where the two are the
// same, exactly that.
type Bracket struct{ Low, High float64 }

// Distribution is one of times that are only known by their brackets. The most
// likely ones have all their mass in the innermost intervals, those from a lower
// end to the next end where that is an upper one (Turnbull, "The empirical
// distribution function with arbitrarily grouped, censored and truncated data",
// JRSS B 38, 1976). Where within an interval its mass lies makes no difference to
// them, so it is not known.
type Distribution struct {
	inner []Bracket // ascending; the last has no upper end where the longest time was cut off
	upTo  []float64 // the share up to the end of each, ascending to 1
	begin []float64 // where the brackets do, ascending
}

// shareSlack is how far off rounding and the end of the search leave a share.
const shareSlack = 1e-4

// From is the earliest at which the distribution may come to a share.
func (d Distribution) From(share float64) float64 { return d.comesTo(share - shareSlack).Low }

// To is the latest at which the distribution may come to a share; +Inf beyond
// what was watched.
func (d Distribution) To(share float64) float64 { return d.comesTo(share + shareSlack).High }

// Before is From, but for as many beginnings of brackets further down. To move the
// mass of an innermost interval before the beginning of one costs the likelihood's
// logarithm at most about 1 where that bracket has room elsewhere, as that of a time
// that was cut off has: so a time may well be earlier than the most likely distribution
// has it.
func (d Distribution) Before(share float64, beginnings int) float64 {
	low := d.From(share)
	begun := sort.Search(len(d.begin), func(i int) bool { return d.begin[i] > low })
	return d.begin[max(0, begun-1-beginnings)]
}

func (d Distribution) comesTo(share float64) Bracket { return d.inner[d.place(share)] }

func (d Distribution) place(share float64) int {
	at, _ := slices.BinarySearch(d.upTo, share)
	return min(at, len(d.inner)-1)
}

// spanned are the innermost intervals in a bracket, from first to last.
type spanned struct{ first, last int32 }

// innermost are the innermost intervals of brackets, and which of them lie in
// each.
func innermost(brackets []Bracket) (inner []Bracket, spans []spanned) {
	// At the same time exact ones begin, then what ends there ends, which has that
	// time in it, then brackets begin, which don't.
	const (
		exact = iota
		ends
		begins
	)
	type limit struct {
		at   float64
		kind int8
		of   int32
	}
	limits := make([]limit, 0, 2*len(brackets))
	for i, b := range brackets {
		kind := int8(begins)
		if b.Low == b.High {
			kind = exact
		}
		limits = append(limits, limit{b.Low, kind, int32(i)}, limit{b.High, ends, int32(i)})
	}
	slices.SortFunc(limits, func(a, b limit) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		return int(a.kind) - int(b.kind)
	})
	spans = make([]spanned, len(brackets))
	for i, l := range limits {
		if l.kind != ends {
			spans[l.of].first = int32(len(inner))
			continue
		}
		if before := limits[i-1]; before.kind != ends {
			inner = append(inner, Bracket{before.at, l.at})
		}
		spans[l.of].last = int32(len(inner)) - 1
	}
	return inner, spans
}
