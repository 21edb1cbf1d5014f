package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// ComparedEvent opens a comparison: which runs it is of.
type ComparedEvent struct {
	Before RunName `json:"before"`
	After  RunName `json:"after"`
	// Reversed: AFTER began before BEFORE did.
	Reversed bool    `json:"reversed,omitempty"`
	Sizes    []int64 `json:"sizes_bytes"` // measured by both: only these are compared
	// OnlyBefore and OnlyAfter were measured by one of the runs and are left out.
	OnlyBefore []int64 `json:"only_before_sizes_bytes,omitempty"`
	OnlyAfter  []int64 `json:"only_after_sizes_bytes,omitempty"`
}

// RunName names a run of a comparison.
type RunName struct {
	RunID     string    `json:"run_id"`
	StartedAt time.Time `json:"started_at,omitzero"`
	Origin    Origin    `json:"origin"`
	A         string    `json:"a"`
	B         string    `json:"b"`
}

// EventName implements pair.Event.
func (ComparedEvent) EventName() string { return "compared" }

// Write writes the comparison as text, as Markdown, or as JSON, one object a
// line.
func (c *Comparison) Write(w io.Writer, format Format) error { return writeComparison(w, format, c) }

// comparison is one of two runs, or of several a side, in each way to write it.
type comparison interface {
	events() []pair.Event
	markdown(out *strings.Builder)
	text(out *strings.Builder)
}

func writeComparison(w io.Writer, format Format, c comparison) error {
	var out strings.Builder
	switch format {
	case JSON:
		for _, e := range c.events() {
			line, err := pair.EncodeEvent(e)
			if err != nil {
				return fmt.Errorf("write the comparison: %w", err)
			}
			out.Write(line)
			out.WriteByte('\n')
		}
	case Markdown:
		c.markdown(&out)
	case Text:
		c.text(&out)
	default:
		_, err := ParseComparisonFormat(string(format))
		return err
	}
	if _, err := io.WriteString(w, apierror.Redact(out.String())); err != nil {
		return fmt.Errorf("write the comparison: %w", err)
	}
	return nil
}

func (c *Comparison) events() []pair.Event {
	events := make([]pair.Event, 0, 1+len(c.Conditions)+len(c.Directions)+len(c.BySize))
	events = append(events, ComparedEvent{
		Before: c.Before.name(), After: c.After.name(), Reversed: c.Reversed, Sizes: list(c.Sizes), OnlyBefore: c.OnlyBefore, OnlyAfter: c.OnlyAfter,
	})
	for _, condition := range c.Conditions {
		events = append(events, condition)
	}
	for _, change := range slices.Concat(c.Directions, c.BySize) {
		events = append(events, change.Event())
	}
	return events
}

func (c Compared) name() RunName {
	n := RunName{Origin: c.Origin}
	n.Origin.Notes = list(n.Origin.Notes)
	if len(c.Headers) > 0 {
		h := c.Headers[0]
		n.RunID, n.StartedAt, n.A, n.B = h.RunID, h.StartedAt, h.Pair.A.String(), h.Pair.B.String()
	}
	return n
}

// byChance is said wherever many comparisons stand together.
const byChance = "Of comparisons such as these about one in 20 shows a difference where there is none."

// oneRun is said beside it where one run stands on either side: simulated with 72
// samples each, of the spread of S3's delays.
const oneRun = "That holds where the two runs differ in nothing else, which one run a side can't tell: where runs differ by 10 % by themselves, about one in four does. Several a side tell: bothways compare RUN,RUN RUN,RUN."

