package command

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"bothways/aws/journal"
	"bothways/ui/command/usage"
	"bothways/ui/plain"
	"bothways/ui/runs"
)

func (a *app) runsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "runs",
		Short: "List the runs that this computer keeps a journal of, the newest first",
		Long: "Lists the runs of the journal's folder: when, what, between which sides, how many samples, how it ended, and what the samples or an audit show. " +
			"A run that can't be read is listed with the reason.",
		Example: "bothways runs",
		Args:    usage.NoArguments,
		RunE:    func(*cobra.Command, []string) error { return a.listRuns() },
	}
	c.Flags().BoolVar(&a.flags.json, "json", false, "write one JSON object a run")
	return c
}

func (a *app) listRuns() error {
	dir := journal.Folder(a.process.getenv)
	entries, err := runs.List(dir)
	if err != nil {
		return err
	}
	now := time.Now()
	if a.flags.json {
		lines := plain.JSON(a.process.Stdout)
		for _, e := range entries { // each as soon as it is read
			e.Read(now)
			lines.Event(e)
		}
		return lines.Err()
	}
	lines := plain.Text(a.process.Stdout)
	if len(entries) == 0 {
		lines.Line("No runs in %s yet: bothways probe makes one.", dir)
	}
	for _, e := range entries {
		e.Read(now)
		lines.Line("%s", runLine(e))
		for _, more := range runDetails(e) {
			lines.Line("    %s", more)
		}
	}
	return lines.Err()
}

func runLine(e runs.Entry) string {
	started := "?"
	if !e.StartedAt.IsZero() {
		started = e.StartedAt.UTC().Format("2006-01-02 15:04 UTC")
	}
	line := fmt.Sprintf("%-20s  %-20s  %-8s  %-11s", e.RunID, started, e.Command, e.State)
	switch {
	case e.Drill != "":
		line += fmt.Sprintf("  drill, %s, of %s ⇄ %s", e.Drill, e.A, e.B)
	case e.Audit:
		line += fmt.Sprintf("  audit of %s ⇄ %s", e.A, e.B)
	case e.A != "":
		line += fmt.Sprintf("  %d samples  %s ⇄ %s", e.Samples, e.A, e.B)
	case e.State != runs.Unreadable && e.Command == "probe":
		line += "  nothing measured"
	}
	return line
}

func runDetails(e runs.Entry) []string {
	var details []string
	for _, text := range append([]string{e.Verdict, e.Error, damage(e)}, e.Notes...) {
		if text != "" {
			details = append(details, text)
		}
	}
	return details
}

// damage names the file with the lines.
func damage(e runs.Entry) string {
	if e.Damage == "" {
		return ""
	}
	return e.Path + ": " + e.Damage
}
