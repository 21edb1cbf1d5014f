package command

import (
	"strings"

	"github.com/spf13/cobra"

	"bothways/aws/journal"
	"bothways/probe/report"
	"bothways/ui/figure"
	"bothways/ui/runs"
)

func (a *app) reportCommand() *cobra.Command {
	var format string
	var mask bool
	c := &cobra.Command{
		Use:   "report [RUN]",
		Short: "Write a run's results: the newest run, or the one that RUN names (an ID, the beginning of one, or a journal's file)",
		Long: "Writes the results of a run to stdout, computed anew from its raw samples. " + formatsHelp() + "\n\n" +
			"The columns of csv, whose times are milliseconds from posted_at in full precision:\n\n" + report.CSVHelp(),
		Args: atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.report(append(args, "")[0], format, mask)
		},
	}
	c.Flags().StringVar(&format, "format", string(report.Markdown), "write it as "+oneOf(report.Formats()))
	completes(c, "format", report.Formats())
	c.Flags().BoolVar(&mask, "mask-accounts", false, "put asterisks for AWS account IDs, wherever they stand")
	return c
}

// formatsHelp says what each format is good for.
func formatsHelp() string {
	var texts []string
	for _, kind := range report.Kinds() {
		texts = append(texts, string(kind.Format)+": "+kind.Holds)
	}
	return "The formats:\n\n  " + strings.Join(texts, "\n  ")
}

// atMost refuses more arguments than a command knows what to do with.
func atMost(most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > most {
			return wrongUsage("%s takes one run, but got %d", c.CommandPath(), len(args))
		}
		return nil
	}
}

func (a *app) report(name, format string, mask bool) error {
	wanted, err := report.ParseFormat(format)
	if err != nil {
		return wrongUsage("--format: %w", err)
	}
	found, err := runs.Open(journal.Folder(a.process.getenv), name)
	if err != nil {
		return err
	}
	run, origin := found.Run, found.Origin()
	if mask {
		run, origin = run.MaskAccounts(), origin.MaskAccounts()
	}
	return report.Write(a.process.Stdout, run, wanted, figure.Options(run, origin))
}
