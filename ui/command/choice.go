package command

import (
	"strings"

	"github.com/spf13/cobra"
)

// oneOf words a choice: "a, b or c".
func oneOf[T ~string](names []T) string {
	var text strings.Builder
	for i, name := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			text.WriteString(" or ")
		default:
			text.WriteString(", ")
		}
		text.WriteString(string(name))
	}
	return text.String()
}

// completes has the shell complete a flag that takes one of a few names.
func completes[T ~string](c *cobra.Command, flag string, names []T) {
	all := make([]cobra.Completion, len(names))
	for i, name := range names {
		all[i] = cobra.Completion(name)
	}
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(all, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // there is no such flag
	}
}
