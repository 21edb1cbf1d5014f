package usage

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// NothingEmpty refuses flags and arguments without a text, as a shell makes them of
// a variable that is not set: taken as not given, they would have a command act on
// more than was meant, or as somebody else.
// What a shell asks to complete may be empty.
func NothingEmpty(c *cobra.Command, args []string) error {
	if c.Name() == cobra.ShellCompRequestCmd || c.Name() == cobra.ShellCompNoDescRequestCmd {
		return nil
	}
	var empty []string
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Value.String() == "" {
			empty = append(empty, "--"+f.Name)
		}
	})
	switch {
	case len(empty) == 1:
		return Wrong("%s is empty: give it a value, or leave it out", empty[0])
	case len(empty) > 1:
		return Wrong("%s are empty: give each a value, or leave it out", strings.Join(empty, ", "))
	case slices.Contains(args, ""):
		return Wrong("an argument of %s is empty: give it a value, or leave it out", c.CommandPath())
	}
	return nil
}
