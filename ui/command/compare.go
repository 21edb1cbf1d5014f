package command

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"bothways/probe/report"
	"bothways/ui/command/usage"
	"bothways/ui/runs"
)

func (a *app) compareCommand() *cobra.Command {
	var format string
	var mask bool
	c := &cobra.Command{
		Use:   "compare BEFORE[,BEFORE…] AFTER[,AFTER…]",
		Short: "Say how the times changed from one run to another, with intervals",
		Long: "Holds two runs against each other, direction by direction and size by size: how many times as long it takes after as before, " +
			"with the 95 % interval, and what else differs between the runs. A run is named by its ID, the beginning of one, or its journal's file; see bothways runs.\n\n" +
			"With several runs on one side at least, joined by commas, it is known how much runs differ by themselves, and a change is held against that: " +
			"by Student's test on the logarithms of the runs' medians.\n\n" +
			"Of two audits of one pair it says what was put right, what is new and what stays.",
		Example: compareExample,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage.Wrong("%s takes two runs, the earlier one first, but got %d", c.CommandPath(), len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.compare(args[0], args[1], format, mask) },
	}
	c.Flags().StringVar(&format, "format", string(report.Text), "write it as "+usage.OneOf(report.ComparisonFormats()))
	usage.Completes(c, "format", report.ComparisonFormats())
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
		return usage.Wrong("--format: %w", err)
	}
	if done, err := a.compareAudits(before, after, wanted, mask); done || err != nil {
		return err
	}
	var sides [2][]report.Compared
	names := [2][]string{namesIn(before), namesIn(after)}
	if slices.Contains(slices.Concat(names[0], names[1]), "") {
		return usage.Wrong("an empty name is not a run: see bothways runs")
	}
	for i := range names {
		for _, name := range names[i] {
			found, err := a.measured(runs.Open, name, mask)
			if err != nil {
				return err
			}
			sides[i] = append(sides[i], found)
		}
	}
	if twice := report.Twice(slices.Concat(sides[0], sides[1])); twice != "" {
		return usage.Wrong("%s: that says nothing of what changed, or of how much runs differ", twice)
	}
	if len(sides[0])+len(sides[1]) == 2 {
		return report.Compare(sides[0][0], sides[1][0]).Write(a.process.Stdout, wanted)
	}
	return report.CompareRepeats(sides[0], sides[1]).Write(a.process.Stdout, wanted)
}

// namesIn are the runs that are joined by commas; a file whose name has one is
// itself.
func namesIn(joined string) []string {
	if info, err := os.Stat(joined); err == nil && !info.IsDir() {
		return []string{joined}
	}
	return strings.Split(joined, ",")
}

const compareExample = `bothways compare 20261122-101500-abcd 20261129-101500-efgh

# three runs before a change, and three after it
bothways compare 20261122-10,20261122-11,20261122-12 20261129-10,20261129-11,20261129-12`
