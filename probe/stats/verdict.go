package stats

import (
	"fmt"
	"math"
	"strconv"

	"bothways/aws/pair"
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
	// Shown: the 95 % interval excludes 1, so there is a difference. Of two
	// directions it must with the correction and without it.
	Shown bool
	// Corrected: the times are corrected for the round trips to the sides.
	Corrected bool
	// Ratio, Lower and Upper hold where Enough: of B → A's duration to
	// A → B's, of the duration after a doubling of the size to that before,
	// or of a later run's to an earlier one's. Upper may be +Inf and Lower 0 where too many probes gave up.
	Ratio, Lower, Upper float64
	// Direction is set where the verdict is about one direction alone.
	Direction *pair.Direction
	// WouldShow is, for two directions or runs that were not shown to differ,
	// the ratio that four of five runs like this would have shown; 0 where that
	// is not known.
	WouldShow float64
	// Sentence says what is shown and no more.
	Sentence string
}

// Line is the sentence, and what could have been seen where nothing was.
func (v Verdict) Line() string { return line(v.Sentence, v.WouldShow) }

func line(sentence string, wouldShow float64) string {
	if !(wouldShow > 1) {
		return sentence
	}
	return fmt.Sprintf("%s Four of five runs like this would have shown a ratio of %s.", sentence, ratioText(wouldShow))
}

// wouldShow is the ratio that has a power of 80 % where an interval of 95 % is
// as wide as this one: its half width is 1.96 standard errors, and 1.96 + 0.84
// of them are needed.
func wouldShow(lower, upper float64) float64 {
	const needed = (z975 + 0.8416212335729143) / z975
	if !(lower > 0) || math.IsInf(upper, 1) {
		return 0
	}
	return math.Exp(needed * math.Log(upper/lower) / 2)
}

// VerdictEvent is a Verdict as an event. Ratios are null where there are not
// enough samples or an end is unbounded.
type VerdictEvent struct {
	About     string          `json:"about"`               // "directions", "sizes" or "runs"
	Direction *pair.Direction `json:"direction,omitempty"` // of a verdict on one alone
	Shown     bool            `json:"shown"`
	Corrected bool            `json:"corrected,omitempty"` // of the round trips to the sides
	Ratio     *float64        `json:"ratio"`
	Lower     *float64        `json:"ratio_low"`
	Upper     *float64        `json:"ratio_high"`
	WouldShow float64         `json:"would_show,omitempty"` // the ratio that four of five such runs would have shown
	Sentence  string          `json:"sentence"`
}

// EventName implements pair.Event.
func (VerdictEvent) EventName() string { return "verdict" }

// Line is the sentence, and what could have been seen where nothing was.
func (e VerdictEvent) Line() string { return line(e.Sentence, e.WouldShow) }

// Event returns the verdict as an event.
func (v Verdict) Event() VerdictEvent {
	e := VerdictEvent{About: v.About, Direction: v.Direction, Shown: v.Shown, Corrected: v.Corrected, WouldShow: v.WouldShow, Sentence: v.Sentence}
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
