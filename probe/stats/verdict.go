package stats

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"bothways/aws/pair"
)

// The subjects of verdicts.
const (
	AboutDirections = "directions"
	AboutSizes      = "sizes"
	AboutRuns       = "runs"
)

// Reason is why nothing could be compared, or why the ratio or an end of its
// interval is not known.
type Reason string

// The reasons.
const (
	TooFew         Reason = "too_few"          // samples
	SharesDiffer   Reason = "shares_differ"    // of the sizes, between the groups
	TooFewArrivals Reason = "too_few_arrivals" // were seen
	TooManyGaveUp  Reason = "too_many_gave_up"
	TooManyAtFirst Reason = "too_many_at_first_poll" // were there already
	// TooManyInterrupted and TooManyInFlight: the slow ones are missing.
	TooManyInterrupted Reason = "too_many_interrupted"
	TooManyInFlight    Reason = "too_many_in_flight"
	MedianUnknown      Reason = "median_unknown"         // of one of several runs
	TooFewRuns         Reason = "too_few_runs"           // to know how much they differ
	NoSpread           Reason = "no_spread_between_runs" // seen, as of times that only come in steps
	TooManyHeld        Reason = "too_many_held"          // answers: see probe.Sample
	TooWide            Reason = "brackets_too_wide"      // as long as the times
	// TooEarly: who may look often has to wait for a while.
	TooEarly Reason = "too_early"
	// TooShort: the delays come in bursts, and the run saw too few of them.
	TooShort Reason = "too_short_for_bursts"
)

// unknown words why a ratio is not known.
func (r Reason) unknown() string {
	switch r {
	case TooManyAtFirst:
		return "too many were there at the first poll"
	case TooManyInFlight:
		return "too many are still in flight"
	case TooShort:
		return "the run is too short for bursts as long as these"
	case TooManyInterrupted:
		return "too many were interrupted"
	default:
		return "too many gave up"
	}
}

// Words are the reason for a table.
func (r Reason) Words() string { return strings.ReplaceAll(string(r), "_", " ") }

// Verdict is a comparison in words, with the numbers behind it.
type Verdict struct {
	About string
	// Looks is how often it may have been looked at, which its interval is for.
	Looks Looks
	// N counts the times in each group: of A → B and B → A, for a link to the
	// size too, or of the earlier run and the later one.
	N [2]int
	// Worth is how many independent times tell as much as each group's, where
	// those that follow each other are alike; 0 where that was not seen.
	Worth [2]int
	// Enough: there are enough samples for an interval. Otherwise Reason says
	// why there is none; it also says why an end of one is not bounded, or Ratio
	// NaN or infinite.
	Enough bool
	Reason Reason
	// Shown: the 95 % interval excludes 1, so there is a difference. Of two
	// directions it must with the correction and without it.
	Shown bool
	// Corrected: the times are corrected for the round trips to the sides.
	Corrected bool
	// Ratio, Lower and Upper hold where Enough: of B → A's duration to
	// A → B's, of the duration after a doubling of the size to that before,
	// or of a later run's to an earlier one's. Upper may be +Inf, Lower 0 and
	// Ratio NaN where too many probes gave up or were there at the first poll.
	Ratio, Lower, Upper float64
	// Direction is set where the verdict is about one direction alone.
	Direction *pair.Direction
	// WouldShow is, for two directions or runs that were not shown to differ,
	// how many times as long one must take as the other, either way, for four of
	// five such comparisons to show it; 0 where that is not known.
	WouldShow float64
	// TooFewForPower: WouldShow is not known because fewer than 20 times of
	// either group have a known place, and for no other reason.
	TooFewForPower bool
	// Sentence says what is shown and no more.
	Sentence string
}

// Line is the sentence, and what could have been seen where nothing was.
func (v Verdict) Line() string { return v.Event().Line() }

// power sets what would have been shown where nothing was, of an interval that
// is width standard errors wide either way and of two groups in which this many
// times have a known place. Where the interval is not bounded or the ratio not
// known no number of samples would tell it.
func (v *Verdict) power(placedX, placedY int, width float64) {
	switch {
	case v.Shown || !v.estimated() || !v.boundedInterval():
	case min(placedX, placedY) < fewestForPower:
		v.TooFewForPower = true
	default:
		v.WouldShow = wouldShow(v.Lower, v.Upper, width)
	}
}

// boundedInterval says whether both ends of the interval are known.
func (v Verdict) boundedInterval() bool { return v.Lower > 0 && !math.IsInf(v.Upper, 1) }

// wouldShow is the ratio that has a power of 80 % where an interval is as wide
// as this one: its half width is width standard errors, and 0.84 more of them
// are needed.
func wouldShow(lower, upper, width float64) float64 {
	return math.Exp((width + 0.8416212335729143) / width * math.Log(upper/lower) / 2)
}

// said is a sentence for the moment at which it is read.
func (l Looks) said(sentence string) string {
	if l != SoFar || sentence == "" {
		return sentence
	}
	if rest, ok := strings.CutPrefix(sentence, "Too few samples"); ok {
		return "Too few samples so far" + rest
	}
	for _, d := range pair.Directions() {
		if strings.HasPrefix(sentence, d.Arrow()) {
			return "So far " + sentence
		}
	}
	return "So far " + strings.ToLower(sentence[:1]) + sentence[1:]
}

