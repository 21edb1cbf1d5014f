package measure

import (
	"fmt"
	"math"
	"strconv"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/ui/console/widget"
)

// sizesIn says for each direction what the file size does to it, once that can
// be said of one of them.
func sizesIn(t widget.Theme, m *measurement, width int) []string {
	compared, looks := m.compared(), m.looks()
	lines := make([]string, 0, 4)
	said := false
	for _, d := range pair.Directions() {
		v := compared.CompareSizesIn(d, looks)
		said = said || v.Enough
		lines = append(lines, widget.Hang(" "+t.Direction[d].Render(markers[d])+" ", v.Sentence, width-1)...)
	}
	if !said {
		return nil
	}
	return lines
}

// looksNote says what the words in the verdicts mean whose intervals are not
// for one look.
func looksNote(t widget.Theme, m *measurement, width int) []string {
	if m.looks() == stats.Once {
		return nil
	}
	return muted(t, widget.Hang(" ", "95 % at every look: holds however often you look and whenever you stop, after some bursts of delays, and is wider for it.", width-1))
}

// intervalsNote says how the intervals of the figures are got.
func intervalsNote() string {
	none := stats.NewCollector().Direction(pair.AtoB)
	return fmt.Sprintf("95 %% intervals for one look, from the ranks of the samples alone: "+
		"they take n = %d for a median, %d for p90, %d for p95 and %d for p99; below that no number is given. What is in flight, gave up or was interrupted tells less than an arrival. A mean takes %d arrivals; its interval is Student's, on its logarithm and widened for skew. Where it is cut each time counts up to the longest watched.",
		none.Median.Missing, none.P90.Missing, none.P95.Missing, none.P99.Missing, none.Mean.Missing)
}

func muted(t widget.Theme, lines []string) []string {
	for i, line := range lines {
		lines[i] = t.Muted.Render(line)
	}
	return lines
}

// headline is what a comparison of the directions comes to, in one line. "No
// difference" is said only beside an interval that holds 1: where it excludes it and
// a difference is still not shown, that is not sure yet.
func headline(v stats.Verdict, goesOn bool) string {
	slow, fast := pair.BtoA.Arrow(), pair.AtoB.Arrow()
	ratio, lower, upper := v.Ratio, v.Lower, v.Upper
	if v.Shown && v.Upper < 1 {
		slow, fast, ratio, lower, upper = fast, slow, 1/v.Ratio, 1/v.Upper, 1/v.Lower
	}
	unsure := widget.Choice(goesOn, "Not sure yet: ", "Not sure: ")
	estimated := v.Enough && v.Ratio > 0 && !math.IsInf(v.Ratio, 0)
	takes := slow + " takes " + timesText(ratio) + " times as long as " + fast + "  (" + stats.IntervalText(lower, upper, timesText) + ")"
	switch {
	case v.Shown && estimated:
		return takes
	case v.Shown:
		return slow + " takes longer than " + fast + "  (" + stats.IntervalText(lower, upper, timesText) + " times)"
	case estimated && (v.Lower > 1 || v.Upper < 1):
		return unsure + takes
	case estimated:
		return "No difference shown: " + takes
	}
	return unsure + unsureOf(v.Reason)
}

// unsureOf says briefly why the directions could not be compared.
func unsureOf(r stats.Reason) string {
	said := map[stats.Reason]string{
		stats.TooFew: "too few samples to compare the directions", stats.TooFewArrivals: "too few arrived to compare the directions",
		stats.SharesDiffer:  "the directions measured the sizes in different shares",
		stats.TooManyGaveUp: "too many gave up to compare the directions", stats.TooManyAtFirst: "too many were there at the first look",
		stats.TooManyInterrupted: "too many were interrupted", stats.TooManyInFlight: "too many are still in flight",
		stats.TooManyHeld: "too many answers were held", stats.TooWide: "looked too seldom for times as short as these",
		stats.TooEarly: "too early to compare the directions", stats.TooShort: "too short for bursts of delays as long as these",
	}
	if words, known := said[r]; known {
		return words
	}
	return "too few samples to compare the directions"
}

// sizeline is what is known of file size, in a few words; "" where that is
// nothing.
func sizeline(v stats.Verdict) string {
	switch {
	case !v.Enough:
		return ""
	case v.Shown:
		return "twice the size: " + timesText(v.Ratio) + " times as long"
	}
	return "file size: no link shown"
}

// timesText writes a ratio with two digits, and with a third near 1.
func timesText(r float64) string {
	switch {
	case r >= 9.95:
		return strconv.FormatFloat(r, 'f', 0, 64)
	case math.Abs(r-1) >= 0.095 && r >= 0.095:
		return strconv.FormatFloat(r, 'f', 1, 64)
	}
	return strconv.FormatFloat(r, 'f', 2, 64)
}
