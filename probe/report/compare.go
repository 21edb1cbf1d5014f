package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// Compared is one of two runs that are held against each other.
type Compared struct {
	Origin
	*Run
}

// Comparison holds a run against an earlier one.
type Comparison struct {
	Before, After Compared
	// Reversed: the later run of the two, After, began before the other.
	Reversed bool
	// Conditions are what differs between the runs beside the times.
	Conditions []Condition
	// Sizes are those that both runs measured, in bytes: only they are
	// compared. OnlyBefore and OnlyAfter are left out.
	Sizes, OnlyBefore, OnlyAfter []int64
	// Directions compare all of these sizes together, BySize each.
	Directions, BySize []Change
}

// Condition is a circumstance that differs between two runs.
type Condition struct {
	What   string `json:"what"`
	Before string `json:"before"`
	After  string `json:"after"`
	// Warning: with this alone the times can differ, whatever was changed.
	Warning bool `json:"warning"`
}

// EventName implements pair.Event.
func (Condition) EventName() string { return "condition" }

// Change is how the times of a direction, or of one size in it, changed.
type Change struct {
	Before, After stats.Summary
	Ratio         stats.Verdict // of the later run's times to the earlier one's
}

// ChangeEvent is a Change as an event.
type ChangeEvent struct {
	Before stats.SummaryEvent `json:"before"`
	After  stats.SummaryEvent `json:"after"`
	Ratio  stats.VerdictEvent `json:"ratio"`
}

// EventName implements pair.Event.
func (ChangeEvent) EventName() string { return "change" }

// Event returns the change as an event.
func (c Change) Event() ChangeEvent {
	return ChangeEvent{Before: c.Before.Event(), After: c.After.Event(), Ratio: c.Ratio.Event()}
}

// Compare holds a run against an earlier one, direction by direction, over the
// sizes that both measured.
func Compare(before, after Compared) *Comparison {
	c := &Comparison{Before: before, After: after, Conditions: conditions(before, after)}
	c.Reversed = after.started().Before(before.started()) && !after.started().IsZero()
	measured, again := before.Statistics().Sizes(), after.Statistics().Sizes()
	for _, size := range measured {
		if slices.Contains(again, size) {
			c.Sizes = append(c.Sizes, size)
		} else {
			c.OnlyBefore = append(c.OnlyBefore, size)
		}
	}
	for _, size := range again {
		if !slices.Contains(measured, size) {
			c.OnlyAfter = append(c.OnlyAfter, size)
		}
	}
	common := func(s probe.Sample) bool { return slices.Contains(c.Sizes, s.SizeBytes) }
	earlier, later := before.statisticsOf(common), after.statisticsOf(common)
	looks := max(before.Looks(), after.Looks())
	for _, d := range pair.Directions() {
		c.Directions = append(c.Directions, Change{earlier.Direction(d), later.Direction(d), stats.CompareRuns(earlier, later, d, looks)})
		for _, size := range c.Sizes {
			c.BySize = append(c.BySize, Change{earlier.Cell(d, size), later.Cell(d, size), stats.CompareRunsBySize(earlier, later, d, size, looks)})
		}
	}
	return c
}

// started is when the run began, by the clock of its computer; zero where it is
// not known.
func (run *Run) started() time.Time {
	if len(run.Headers) == 0 {
		return time.Time{}
	}
	return run.Headers[0].StartedAt
}

// notableRTT is the difference of a round trip, in milliseconds, from which the
// runs were measured from different places.
const notableRTT = 20

