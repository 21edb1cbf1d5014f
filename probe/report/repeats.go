package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// Repeated holds several runs against several earlier ones.
type Repeated struct {
	Before, After []Compared
	// Conditions are what differs from the first run in others, beside the times.
	Conditions []Condition
	// Reversed: one of the runs after began before one of those before.
	Reversed bool
	// Sizes are those that all runs measured, in bytes: only they are compared.
	Sizes []int64
	// Directions compare all of these sizes together, BySize each.
	Directions, BySize []stats.Repeats
}

// CompareRepeats holds several runs against several earlier ones, direction by
// direction, over the sizes that all of them measured. There is one at least on
// either side.
func CompareRepeats(before, after []Compared) *Repeated {
	c := &Repeated{Before: before, After: after}
	for _, earlier := range before {
		c.Reversed = c.Reversed || slices.ContainsFunc(after, func(later Compared) bool {
			return later.started().Before(earlier.started()) && !later.started().IsZero()
		})
	}
	all := slices.Concat(before, after)
	c.Sizes = all[0].Statistics().Sizes()
	for _, run := range all[1:] {
		measured := run.Statistics().Sizes()
		c.Sizes = slices.DeleteFunc(c.Sizes, func(size int64) bool { return !slices.Contains(measured, size) })
		for _, differs := range conditions(all[0], run) {
			if known := slices.ContainsFunc(c.Conditions, func(k Condition) bool { return k.What == differs.What && k.After == differs.After }); !known {
				c.Conditions = append(c.Conditions, differs)
			}
		}
	}
	common := func(s probe.Sample) bool { return slices.Contains(c.Sizes, s.SizeBytes) }
	of := func(runs []Compared) (all []*stats.Collector) {
		for _, run := range runs {
			all = append(all, run.statisticsOf(common))
		}
		return all
	}
	earlier, later := of(before), of(after)
	for _, d := range pair.Directions() {
		c.Directions = append(c.Directions, stats.CompareRepeats(earlier, later, d))
		for _, size := range c.Sizes {
			c.BySize = append(c.BySize, stats.CompareRepeatsBySize(earlier, later, d, size))
		}
	}
	return c
}

// RepeatedEvent opens a comparison of several runs: which they are.
type RepeatedEvent struct {
	Before []RunName `json:"before"`
	After  []RunName `json:"after"`
	// Reversed: one of the runs after began before one of those before.
	Reversed bool    `json:"reversed,omitempty"`
	Sizes    []int64 `json:"sizes_bytes"` // measured by all: only these are compared
}

// EventName implements pair.Event.
func (RepeatedEvent) EventName() string { return "repeated" }

// Write writes the comparison as text, as Markdown, or as JSON, one object a
// line.
func (c *Repeated) Write(w io.Writer, format Format) error { return writeComparison(w, format, c) }

func (c *Repeated) events() []pair.Event {
	opening := RepeatedEvent{Reversed: c.Reversed, Sizes: list(c.Sizes)}
	for _, run := range c.Before {
		opening.Before = append(opening.Before, run.name())
	}
	for _, run := range c.After {
		opening.After = append(opening.After, run.name())
	}
	events := make([]pair.Event, 0, 1+len(c.Conditions)+len(c.Directions)+len(c.BySize))
	events = append(events, opening)
	for _, condition := range c.Conditions {
		events = append(events, condition)
	}
	for _, r := range slices.Concat(c.Directions, c.BySize) {
		events = append(events, r.Event())
	}
	return events
}

// notes say what a reader of the ratios must know.
func (c *Repeated) notes() (notes []string) {
	if c.Reversed {
		notes = append(notes, "WARNING: a run of AFTER began before one of BEFORE did.")
	}
	if len(c.Sizes) == 0 {
		notes = append(notes, noCommonSize)
	}
	return notes
}

const noCommonSize = "The runs have no file size in common: nothing can be compared."

func (c *Repeated) text(out *strings.Builder) {
	for _, run := range c.Before {
		fmt.Fprintf(out, "before  %s\n", wording.Visible(run.sentence()))
	}
	for _, run := range c.After {
		fmt.Fprintf(out, "after   %s\n", wording.Visible(run.sentence()))
	}
	out.WriteString("\n")
	for _, d := range c.Conditions {
		word := "also differs"
		if d.Warning {
			word = "WARNING"
		}
		fmt.Fprintf(out, "%s: %s: %s in the first run, %s in another\n", word, wording.Visible(d.What), wording.Visible(d.Before), wording.Visible(d.After))
	}
	if len(c.Conditions) > 0 {
		out.WriteString("\n")
	}
	for _, note := range c.notes() {
		out.WriteString(note + "\n")
	}
	if len(c.Sizes) == 0 {
		return
	}
	for _, r := range c.Directions {
		out.WriteString(r.Sentence() + "\n")
	}
	out.WriteString("\n")
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	for _, cells := range append([][]string{repeatsHead}, c.rows()...) {
		_, _ = io.WriteString(table, strings.Join(cells, "\t")+"\n") // into memory
	}
	_ = table.Flush() // into memory
	out.WriteString("\n" + byChance + "\n")
}

func (c *Repeated) markdown(out *strings.Builder) {
	out.WriteString("# S3 replication times, several runs before and after\n\n")
	for _, run := range c.Before {
		fmt.Fprintf(out, "- Before: %s\n", markdownText(run.sentence()))
	}
	for _, run := range c.After {
		fmt.Fprintf(out, "- After: %s\n", markdownText(run.sentence()))
	}
	if len(c.Conditions) > 0 {
		out.WriteString("\n| also differs | in the first run | in another | |\n|---|---|---|---|\n")
		for _, d := range c.Conditions {
			word := ""
			if d.Warning {
				word = "**with this alone the times can differ**"
			}
			out.WriteString(markdownRow([]string{markdownText(d.What), markdownText(d.Before), markdownText(d.After), word}))
		}
	}
	out.WriteString("\n")
	for _, note := range c.notes() {
		out.WriteString("- " + note + "\n")
	}
	if len(c.Sizes) == 0 {
		return
	}
	for _, r := range c.Directions {
		out.WriteString("- " + markdownText(r.Sentence()) + "\n")
	}
	out.WriteString("\n" + markdownRow(repeatsHead) + "|---|---|---:|---:|---:|---:|---|\n")
	for _, cells := range c.rows() {
		out.WriteString(markdownRow(cells))
	}
	out.WriteString("\n" + byChance + "\n")
}

var repeatsHead = []string{"direction", "size", "before: medians s", "after: medians s", "after : before (95 %)", "run to run", "difference"}

// rows are those of the directions, then of every size.
func (c *Repeated) rows() (rows [][]string) {
	for _, r := range slices.Concat(c.Directions, c.BySize) {
		size := "all"
		if r.OneSize {
			size = wording.Size(r.SizeBytes)
		}
		ratio, spread, shown := r.Reason.Words(), wording.None, r.Reason.Words()
		if r.Enough {
			ratio, spread = "×"+factor(r.Ratio)+" ("+stats.IntervalText(r.Lower, r.Upper, factor)+")", "×"+factor(r.Spread)
			shown = map[bool]string{true: "shown", false: "not shown"}[r.Shown]
		}
		rows = append(rows, []string{r.Direction.Arrow(), size, mediansText(r.Medians[0]), mediansText(r.Medians[1]), ratio, spread, shown})
	}
	return rows
}

func mediansText(medians []stats.Quantile) string {
	texts := make([]string, len(medians))
	for i, m := range medians {
		texts[i] = m.Words().Text(wording.Seconds)
	}
	return strings.Join(texts, ", ")
}
