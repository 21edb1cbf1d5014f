package page

import (
	"fmt"
	"io"
	"strings"

	"bothways/aws/drill/evidence/figures"
	"bothways/probe/wording"
)

// Markdown writes the report as Markdown.
func Markdown(w io.Writer, r figures.Report) error {
	d := compose(r)
	var out strings.Builder
	say := func(format string, texts ...string) {
		values := make([]any, len(texts))
		for i, text := range texts {
			values[i] = wording.Markdown(text)
		}
		fmt.Fprintf(&out, format, values...)
	}
	say("# %s\n\n%s\n\n", d.Title, d.Lead)
	for _, n := range d.Notes {
		say("**%s**\n\n", n)
	}
	say("**%s**\n", d.Headline)
	if len(d.Cards) > 0 {
		out.WriteString("\n")
	}
	for _, c := range d.Cards {
		say("- %s: **%s** (%s)\n", c.Name, c.Figure, c.Detail)
	}
	for _, s := range d.Sections {
		if s.Drawing > 0 && len(s.Tables) == 0 {
			continue // it is only in the page
		}
		say("\n## %s\n", s.Title)
		for _, text := range s.Text {
			say("\n%s\n", text)
		}
		if len(s.Facts)+len(s.List) > 0 {
			out.WriteString("\n")
		}
		for _, f := range s.Facts {
			say("- %s: %s\n", f.Name, f.Text)
		}
		for _, line := range s.List {
			say("- %s\n", line)
		}
		for _, t := range s.Tables {
			markdownTable(&out, t, t.Title != s.Title)
		}
		if len(s.Verbatim) > 0 {
			out.WriteString("\n")
		}
		for _, line := range s.Verbatim { // indented: nothing in it can end the block
			out.WriteString("    " + wording.Visible(line) + "\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func markdownTable(out *strings.Builder, t table, titled bool) {
	if titled {
		out.WriteString("\n### " + wording.Markdown(t.Title) + "\n")
	}
	out.WriteString("\n")
	for i, row := range append([][]string{t.Head}, t.Rows...) {
		cells := make([]string, len(row))
		for j, c := range row {
			cells[j] = wording.Markdown(c)
		}
		out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		if i == 0 {
			out.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
}
