package wording

import (
	"strconv"
	"strings"
	"time"
)

// Bound says which way a quantile is known.
type Bound int

// What is known of a quantile.
const (
	Unknown Bound = iota // nothing yet: the samples don't support a number
	Exact
	Over   // it is longer than Value
	AtMost // it is at most Value
)

// Quantile is a quantile of durations with its interval, as far as they are
// known.
type Quantile struct {
	Bound Bound
	// Missing is how many more samples it takes where it is Unknown; 0 where
	// that can't be said, because some gave up, were interrupted or are in
	// flight, which tells less than an arrival.
	Missing int
	// Bursts: it is Unknown because the delays come in bursts, and the run saw
	// too few of them.
	Bursts              bool
	Value, Lower, Upper time.Duration
	Open                bool // the interval has no upper end
}

// None is said in place of an interval, or of the longest time, where there is
// none.
const None = "none"

// TooFew is said in place of a number that the samples don't support, where
// there is room for no more.
const TooFew = "too few"

// Text writes the quantile without its interval, such as "over 4.7 s"; write
// writes a duration. Where it is not known it says how many more samples it
// takes.
func (q Quantile) Text(write func(time.Duration) string) string {
	switch q.Bound {
	case Exact:
		return write(q.Value)
	case Over:
		return "over " + write(q.Value)
	case AtMost:
		return "at most " + write(q.Value)
	case Unknown:
	}
	if q.Missing > 0 {
		return TooFew + " (" + strconv.Itoa(q.Missing) + " more)"
	}
	if q.Bursts {
		return TooFew + " bursts"
	}
	return TooFew + " arrivals"
}

// Longest writes the longest duration of all, or that there is none.
func (q Quantile) Longest(write func(time.Duration) string) string {
	if q.Bound == Unknown {
		return None
	}
	return q.Text(write)
}

// Interval writes the interval alone, such as "3.3 s to 5.8 s".
func (q Quantile) Interval(write func(time.Duration) string) string {
	switch {
	case q.Bound == Unknown:
		return None
	case q.Open:
		return "from " + write(q.Lower)
	case q.Lower == 0:
		return "up to " + write(q.Upper)
	default:
		return write(q.Lower) + " to " + write(q.Upper)
	}
}

// WithInterval writes the quantile and its interval, such as "4.7 s (3.3 to
// 5.8)". A level stands before the interval, such as "95 %: ", where nothing
// else tells it.
func (q Quantile) WithInterval(level string, write func(time.Duration) string) string {
	text, interval := q.Text(write), q.Interval(write)
	if q.Bound == Unknown {
		return text
	}
	if lower, upper, both := strings.Cut(interval, " to "); both && q.Bound == Exact && inSeconds(text) && inSeconds(lower) && inSeconds(upper) {
		// One unit is enough where all three numbers have the same.
		interval = withoutUnit(lower) + " to " + withoutUnit(upper)
	}
	return text + " (" + level + interval + ")"
}

// Brief is WithInterval where room is short: an interval that says no more than
// the bound is left out.
func (q Quantile) Brief(write func(time.Duration) string) string {
	if q.Bound == Over && q.Lower >= q.Value || q.Bound == AtMost && (q.Open || q.Upper == q.Value) {
		return q.Text(write)
	}
	return q.WithInterval("", write)
}
