package command

import (
	"github.com/spf13/cobra"

	"bothways/ui/command/usage"
)

// drillCommand is the parent of what there is to do about drills.
func (a *app) drillCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "drill",
		Short: "A rehearsed loss of a side: its evidence, written to a folder and checked",
		Args:  usage.NoArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return usage.Wrong("%s needs a command of its own: see %s --help", c.CommandPath(), c.CommandPath())
		},
	}
}
