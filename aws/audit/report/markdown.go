package report

import (
	"fmt"
	"io"
	"strings"

	"bothways/aws/audit/words"
	"bothways/probe/wording"
)

// examples is how many versions of a group Markdown names.
const examples = 5

func writeMarkdown(w io.Writer, a Audit) error {
	some, err := a.sampled(examples)
	if err != nil {
		return err
	}
	var out strings.Builder
	out.WriteString("# Audit of two buckets that replicate to each other\n\n")
	for _, note := range a.Notes {
		out.WriteString("**" + wording.Markdown(note) + "**\n\n")
	}
	out.WriteString(wording.Markdown(words.Headline(a.Tally, a.Complete(), a.lists())) + "\n")
	if mending := words.Mending(a.Tally); mending != "" {
		out.WriteString("\n" + wording.Markdown(mending) + "\n")
	}
	a.verdictTable().markdown(&out)
	a.listedTable().markdown(&out)
	if all := a.remedies(); len(all) > 0 {
		out.WriteString("\n## What puts it right\n\n")
		for _, f := range all {
			fmt.Fprintf(&out, "- %s: %s\n", wording.Markdown(f.Name), wording.Markdown(f.Text))
		}
	}
	some.markdown(&out, a)
	out.WriteString("\n## How it was made\n\n")
	for _, f := range a.Facts() {
		fmt.Fprintf(&out, "- %s: %s\n", wording.Markdown(f.Name), strings.TrimSuffix(wording.Markdown(f.Text), ".")+".")
	}
	_, err = io.WriteString(w, out.String())
	return err
}

func (t table) markdown(out *strings.Builder) {
	row := func(cells []string) {
		escaped := make([]string, len(cells))
		for i, c := range cells {
			escaped[i] = wording.Markdown(c)
		}
		out.WriteString("| " + strings.Join(escaped, " | ") + " |\n")
	}
	out.WriteString("\n## " + t.Title + "\n\n")
	row(t.Head)
	out.WriteString(strings.Repeat("|---", len(t.Head)-t.Figures) + strings.Repeat("|---:", t.Figures) + "|\n")
	for _, r := range t.Rows {
		row(r)
	}
}

// markdown lists the examples of each group with the evidence of its first one.
func (s sample) markdown(out *strings.Builder, a Audit) {
	if s.all == 0 {
		return
	}
	out.WriteString("\n## Examples\n")
	for _, r := range words.Rows(a.Tally) {
		rows := s.rows[r.Group]
		if len(rows) == 0 {
			continue
		}
		title := words.Label(r.Verdict)
		if cause := words.Cause(r.Cause); cause != "" {
			title += ", " + cause
		}
		if arrow := Arrow(r.Way); arrow != "" {
			title += ", " + arrow
		}
		fmt.Fprintf(out, "\n### %s\n\n%s\n\n", wording.Markdown(title), wording.Markdown(words.Meaning(r.Verdict)))
		for _, d := range rows {
			fmt.Fprintf(out, "- %s\n", wording.Markdown(words.Example(d)))
		}
		if more := r.Versions - int64(len(rows)); more > 0 {
			fmt.Fprintf(out, "- and %s more, which the CSV and JSON reports list\n", words.Number(more))
		}
		for _, fact := range rows[0].Evidence {
			fmt.Fprintf(out, "\nEvidence of the first: %s\n", wording.Markdown(fact))
		}
	}
}
