package command

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"bothways/aws/journal"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/figure"
)

func (a *app) reportCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "report [RUN]",
		Short: "Write a run's results: the newest run, or the one that RUN names (an ID, or a journal's file)",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrongUsage("%s takes one run, but got %d", c.CommandPath(), len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.report(args, format) },
	}
	c.Flags().StringVar(&format, "format", "markdown", "write it as json, csv, markdown, lambda or html")
	return c
}

func (a *app) report(args []string, format string) error {
	wanted, err := report.ParseFormat(format)
	if err != nil {
		return wrongUsage("--format: %w", err)
	}
	path, err := a.findRun(args)
	if err != nil {
		return err
	}
	run, opening, err := readRun(path)
	if err != nil {
		return fmt.Errorf("read the run %s: %w", path, err)
	}
	if len(run.Samples) == 0 {
		return fmt.Errorf("the run %s has no samples: nothing was measured in it", path)
	}
	origin := report.Origin{Version: opening.Version, Access: opening.Access, Notes: opening.Notes}
	return report.Write(a.process.Stdout, run, wanted, figure.Options(run, origin))
}

// findRun is the journal that the argument names, or else the newest in which
// something was measured.
func (a *app) findRun(args []string) (string, error) {
	dir := journal.Folder(a.process.getenv)
	if len(args) == 1 {
		if info, err := os.Stat(args[0]); err == nil && !info.IsDir() {
			return args[0], nil
		}
		return journal.Find(dir, args[0])
	}
	return journal.Newest(dir, probe.Sample{}.EventName())
}

func readRun(path string) (*report.Run, journal.Opening, error) {
	file, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, journal.Opening{}, err
	}
	defer file.Close()
	opening, err := journal.ReadOpening(file)
	if err != nil {
		return nil, opening, err
	}
	run, err := report.Read(file)
	return run, opening, err
}
