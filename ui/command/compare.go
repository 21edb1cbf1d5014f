package command

import (
	"github.com/spf13/cobra"

	"bothways/probe/report"
)

func (a *app) compareCommand() *cobra.Command {
	var format string
	var mask bool
	c := &cobra.Command{
		Use:   "compare BEFORE AFTER",
		Short: "Say how the times changed from one run to another, with intervals",
		Long: "Holds two runs against each other, direction by direction and size by size: how many times as long it takes after as before, " +
			"with the 95 % interval, and what else differs between the runs. A run is named by its ID, the beginning of one, or its journal's file; see bothways runs.",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return wrongUsage("%s takes two runs, the earlier one first, but got %d", c.CommandPath(), len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.compare(args[0], args[1], format, mask) },
	}
	c.Flags().StringVar(&format, "format", string(report.Text), "write it as "+oneOf(report.ComparisonFormats()))
	completes(c, "format", report.ComparisonFormats())
	c.Flags().BoolVar(&a.flags.json, "json", false, "the same as --format json: one JSON object a line")
	maskFlag(c, &mask)
	return c
}

func (a *app) compare(before, after, format string, mask bool) error {
	if a.flags.json {
		format = string(report.JSON)
	}
	wanted, err := report.ParseComparisonFormat(format)
	if err != nil {
		return wrongUsage("--format: %w", err)
	}
	var sides [2]report.Compared
	for i, name := range []string{before, after} {
		if name == "" {
			return wrongUsage("an empty name is not a run: see bothways runs")
		}
		if sides[i], err = a.measured(name, mask); err != nil {
			return err
		}
	}
	return report.Compare(sides[0], sides[1]).Write(a.process.Stdout, wanted)
}
