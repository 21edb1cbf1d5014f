package command

import (
	"errors"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	auditreport "bothways/aws/audit/report"
	"bothways/aws/journal"
	"bothways/probe/report"
	"bothways/ui/command/drilled"
	"bothways/ui/command/system"
	"bothways/ui/command/usage"
	"bothways/ui/figure"
	"bothways/ui/runs"
)

func (a *app) reportCommand() *cobra.Command {
	var format, target string
	var mask bool
	c := &cobra.Command{
		Use:   "report [RUN…]",
		Short: "Write a run's results: the newest run, or the one that RUN names (an ID, the beginning of one, or a journal's file)",
		Long: "Writes the results of a run to stdout, computed anew from its raw samples. Several runs of one pair are taken together as if they were one, and it is said that they were. " +
			"Of an audit it writes its differences, as " + usage.OneOf(auditreport.Formats()) + ". Of a drill it writes the report, as markdown or html; bothways drill report writes all of the evidence.\n\n" + formatsHelp() + "\n\n" + auditreport.CSVHelp(),
		Example: reportExample,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{""} // the newest
			}
			return a.report(args, format, target, c.Flags().Changed("target"), mask)
		},
	}
	c.Flags().StringVar(&format, "format", string(report.Markdown), "write it as "+usage.OneOf(report.Formats()))
	usage.Completes(c, "format", report.Formats())
	c.Flags().StringVar(&target, "target", "", targetHelp+" (default that of the run)")
	maskFlag(c, &mask)
	return c
}

// formatsHelp says what each format is good for.
func formatsHelp() string {
	var text strings.Builder
	text.WriteString("The formats:\n")
	for _, kind := range report.Kinds() {
		text.WriteString("\n  " + string(kind.Format) + ": " + kind.Holds)
	}
	for _, kind := range report.Kinds() {
		if kind.Details != nil {
			text.WriteString("\n\n" + kind.Details())
		}
	}
	return text.String()
}

func (a *app) report(names []string, format, target string, typed, mask bool) (err error) {
	asked := target
	if !typed { // a default is for what has a target
		asked = ""
	}
	if done, err := a.reportAudit(names, format, asked, mask); done || err != nil {
		return err
	}
	if done, err := a.reportDrill(names, format, asked, mask); done || err != nil {
		return err
	}
	wanted, err := report.ParseFormat(format)
	if err != nil {
		return usage.Wrong("--format: %w", err)
	}
	within, err := readTarget(target)
	if err != nil {
		return err
	}
	beside := a.beside()
	defer beside.Close()
	beside.Wait("reading the samples")
	open := runs.Open
	if len(names) == 1 { // what is taken together has to be in memory
		open = func(dir, name string) (*runs.Measured, error) {
			return runs.OpenFar(dir, name, func(read, size int64) { beside.Share("reading the samples", read, size) })
		}
		defer system.SpareMemory()()
	}
	all := make([]report.Compared, len(names))
	for i, name := range names {
		if all[i], err = a.measured(open, name, mask); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, all[i].Close()) }()
		if within > 0 {
			all[i].Target = within
		}
	}
	if len(all) > 1 {
		if twice := report.Twice(all); twice != "" {
			return usage.Wrong("%s: name each run once", twice)
		}
	}
	found, err := report.Pool(all)
	if err != nil {
		return err
	}
	if term.IsTerminal(a.process.Stdout.Fd()) { // the report goes to the same one
		beside.Close()
	} else {
		beside.Wait("writing the report")
	}
	return report.Write(a.process.Stdout, found.Run, wanted, figure.Options(found.Run, found.Origin))
}

// reportDrill writes the report of a drill, where the one run that is named is one.
func (a *app) reportDrill(names []string, format, target string, mask bool) (done bool, err error) {
	if len(names) != 1 {
		return false, nil
	}
	path, _, err := runs.Path(journal.Folder(a.process.getenv), names[0])
	if err != nil || !drilled.Is(path) {
		return false, nil //nolint:nilerr // whoever looks for samples says so
	}
	if mask {
		return true, usage.Wrong("--mask-accounts: the run is a drill; bothways drill report --to FOLDER --mask-accounts masks all of its evidence")
	}
	if target != "" {
		return true, usage.Wrong("--target is for measurements, and the run is a drill")
	}
	return true, drilled.Print(a.process.Stdout, path, format, version(a.process.Version))
}

func maskFlag(c *cobra.Command, mask *bool) {
	c.Flags().BoolVar(mask, "mask-accounts", false, "put asterisks for AWS account IDs, wherever they stand")
}

// measured reads the run that a name means, "" being the newest, without the IDs
// of accounts where it is masked.
func (a *app) measured(open func(dir, name string) (*runs.Measured, error), name string, mask bool) (report.Compared, error) {
	found, err := open(journal.Folder(a.process.getenv), name)
	if err != nil {
		return report.Compared{}, err
	}
	for _, passed := range found.Passed {
		a.hint("Not read, and maybe newer: " + passed)
	}
	if mask {
		return report.Compared{Origin: found.Origin().MaskAccounts(), Run: found.MaskAccounts()}, nil
	}
	return report.Compared{Origin: found.Origin(), Run: found.Run}, nil
}

const reportExample = `bothways report > newest.md
bothways report 20261122-101500 --format html > run.html`
