package configured

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"bothways/ui/command/help"
	"bothways/ui/command/usage"
	"bothways/ui/console/widget"
)

// Example is a file in which all that it can say stands as a comment, with what is
// built in. A line of it that begins with # and no blank, or two of them, is a
// setting.
func Example(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# Settings of bothways. What is typed comes before the environment, that before this file, and this file\n" +
		"# before what is built in. bothways config shows what is in force and why. Nothing here agrees to anything,\n" +
		"# and no credentials belong here.\n\n" +
		"# Colours of the console: " + usage.OneOf(widget.Schemes()) + ". auto asks the terminal for its\n" +
		"# background, and so does high-contrast.\n#theme: auto\n\n" +
		"# What flags are when nobody types them, by command. Those of all are for every command that has them; a\n" +
		"# command's own come before those.\n#defaults:\n#  all:\n")
	commands := everyCommand(root)
	count := map[string]int{}
	for _, c := range commands {
		for _, flag := range settable(c) {
			count[flag]++
		}
	}
	shared := map[string]bool{}
	for _, c := range commands {
		for _, flag := range settable(c) {
			if f := c.Flags().Lookup(flag); count[flag] > 2 && flag != "format" && flag != "metrics" && !shared[flag] {
				shared[flag] = true
				b.WriteString(exampleLine(f))
			}
		}
	}
	for _, c := range commands {
		own := ""
		for _, flag := range settable(c) {
			if !shared[flag] {
				own += exampleLine(c.Flags().Lookup(flag))
			}
		}
		if own != "" {
			b.WriteString("#  " + name(c) + ":\n" + own)
		}
	}
	return b.String()
}

// exampleLine is a flag with what is built in, or what stands for its value.
func exampleLine(f *pflag.Flag) string {
	value := f.DefValue
	switch {
	case value == "[]":
		value = "[" + help.ValueName(f) + "]"
	case value == "":
		value = help.ValueName(f)
	case strings.ContainsAny(value, ":#{}[],&*?|<>=!%@`\"'\\"):
		value = strconv.Quote(value)
	}
	_, about := pflag.UnquoteUsage(f)
	for _, end := range []string{"; ", ": ", " (", ", which ", "\n"} {
		about, _, _ = strings.Cut(about, end)
	}
	return fmt.Sprintf("#    %s: %s  # %s\n", f.Name, value, about)
}