func (c *Comparison) text(out *strings.Builder) {
	fmt.Fprintf(out, "before  %s\nafter   %s\n\n", wording.Visible(c.Before.sentence()), wording.Visible(c.After.sentence()))
	for _, d := range c.Conditions {
		word := "also differs"
		if d.Warning {
			word = "WARNING"
		}
		fmt.Fprintf(out, "%s: %s: %s before, %s after\n", word, wording.Visible(d.What), wording.Visible(d.Before), wording.Visible(d.After))
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
	for _, change := range c.Directions {
		out.WriteString(change.Ratio.Line() + "\n")
	}
	out.WriteString("\n")
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	row := func(cells ...string) {
		_, _ = io.WriteString(table, strings.Join(cells, "\t")+"\n") // into memory
	}
	row("", "", "before: median s (95 %)", "after: median s (95 %)", "after : before (95 %)")
	for _, change := range c.Directions {
		row(change.cells(c.allSizes("all sizes", "common sizes"))...)
	}
	for _, change := range c.BySize {
		row(change.cells(wording.Size(change.Before.SizeBytes))...)
	}
	_ = table.Flush() // into memory
	out.WriteString("\n" + byChance + " " + oneRun + "\n")
}

func (c Change) cells(size string) []string {
	return []string{c.Before.Direction.Arrow(), size, medianText(c.Before), medianText(c.After), ratioText(c.Ratio)}
}

// medianText is a median with its interval, n and give-ups.
func medianText(s stats.Summary) string {
	text := withInterval(s.Median) + ", n " + strconv.Itoa(s.N)
	if s.GaveUp > 0 {
		text += ", gave up " + strconv.Itoa(s.GaveUp)
	}
	return text
}

// ratioText is a ratio with its interval, and whether it shows a difference, or
// why nothing could be compared.
func ratioText(v stats.Verdict) string {
	ratio, shown := ratioWords(v)
	if !v.Enough {
		return ratio
	}
	return ratio + " " + shown
}

// ratioWords is the same in two: the ratio, and whether it is shown. Where
// there is none, both are the reason.
func ratioWords(v stats.Verdict) (ratio, shown string) {
	if !v.Enough {
		return v.Reason.Words(), v.Reason.Words()
	}
	text := "×?"
	if known := v.Event().Ratio; known != nil {
		text = "×" + factor(*known)
	}
	text += " (" + stats.IntervalText(v.Lower, v.Upper, factor) + ")"
	if v.Shown {
		return text, "shown"
	}
	return text, "not shown"
}

// factor writes two decimals, more where it takes them to tell it from 1 or from
// 0, and none where they say nothing.
func factor(x float64) string {
	switch {
	case x >= 100 && !math.IsInf(x, 1):
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x > 0 && x < 0.095:
		return strconv.FormatFloat(x, 'f', 1-int(math.Floor(math.Log10(x))), 64)
	}
	for digits := 2; ; digits++ {
		text := strconv.FormatFloat(x, 'f', digits, 64)
		if text != "1."+strings.Repeat("0", digits) || x == 1 || digits == 6 {
			return text
		}
	}
}

func (c *Comparison) markdown(out *strings.Builder) {
	fmt.Fprintf(out, "# S3 replication times, before and after\n\n- Before: %s\n- After: %s\n\n", markdownText(c.Before.sentence()), markdownText(c.After.sentence()))
	if len(c.Conditions) > 0 {
		out.WriteString("| also differs | before | after | |\n|---|---|---|---|\n")
		for _, d := range c.Conditions {
			word := ""
			if d.Warning {
				word = "**with this alone the times can differ**"
			}
			fmt.Fprintf(out, "| %s | %s | %s | %s |\n", markdownText(d.What), markdownText(d.Before), markdownText(d.After), word)
		}
		out.WriteString("\n")
	}
	for _, note := range c.notes() {
		out.WriteString("- " + markdownText(note) + "\n")
	}
	if len(c.Sizes) == 0 {
		return
	}
	for _, change := range c.Directions {
		out.WriteString("- " + markdownText(change.Ratio.Line()) + "\n")
	}
	out.WriteString("\n| direction | size | before: median s (95 %) | n | gave up | after: median s (95 %) | n | gave up | after : before (95 %) | difference |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---|\n")
	for _, change := range c.Directions {
		change.row(out, c.allSizes("all", "common"))
	}
	for _, change := range c.BySize {
		change.row(out, wording.Size(change.Before.SizeBytes))
	}
	out.WriteString("\n" + byChance + " " + oneRun + "\n")
}

func (c Change) row(out *strings.Builder, size string) {
	figures := func(s stats.Summary) []string {
		return []string{withInterval(s.Median), strconv.Itoa(s.N), strconv.Itoa(s.GaveUp)}
	}
	cells := slices.Concat([]string{c.Before.Direction.Arrow(), size}, figures(c.Before), figures(c.After))
	ratio, shown := ratioWords(c.Ratio)
	out.WriteString(markdownRow(append(cells, ratio, shown)))
}
