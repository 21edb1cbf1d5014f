package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// Text is a format of comparisons alone, for people at a terminal.
const Text Format = "text"

// ComparisonFormats lists the formats of a comparison.
func ComparisonFormats() []Format { return []Format{Text, JSON, Markdown} }

// ComparedEvent is a comparison as JSON.
type ComparedEvent struct {
	Before   string           `json:"before"` // run IDs
	After    string           `json:"after"`
	Sentence string           `json:"sentence"`
	Notes    []string         `json:"notes"`
	PutRight difference.Tally `json:"put_right"`
	New      difference.Tally `json:"new"`
	Stays    difference.Tally `json:"stays"`
	// Changed are those that stay and have another verdict than before.
	Changed []ChangedVerdict `json:"changed"`
}

// ChangedVerdict is how many of what stays have another verdict than before, with
// the first of them.
type ChangedVerdict struct {
	From     difference.Verdict      `json:"from"`
	To       difference.Verdict      `json:"to"`
	Versions int64                   `json:"versions"`
	Rows     []difference.Difference `json:"rows"`
}

// EventName implements pair.Event.
func (ComparedEvent) EventName() string { return "audits_compared" }

// Sentence is the comparison in one: what is left comes first.
func (c *Comparison) Sentence() string {
	right, fresh, stays := versions(c.PutRight), versions(c.New), versions(c.Stays)
	if right+fresh+stays == 0 {
		return "Nothing was wrong before, and nothing is after."
	}
	head := "Nothing of what differed before differs still"
	if stays > 0 {
		head = count(stays, "difference") + " stayed"
		if stays > 1 {
			head = count(stays, "difference") + " stay"
		}
	}
	var changed int64
	for _, n := range c.Changed {
		changed += n
	}
	if changed > 0 {
		head += " (" + words.Number(changed) + " with another verdict)"
	}
	return head + "; " + words.Number(right) + " put right; " + words.Number(fresh) + " new."
}

func versions(t difference.Tally) (n int64) {
	for _, g := range t.Groups {
		n += g.Versions
	}
	return n
}

// Notes say what a comparison can't tell.
func (c *Comparison) Notes() []string {
	var notes []string
	if !c.After.Complete() {
		notes = append(notes, "The later audit did not come to its end: what it did not reach counts as put right here.")
	}
	if !c.Before.Complete() {
		notes = append(notes, "The earlier audit did not come to its end: what it did not reach counts as new here.")
	}
	if c.Before.Started.Prefix != c.After.Started.Prefix || !c.Before.Started.Since.Equal(c.After.Started.Since) {
		notes = append(notes, "They compared other things: "+Scope(c.Before.Started)+"; and "+Scope(c.After.Started)+".")
	}
	if c.After.Started.CutOff.Before(c.Before.Started.CutOff) {
		notes = append(notes, "The one that was given second is the older one.")
	}
	return notes
}

// Write writes the comparison in a format.
func (c *Comparison) Write(w io.Writer, format Format) error {
	notes := c.Notes()
	if format == JSON {
		if notes == nil {
			notes = []string{}
		}
		line, err := pair.EncodeEvent(ComparedEvent{Before: c.Before.RunID, After: c.After.RunID, Sentence: c.Sentence(), Notes: notes, PutRight: c.PutRight, New: c.New, Stays: c.Stays, Changed: c.changedVerdicts()})
		if err == nil {
			_, err = w.Write(append(line, '\n'))
		}
		return err
	}
	if !slices.Contains(ComparisonFormats(), format) {
		return fmt.Errorf("%q is not a format of a comparison: use %s", format, joined(ComparisonFormats()))
	}
	escape, title, item := wording.Visible, "%s\n", "  %s\n"
	if format == Markdown {
		escape, title, item = wording.Markdown, "\n## %s\n\n", "- %s\n"
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n", escape(c.Sentence()))
	for _, note := range notes {
		fmt.Fprintf(&out, "%s\n", escape(note))
	}
	for _, part := range []struct {
		name  string
		tally difference.Tally
		rows  []difference.Difference
	}{{"Stays", c.Stays, c.StaysRows}, {"New", c.New, c.NewRows}, {"Put right", c.PutRight, c.PutRightRows}} {
		if versions(part.tally) == 0 {
			continue
		}
		fmt.Fprintf(&out, title, part.name)
		for _, r := range words.Rows(part.tally) {
			fmt.Fprintf(&out, item, escape(rowText(r)))
		}
		for _, d := range part.rows {
			fmt.Fprintf(&out, item, escape("such as "+words.Example(d)))
		}
	}
	if len(c.Changed) > 0 {
		fmt.Fprintf(&out, title, "Another verdict than before (of those that stay)")
	}
	for _, to := range c.changes() {
		fmt.Fprintf(&out, item, escape(fmt.Sprintf("%s, before: %s: %s", words.Label(to.To), words.Label(to.From), count(c.Changed[to], "version"))))
		for _, d := range c.ChangedRows[to] {
			fmt.Fprintf(&out, item, escape("such as "+words.Example(d)))
		}
	}
	fmt.Fprintf(&out, title, "Compared")
	for _, a := range []Audit{c.Before, c.After} {
		fmt.Fprintf(&out, item, escape(a.RunID+": "+Scope(a.Started)+", up to "+Instant(a.Started.CutOff)))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (c *Comparison) changedVerdicts() []ChangedVerdict {
	all := make([]ChangedVerdict, 0, len(c.Changed))
	for _, to := range c.changes() {
		all = append(all, ChangedVerdict{to.From, to.To, c.Changed[to], c.ChangedRows[to]})
	}
	return all
}

// rowText is a row of the table on one line.
func rowText(r words.Row) string {
	parts := []string{words.Symbol(r.Verdict) + " " + words.Label(r.Verdict)}
	for _, more := range []string{words.Cause(r.Cause), Arrow(r.Way), words.Do(r.Remedy)} {
		if more != "" {
			parts = append(parts, more)
		}
	}
	return strings.Join(parts, ", ") + ": " + count(r.Versions, "version") + ", " + wording.Size(r.Bytes)
}
