// Package drilled are the commands about a drill that is over.
package drilled

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"bothways/aws/drill/evidence"
	"bothways/aws/drill/record"
	"bothways/aws/journal"
	"bothways/probe/wording"
	"bothways/ui/command/usage"
)

// Host is what the program gives to the commands.
type Host struct {
	Stdout io.Writer
	Hint   func(text string) // a line for people
	// Folder is where the journals lie, and Version that of the program.
	Folder  func() string
	Version string
}

// Commands are those about a drill's evidence.
func Commands(host Host) []*cobra.Command { return []*cobra.Command{report(host), verify(host)} }

func report(host Host) *cobra.Command {
	var to, key string
	var mask bool
	c := &cobra.Command{
		Use:   "report [RUN] --to FOLDER",
		Short: "Write a drill's evidence into a new folder: report, canaries, journal, configurations, sums",
		Long: "Writes the evidence of a drill, of the newest one that has ended or of the one that RUN names (an ID, the beginning of one, or a journal's file), into a folder that is not there yet: " +
			"the report as Markdown, HTML and JSON, every canary as CSV, the journal with chained lines, both replication configurations before, during and after, the lines that undo it, " +
			"how each number was got, which field answers which article, and the sums of all of it. All figures are reckoned anew from the journal. " +
			"A drill that was cut off gives what there is, and says what is missing.\n\n" +
			"With --sign the sums are signed by ssh-keygen, in the namespace bothways-drill.",
		Example: reportExample,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage.Wrong("%s takes one run, but got %d", c.CommandPath(), len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if to == "" {
				return usage.Wrong("--to is missing: give a folder that is not there yet")
			}
			path, err := host.journal(args)
			if err != nil {
				return err
			}
			found, err := evidence.Write(c.Context(), path, to, evidence.Options{Version: host.Version, Mask: mask, Sign: key})
			if err != nil {
				return err
			}
			for _, missing := range found.Journal.Missing {
				host.Hint("The journal lacks " + missing + ".")
			}
			_, err = fmt.Fprintf(host.Stdout, "%s\n", wording.Visible(fmt.Sprintf("drill %s, %s: written to %s; open report.html there, and check it with bothways drill verify %s", found.Drill.ID, verdict(found.Verdict.Recorded), to, to)))
			return err
		},
	}
	c.Flags().StringVar(&to, "to", "", "the folder to write, which is not there yet or empty")
	c.Flags().StringVar(&key, "sign", "", "sign the sums with this key's file, by ssh-keygen")
	c.Flags().BoolVar(&mask, "mask-accounts", false, "put asterisks for AWS account IDs, wherever they stand")
	return c
}

// journal is the file of the drill that is meant.
func (h Host) journal(args []string) (string, error) {
	if len(args) == 0 {
		path, passed, err := journal.NewestBut(h.Folder(), record.Scope{}.EventName(), func(path string) bool {
			if !journal.Writing(path) {
				return false
			}
			run := strings.TrimSuffix(filepath.Base(path), journal.Extension)
			h.Hint("The drill of run " + run + " goes on, so it is not the one that is taken: with " + run + " named, what there is of it so far is written.")
			return true
		})
		for _, p := range passed {
			h.Hint("Not read, and maybe newer: " + p)
		}
		return path, err
	}
	if info, err := os.Stat(args[0]); err == nil && !info.IsDir() {
		return args[0], nil
	}
	return journal.Find(h.Folder(), args[0])
}

// verdict is a drill's own, or that there is none.
func verdict(recorded string) string {
	if recorded == "" {
		return "no result (the journal ends before the drill does)"
	}
	return recorded
}

func verify(host Host) *cobra.Command {
	var signer evidence.Signer
	c := &cobra.Command{
		Use:   "verify FOLDER",
		Short: "Check a drill's evidence: every byte, the journal's chain, every figure, the signature; exit code 1: something is wrong",
		Long: "Checks a folder that bothways drill report wrote: the sum of every file, that none is missing and none was added, that each line of the journal follows the one before it, " +
			"that everything else follows from the journal, the pages for people as far as this version wrote them, and the signature where there is one. " +
			"Who signed is known only with --allowed-signers, a file as ssh-keygen reads it, and --signer, the name in it. " +
			"Without a signature by a key that lies elsewhere, whoever can write to the folder could have made all of it anew.",
		Example: verifyExample,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage.Wrong("%s takes one folder, but got %d", c.CommandPath(), len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if (signer.Allowed == "") != (signer.Name == "") {
				return usage.Wrong("--allowed-signers and --signer go together: give both, or neither")
			}
			found, err := evidence.Verify(c.Context(), args[0], host.Version, signer)
			if err != nil {
				return err
			}
			for _, problem := range found.Problems {
				host.Hint(problem)
			}
			if !found.Pages {
				host.Hint(fmt.Sprintf("The pages for people, report.html among them, are in the words of bothways %s, which wrote them, and this is %s: of them only the sums are checked. What counts is report.json.", found.WrittenBy, host.Version))
			}
			if n := len(found.Problems); n > 0 {
				return usage.End(usage.Failed, fmt.Errorf("%s does not hold: %s", args[0], english.Plural(n, "problem", "")))
			}
			_, err = fmt.Fprintf(host.Stdout, "%s\n", wording.Visible(fmt.Sprintf("%s holds: drill %s, %s; %s and %d lines of its journal are as they were written, and %d figures follow from it; %s",
				args[0], found.Drill, verdict(found.Verdict), english.Plural(found.Files, "file", ""), found.Lines, found.Figures, found.Signature)))
			return err
		},
	}
	c.Flags().StringVar(&signer.Allowed, "allowed-signers", "", "file of those who may sign, as ssh-keygen reads it")
	c.Flags().StringVar(&signer.Name, "signer", "", "the name in that file of who signed")
	return c
}

const (
	reportExample = `bothways drill report --to drill-2026-11

# signed, for an auditor
bothways drill report --to drill-2026-11 --sign ~/.ssh/id_ed25519 --mask-accounts`
	verifyExample = `bothways drill verify drill-2026-11
bothways drill verify drill-2026-11 --allowed-signers signers --signer operator@example.com`
)
