package stats

import (
	"math"
	"strconv"
)

// The subjects of verdicts.
const (
	AboutDirections = "directions"
	AboutSizes      = "sizes"
	AboutRuns       = "runs"
)

// Verdict is a comparison in words, with the numbers behind it.
type Verdict struct {
	About string
	// Enough: there are enough samples for an interval.
	Enough bool
	// Shown: the 95 % interval excludes 1, so there is a difference.
	Shown bool
	// Ratio, Lower and Upper hold where Enough: of B → A's duration to
	// A → B's, of the duration after a doubling of the size to that before,
	// or of a later run's to an earlier one's. Upper may be +Inf and Lower 0 where too many probes gave up.
	Ratio, Lower, Upper float64
	// Sentence says what is shown and no more.
	Sentence string
}

// VerdictEvent is a Verdict as an event. Ratios are null where there are not
// enough samples or an end is unbounded.
type VerdictEvent struct {
	About    string   `json:"about"` // "directions", "sizes" or "runs"
	Shown    bool     `json:"shown"`
	Ratio    *float64 `json:"ratio"`
	Lower    *float64 `json:"ratio_low"`
	Upper    *float64 `json:"ratio_high"`
	Sentence string   `json:"sentence"`
}

// EventName implements pair.Event.
func (VerdictEvent) EventName() string { return "verdict" }

// Event returns the verdict as an event.
func (v Verdict) Event() VerdictEvent {
	e := VerdictEvent{About: v.About, Shown: v.Shown, Sentence: v.Sentence}
	if v.Enough {
		e.Ratio, e.Lower, e.Upper = finite(v.Ratio), finite(v.Lower), finite(v.Upper)
	}
	return e
}

func finite(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

// ratioText writes a ratio with two significant digits, and with as many more
// as it takes to tell it from 1.
func ratioText(r float64) string {
	switch {
	case r >= 9.95:
		return strconv.FormatFloat(r, 'f', 0, 64)
	case math.Abs(r-1) >= 0.095 && r >= 0.095:
		return strconv.FormatFloat(r, 'f', 1, 64)
	}
	for digits := 2; digits <= 6; digits++ {
		text := strconv.FormatFloat(r, 'f', digits, 64)
		if value, err := strconv.ParseFloat(text, 64); err == nil && value != 1 && value != 0 {
			return text
		}
	}
	return strconv.FormatFloat(r, 'f', 1, 64)
}

// intervalText writes a 95 % interval of a ratio, open where an end is not
// bounded.
func intervalText(lower, upper float64) string {
	switch low, high := lower > 0, !math.IsInf(upper, 1); {
	case low && high:
		return "95 %: " + ratioText(lower) + " to " + ratioText(upper)
	case low:
		return "95 %: at least " + ratioText(lower)
	case high:
		return "95 %: at most " + ratioText(upper)
	default:
		return "95 %: not bounded"
	}
}
