package command

import (
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"bothways/aws/export"
	"bothways/ui/command/usage"
)

// onlyWith lists the audit's own flags beside which one that audits nothing has
// an effect.
func onlyWith(c *cobra.Command, flag string, others ...string) error {
	allowed := map[string]bool{flag: true}
	for _, other := range others {
		allowed[other] = true
	}
	for _, name := range append([]string{"since", "resume", "deep", "settings", "inventory", "workers", "progress", "estimate", "sql"}, athenaNames...) {
		if c.Flags().Changed(name) && !allowed[name] {
			return usage.Wrong("--%s and --%s: with --%s nothing is compared; give one of them", flag, name, flag)
		}
	}
	return nil
}

// estimateAudit says what the ways to audit the pair take.
func (a *app) estimateAudit(c *cobra.Command, f auditFlags) error {
	if err := onlyWith(c, "estimate", "workers"); err != nil {
		return err
	}
	p, err := a.pair()
	if err != nil {
		return err
	}
	if _, err := f.options(p, time.Now()); err != nil {
		return err
	}
	ctx := c.Context()
	access, closer, err := a.reachPair(ctx, p)
	if err != nil {
		return err
	}
	defer closer()
	out := a.newOutput()
	running, stop := out.watched(ctx)
	defer stop()
	found, err := a.session.Estimate(running, access, p, f.workers)
	if err == nil {
		out.emit(found)
	}
	return out.finish(ctx, err)
}

// writeSQL writes what Athena is to be asked into a new file.
func (a *app) writeSQL(c *cobra.Command, f auditFlags) error {
	if err := onlyWith(c, "sql", "since"); err != nil {
		return err
	}
	if f.sql == "" {
		return usage.Wrong("--sql: give the name of the file to write")
	}
	p, err := a.pair()
	if err != nil {
		return err
	}
	options, err := f.options(p, time.Now())
	if err != nil {
		return err
	}
	access, closer, err := a.reachPair(c.Context(), p)
	if err != nil {
		return err
	}
	defer closer()
	script, err := a.session.Script(c.Context(), access, p, options.Since)
	if err != nil {
		return err
	}
	return a.writeFiles([]export.File{{Name: filepath.Base(f.sql), Content: script}}, filepath.Dir(f.sql))
}
