package help

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Reference is a page in Markdown of a command, all below it, and the pages of
// help.
func Reference(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# Commands and flags\n\nThe same as `" + root.Name() + " COMMAND --help` says. This page is written by the program: change the commands, not the page.\n")
	refer(&b, root)
	return b.String()
}

func refer(b *strings.Builder, c *cobra.Command) {
	if c.Name() == "help" {
		return // it says itself what it does
	}
	title := c.CommandPath()
	if topic(c) {
		title = c.Root().Name() + " help " + c.Name()
	}
	b.WriteString("\n## " + title + "\n\n")
	about := c.Long
	if about == "" {
		about = c.Short
	}
	b.WriteString(prose(sentence(about)))
	if c.Runnable() {
		b.WriteString("\n```\n" + c.UseLine() + "\n```\n")
	}
	if c.Example != "" {
		b.WriteString("\n```sh\n" + c.Example + "\n```\n")
	}
	for _, g := range groups() {
		rows := 0
		c.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
			if f.Hidden || f.Name == "help" || groupOf(f) != g {
				return
			}
			if rows++; rows == 1 {
				fmt.Fprintf(b, "\n| %s | |\n|---|---|\n", g)
			}
			b.WriteString(flagRow(shown(f)))
		})
	}
	for _, child := range c.Commands() {
		if listed(child) {
			refer(b, child)
		}
	}
}

// flagRow is a line of a table.
func flagRow(f *pflag.Flag) string {
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	value, says := pflag.UnquoteUsage(f)
	if value != "" {
		name += " " + value
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
		says += " (default " + f.DefValue + ")"
	}
	return "| `" + name + "` | " + cell(says) + " |\n"
}

// cell is text that stays text in a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`, "\n", " ").Replace(text)
}

// prose leaves paragraphs to who draws the page, and sets lines that are aligned,
// as of a table, in a block that keeps them.
func prose(text string) string {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if strings.HasPrefix(paragraph, " ") || strings.Contains(paragraph, "\n ") || strings.HasPrefix(paragraph, "{") {
			b.WriteString("```text\n" + paragraph + "\n```\n\n")
			continue
		}
		b.WriteString(cell(paragraph) + "\n\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
