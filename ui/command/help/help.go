// Package help words what --help and help print: commands by what they are for,
// flags by what they are about, lines that fit the terminal, and pages on what no
// single command has to say.
package help

import (
	"fmt"
	"io"
	"os"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const (
	// piped is the width of help that no terminal shows, in columns.
	piped = 80
	// widest is that of lines that are still easy to read.
	widest = 100
	// narrowest leaves a flag's words some room beside its name.
	narrowest = 40
)

// Use has a command and all below it print this help to a file, as its terminal
// can show it.
func Use(root *cobra.Command, out *os.File, environ []string) {
	lipgloss.EnableLegacyWindowsANSI(out)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		w := colorprofile.NewWriter(c.OutOrStdout(), environ)
		if !term.IsTerminal(out.Fd()) {
			w.Profile = colorprofile.NoTTY
		}
		_, _ = io.WriteString(w, Text(c, width(out))) // whether it could be written is seen by who gave the writer
	})
	root.SetUsageFunc(func(c *cobra.Command) error {
		_, err := io.WriteString(c.OutOrStderr(), ansi.Strip(Text(c, piped)))
		return err
	})
	root.AddCommand(topics()...)
}

// width is how many columns there are for help.
func width(out *os.File) int {
	columns, _, err := term.GetSize(out.Fd())
	if err != nil || columns <= 0 {
		return piped
	}
	return min(max(columns, narrowest), widest)
}

// Text is the help of a command in so many columns, with headings set off by
// escape sequences.
func Text(c *cobra.Command, columns int) string {
	var b strings.Builder
	about := c.Long
	if about == "" {
		about = c.Short
	}
	b.WriteString(wrap(sentence(about), "", columns) + "\n")
	if !c.HasParent() || c.Runnable() || c.HasAvailableSubCommands() {
		b.WriteString(heading("Usage"))
		if c.Runnable() {
			b.WriteString(wrap(c.UseLine(), "  ", columns) + "\n")
		}
		if c.HasAvailableSubCommands() {
			b.WriteString("  " + c.CommandPath() + " COMMAND [flags]\n")
		}
	}
	if c.Example != "" {
		b.WriteString(heading("Examples") + pasted(c.Example, columns) + "\n")
	}
	commands(&b, c, columns)
	if topic(c) {
		return b.String()
	}
	for _, g := range groups() {
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && groupOf(f) == g {
				set.AddFlag(shown(f))
			}
		})
		if set.HasFlags() {
			b.WriteString(heading(hanging(string(g), "", columns-1)) + set.FlagUsagesWrapped(columns))
		}
	}
	if !c.HasParent() {
		b.WriteString("\n" + wrap("See bothways COMMAND --help for more on a command.", "", columns) + "\n")
	}
	return b.String()
}

// heading begins a part.
func heading(text string) string {
	return "\n" + lipgloss.NewStyle().Bold(true).Render(text+":") + "\n"
}

// commands lists what is below a command, by what it is for.
func commands(b *strings.Builder, c *cobra.Command, columns int) {
	longest := 0
	for _, child := range c.Commands() {
		if listed(child) {
			longest = max(longest, len(child.Name()))
		}
	}
	list := func(title string, belongs func(*cobra.Command) bool) {
		var lines strings.Builder
		for _, child := range c.Commands() {
			if listed(child) && belongs(child) {
				left := fmt.Sprintf("  %-*s  ", longest, child.Name())
				lines.WriteString(left + hanging(brief(child.Short), strings.Repeat(" ", len(left)), columns) + "\n")
			}
		}
		if lines.Len() > 0 {
			b.WriteString(heading(title) + lines.String())
		}
	}
	for _, g := range c.Groups() {
		list(g.Title, func(child *cobra.Command) bool { return child.GroupID == g.ID })
	}
	other := "Commands"
	if len(c.Groups()) > 0 {
		other = "Other commands"
	}
	list(other, func(child *cobra.Command) bool { return child.GroupID == "" && !topic(child) })
	list("More help (bothways help NAME)", topic)
}

// brief is the first sentence of what a command is for.
func brief(text string) string {
	first, _, _ := strings.Cut(text, ". ")
	first, _, _ = strings.Cut(first, " (")
	first, _, _ = strings.Cut(first, "; ")
	return first
}

func listed(c *cobra.Command) bool { return !c.Hidden && c.Deprecated == "" }

// topic says that there is nothing to run: it is a page to read.
func topic(c *cobra.Command) bool { return !c.Runnable() && !c.HasSubCommands() }

// sentence begins with a capital and ends with a full stop.
func sentence(text string) string {
	if !strings.HasSuffix(text, ".") && !strings.Contains(text, "\n") {
		text += "."
	}
	return text
}

// wrap breaks lines between words, and leaves lines that begin with a space, as
// tables do, as they are where they fit.
func wrap(text, indent string, columns int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		words := strings.TrimLeft(line, " ")
		switch before := line[:len(line)-len(words)]; {
		case before == "":
			lines[i] = indent + hanging(line, indent, columns)
		case ansi.StringWidth(line) > columns:
			lines[i] = before + hanging(words, before+"  ", columns)
		}
	}
	return strings.Join(lines, "\n")
}

// hanging breaks a line whose first part begins behind an indent.
func hanging(line, indent string, columns int) string {
	whole := strings.NewReplacer("-", unbroken) // the library breaks behind hyphens, and in flags there are some
	wrapped := ansi.Wordwrap(whole.Replace(line), max(columns-len(indent), 20), "")
	return strings.ReplaceAll(strings.ReplaceAll(wrapped, unbroken, "-"), "\n", "\n"+indent)
}

// unbroken stands for a hyphen while lines are broken.
const unbroken = "\u2011"

// pasted is text to paste: a command that is too long goes on in the next line, as
// a shell reads it, and a comment too.
func pasted(text string, columns int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		comment := strings.HasPrefix(line, "# ")
		switch {
		case line == "" || ansi.StringWidth(line) <= columns-2:
			lines[i] = strings.TrimRight("  "+line, " ")
		case comment:
			lines[i] = "  # " + hanging(line[2:], "  # ", columns)
		case strings.HasPrefix(line, "bothways "):
			lines[i] = "  " + strings.ReplaceAll(hanging(line, "    ", columns-2), "\n", " \\\n")
		default:
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "\n")
}