// VerdictEvent is a Verdict as an event. Ratios are null where there are not
// enough samples or an end is unbounded.
type VerdictEvent struct {
	About     string          `json:"about"`               // "directions", "sizes" or "runs"
	Direction *pair.Direction `json:"direction,omitempty"` // of a verdict on one alone
	N         [2]int          `json:"n"`                   // of A → B and B → A, or before and after
	// Worth is how many independent times tell as much as each group's, where the
	// delays come in bursts.
	Worth *[2]int `json:"worth,omitempty"`
	Shown bool    `json:"shown"`
	// Interval is "one_look" where it holds for the one look at the end of a
	// run that ended as planned, "anytime" where it holds however often anybody
	// looked.
	Interval string `json:"interval"`
	// Reason is why nothing could be compared, or why the ratio or an end of its
	// interval is not known: too_few, shares_differ, too_few_arrivals, too_many_gave_up,
	// too_many_interrupted, too_many_in_flight, too_many_at_first_poll,
	// too_many_held, brackets_too_wide, too_early, too_short_for_bursts.
	Reason    Reason `json:"reason,omitempty"`
	Corrected bool   `json:"corrected,omitempty"` // of the round trips to the sides
	// RatioOf is what the ratio and its ends are of, time to time: "BtoA : AtoB",
	// "doubled size : size" or "after : before".
	RatioOf string   `json:"ratio_of"`
	Ratio   *float64 `json:"ratio"`
	Lower   *float64 `json:"ratio_low"`
	Upper   *float64 `json:"ratio_high"`
	// WouldShow is the ratio, either way, that four of five such comparisons
	// would have shown; absent where that is not known. TooFewForPower: for want
	// of samples alone.
	WouldShow      float64 `json:"would_show,omitempty"`
	TooFewForPower bool    `json:"too_few_for_power,omitempty"`
	Sentence       string  `json:"sentence"`
}

// EventName implements pair.Event.
func (VerdictEvent) EventName() string { return "verdict" }

// Line is the sentence, and what could have been seen where nothing was.
func (e VerdictEvent) Line() string {
	switch {
	case e.WouldShow > 1:
		return fmt.Sprintf("%s Four of five such comparisons would have shown it if one took %s times as long as the other.", e.Sentence, ratioText(e.WouldShow))
	case e.TooFewForPower && min(e.N[0], e.N[1]) >= fewestForPower:
		return e.Sentence + " Too few arrived to say what difference would have been shown."
	case e.TooFewForPower:
		return e.Sentence + " n is too small to say what difference would have been shown."
	}
	return e.Sentence
}

// ratiosOf are what the ratios of each subject are of.
var ratiosOf = map[string]string{AboutDirections: "BtoA : AtoB", AboutSizes: "doubled size : size", AboutRuns: "after : before"}

// Event returns the verdict as an event.
func (v Verdict) Event() VerdictEvent {
	e := VerdictEvent{
		About: v.About, Direction: v.Direction, N: v.N, Shown: v.Shown, Interval: v.Looks.kind(), Reason: v.Reason,
		Corrected: v.Corrected, RatioOf: ratiosOf[v.About], WouldShow: v.WouldShow, TooFewForPower: v.TooFewForPower, Sentence: v.Sentence,
	}
	if v.Worth != [2]int{} {
		e.Worth = &v.Worth
	}
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

func intervalText(percent string, lower, upper float64) string {
	return percent + ": " + IntervalText(lower, upper, ratioText)
}

// IntervalText writes an interval of a ratio, open where an end is not bounded.
func IntervalText(lower, upper float64, write func(float64) string) string {
	switch low, high := lower > 0, !math.IsInf(upper, 1); {
	case low && high:
		return write(lower) + " to " + write(upper)
	case low:
		return "at least " + write(lower)
	case high:
		return "at most " + write(upper)
	default:
		return "not bounded"
	}
}

// ByChance says how often one of the verdicts on file size that stand together
// shows a link where there is none, which is more often than the 5 % that each
// is held to. It is empty where fewer than two could be judged.
//
// At one look it is 12 % of three, simulated, and 5 to 10 % of two, the more the
// fewer samples they share. Of intervals that hold at every look it is at most
// the sum.
func ByChance(verdicts []VerdictEvent) string {
	judged, looks := 0, Once
	for _, v := range verdicts {
		if v.About != AboutSizes || v.Reason != "" {
			continue
		}
		if v.Direction == nil && (v.N[0] == 0 || v.N[1] == 0) { // the same as that of its only direction
			continue
		}
		judged++
		if v.Interval != Once.kind() {
			looks = Anytime
		}
	}
	said := func(often, these string) string {
		return "Where file size does not matter, " + often + " still shows a link in one of these " + these + " comparisons with it."
	}
	switch {
	case judged < 2:
		return ""
	case judged == 2 && looks == Once:
		return said("up to one run in ten", "two")
	case judged == 2:
		return said("at most one run in ten", "two")
	case looks == Once:
		return said("about one run in eight", "three")
	default:
		return said("at most one run in six", "three")
	}
}