// conditions lists what differs between two runs.
func conditions(before, after Compared) []Condition {
	var all []Condition
	differ := func(what, b, a string, warning bool) {
		if b != a {
			all = append(all, Condition{what, b, a, warning})
		}
	}
	differ("what was measured", notesText(before.Notes), notesText(after.Notes), true)
	if len(before.Headers) > 0 && len(after.Headers) > 0 {
		b, a := before.Headers[0], after.Headers[0]
		if swapped := b.Pair.A == a.Pair.B && b.Pair.B == a.Pair.A; swapped && b.Pair.A != b.Pair.B {
			all = append(all, Condition{"the sides' names", "A is " + b.Pair.A.String(), "B is " + b.Pair.A.String() + ": the directions mean the opposite", true})
		}
		for _, name := range pair.Sides() {
			differ("region of side "+string(name), b.Pair.Side(name).Region, a.Pair.Side(name).Region, true)
			differ("bucket of side "+string(name), b.Pair.Side(name).Bucket, a.Pair.Side(name).Bucket, false)
		}
		differ("prefix", quoted(b.Pair.Options.Prefix), quoted(a.Pair.Options.Prefix), false)
		differ("sizes", sizesText(b.Sizes), sizesText(a.Sizes), false)
		differ("one round every", wording.Milliseconds(float64(b.EveryMS)), wording.Milliseconds(float64(a.EveryMS)), false)
		differ("given up after", wording.Milliseconds(float64(b.LimitMS)), wording.Milliseconds(float64(a.LimitMS)), false)
		differ("pace", string(b.Pace), string(a.Pace), false)
		differ("most requests a second at any moment", fmt.Sprint(b.MaxRate), fmt.Sprint(a.MaxRate), false)
	}
	for _, name := range pair.Sides() {
		if b, a := before.rtt(name), after.rtt(name); math.Abs(b-a) >= notableRTT {
			differ("round trip to side "+string(name), wording.Milliseconds(b), wording.Milliseconds(a), true)
		}
	}
	yesNo := map[bool]string{true: "yes", false: "no"}
	differ("complete", yesNo[before.Complete()], yesNo[after.Complete()], false)
	differ("version of bothways", before.Version, after.Version, false)
	return all
}

// rtt is the round trip to a side, in milliseconds; 0 where it is not known.
func (run *Run) rtt(name pair.SideName) float64 {
	for _, r := range run.RTTs {
		if r.Side == name {
			return r.MinMS
		}
	}
	return 0
}

func notesText(notes []string) string { return cmp.Or(strings.Join(notes, "; "), "AWS") }

func quoted(text string) string { return fmt.Sprintf("%q", text) }

// sentence names a run in words.
func (c Compared) sentence() string {
	text := "?"
	if len(c.Headers) > 0 {
		h := c.Headers[0]
		text = fmt.Sprintf("%s, %s, %s ⇄ %s", h.RunID, h.StartedAt.UTC().Format("2006-01-02 15:04 UTC"), h.Pair.A, h.Pair.B)
	}
	for _, note := range c.Notes {
		text += ", " + note
	}
	return text
}

// notes say what a reader of the ratios must know: that the runs stand in the
// other order than they began, and which sizes are not compared.
func (c *Comparison) notes() []string {
	var notes []string
	if c.Reversed {
		note := fmt.Sprintf("WARNING: AFTER began before BEFORE did, %s and %s",
			c.After.started().UTC().Format(startFormat), c.Before.started().UTC().Format(startFormat))
		if len(c.Sizes) > 0 {
			note += ": the ratios are of the earlier run to the later one"
		}
		notes = append(notes, note+".")
	}
	if len(c.Sizes) == 0 {
		return append(notes, noCommonSize)
	}
	var left []string
	for _, only := range []struct {
		sizes []int64
		run   string
	}{{c.OnlyBefore, "before"}, {c.OnlyAfter, "after"}} {
		if len(only.sizes) > 0 {
			left = append(left, sizesText(only.sizes)+" (measured "+only.run+" only)")
		}
	}
	if len(left) > 0 {
		notes = append(notes, fmt.Sprintf("Compared over the sizes that both runs measured, %s. Left out: %s.", sizesText(c.Sizes), strings.Join(left, ", ")))
	}
	return notes
}

const startFormat = "2006-01-02 15:04:05 UTC"

// allSizes names what is compared together, where both runs measured the same
// sizes and where not.
func (c *Comparison) allSizes(same, common string) string {
	if len(c.OnlyBefore)+len(c.OnlyAfter) > 0 {
		return common
	}
	return same
}
