package usage

import (
	"errors"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// OneOf words a choice: "a, b or c".
func OneOf[T ~string](names []T) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return english.WordSeries(texts, "or")
}

// choices is the annotation of a flag that takes one of a few names.
const choices = "bothways_choices"

// Completes has the shell complete a flag that takes one of a few names, and Spelt
// take them in capitals, too.
func Completes[T ~string](c *cobra.Command, flag string, names []T) {
	all := make([]cobra.Completion, len(names))
	for i, name := range names {
		all[i] = cobra.Completion(name)
	}
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(all, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // there is no such flag
	}
	if err := c.Flags().SetAnnotation(flag, choices, all); err != nil {
		panic(err) // as above
	}
}

// Spelt writes what was given for such flags as their names are written, whatever
// its case. What is none of the names is left to the command to refuse.
func Spelt(c *cobra.Command) error {
	var failed error
	c.Flags().Visit(func(f *pflag.Flag) {
		for _, name := range f.Annotations[choices] {
			if given := f.Value.String(); given != name && strings.EqualFold(given, name) {
				failed = errors.Join(failed, f.Value.Set(name))
			}
		}
	})
	return failed
}

// Choices are the names that a flag takes, nil where it takes others.
func Choices(f *pflag.Flag) []string { return f.Annotations[choices] }
