package usage

import (
	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"
)

// OneOf words a choice: "a, b or c".
func OneOf[T ~string](names []T) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return english.WordSeries(texts, "or")
}

// Completes has the shell complete a flag that takes one of a few names.
func Completes[T ~string](c *cobra.Command, flag string, names []T) {
	all := make([]cobra.Completion, len(names))
	for i, name := range names {
		all[i] = cobra.Completion(name)
	}
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(all, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // there is no such flag
	}
}
