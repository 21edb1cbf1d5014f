package command

import (
	"fmt"
	"strings"
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
	c.Flags().BoolVar(&a.flags.plain, "plain", false, "write lines, as into a pipe: no colours, no tables")
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
			if lines.Err() != nil {
				break // nobody reads the rest
			}
			e.Read(now)
			lines.Event(e)
		}
		return lines.Err()
	}
	lines := a.lines()
	if len(entries) == 0 {
		lines.Line("No runs in %s yet: bothways probe makes one.", dir)
	}
	if lines.Wide() {
		a.drawRuns(lines, entries, now)
		return lines.Err()
	}
	for _, e := range entries {
		if lines.Err() != nil {
			break // nobody reads the rest
		}
		e.Read(now)
		lines.Line("%s", runLine(e))
		for _, more := range runDetails(e) {
			lines.Line("    %s", more)
		}
	}
	return lines.Err()
}

// drawRuns lists the runs as a table.
func (a *app) drawRuns(lines *plain.Writer, entries []runs.Entry, now time.Time) {
	rows := make([][]string, 0, len(entries))
	for i, e := range entries {
		a.screen().Wait(fmt.Sprintf("reading run %d of %d", i+1, len(entries)))
		e.Read(now)
		about := append([]string{runAbout(e)}, runDetails(e)...)
		rows = append(rows, []string{e.RunID, runStarted(e), e.Command, string(e.State), strings.TrimSpace(strings.Join(about, "\n"))})
	}
	a.screen().Done()
	lines.Table([]string{"run", "started", "command", "state", "what"}, rows)
}

func runStarted(e runs.Entry) string {
	if e.StartedAt.IsZero() {
		return "?"
	}
	return e.StartedAt.UTC().Format("2006-01-02 15:04 UTC")
}

func runLine(e runs.Entry) string {
	line := fmt.Sprintf("%-20s  %-20s  %-8s  %-11s", e.RunID, runStarted(e), e.Command, e.State)
	if about := runAbout(e); about != "" {
		line += "  " + about
	}
	return line
}

// runAbout says between which sides a run was, and how much of it there is.
func runAbout(e runs.Entry) string {
	switch {
	case e.Drill != "":
		return fmt.Sprintf("drill, %s, of %s ⇄ %s", e.Drill, e.A, e.B)
	case e.Audit:
		return fmt.Sprintf("audit of %s ⇄ %s", e.A, e.B)
	case e.A != "":
		return fmt.Sprintf("%d samples  %s ⇄ %s", e.Samples, e.A, e.B)
	case e.State != runs.Unreadable && e.Command == "probe":
		return "nothing measured"
	}
	return ""
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
