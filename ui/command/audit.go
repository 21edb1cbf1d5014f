package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/audit/athena"
	"bothways/aws/audit/deep"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/report"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/command/system"
	"bothways/ui/command/usage"
	"bothways/ui/metrics"
)

// auditFlags are what an audit is asked for.
type auditFlags struct {
	since, resume string
	metricsFile   string
	workers, deep int
	settings      bool
	progress      time.Duration
	inventory     bool
	athena        athenaFlags
	estimate      bool
	sql           string
}

const auditExample = `bothways audit --a eu-west-1/photos-dublin --b us-east-1/photos-oregon

# only what is new since yesterday, under one prefix
bothways audit --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --prefix 2026/ --since 24h

# and what no listing shows: tags, locks and annotations of 500 random versions, and the settings of both buckets
bothways audit --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --deep 500 --settings

# what would that take, and is there a better way?
bothways audit --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --estimate

# go on with the audit that was interrupted
bothways audit --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --resume newest`

func (a *app) auditCommand() *cobra.Command {
	var f auditFlags
	c := &cobra.Command{
		Use:   "audit --a REGION/BUCKET --b REGION/BUCKET",
		Short: "Find out whether both sides hold the same: every version and delete marker, with the cause of each difference. Exit code 1 if something is missing, differs, or can't be told",
		Long: "Lists every version and every delete marker of both sides and compares them key by key. What differs is looked at twice, then told with its cause and with what puts it right. " +
			"What was written while the audit runs is counted and not judged. It reads only.\n\n" +
			"Exit code 0: both sides hold the same, or what is missing is on its way. 1: something is missing, differs, is served differently or could not be told, or no key has the prefix, or the audit did not come to its end. " +
			"Ctrl-C ends it at any time, and --resume goes on where it stopped.",
		Example: auditExample,
		Args:    usage.NoArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.estimate {
				return a.estimateAudit(c, f)
			}
			if c.Flags().Changed("sql") {
				return a.writeSQL(c, f)
			}
			return a.audit(c.Context(), f)
		},
	}
	a.pairFlags(c, everyPair)
	c.Flags().Lookup("prefix").Usage = "compare only keys that start with this"
	c.Flags().StringVar(&f.since, "since", "", "leave out what was created before this: a time such as 2026-03-01 or 2026-03-01T12:00:00Z, or an age such as 24h or 7d")
	c.Flags().StringVar(&f.resume, "resume", "", "go on with an audit that did not come to its end: its run's ID, the beginning of one, or newest")
	c.Flags().IntVar(&f.deep, "deep", 0, "look at so many random versions that the sides agree in, too: checksums, metadata, tags, ACLs, locks, annotations; some requests for each")
	c.Flags().BoolVar(&f.settings, "settings", false, "compare the settings of both buckets, too, which replication never copies: policy, CORS, lifecycle, encryption and so on")
	c.Flags().BoolVar(&f.inventory, "inventory", false, "compare the newest lists of S3 Inventory of both sides in place of listing them, joined on this computer's disk; they are up to two days old, and what differs is looked at again")
	f.athena.add(c)
	c.Flags().BoolVar(&f.estimate, "estimate", false, "compare nothing, and say what the ways to audit this pair take: time, requests, transfer, USD, and which one is recommended")
	c.Flags().StringVar(&f.sql, "sql", "", "compare nothing, and write into this new file the SQL by which Athena compares the newest lists of S3 Inventory of both sides, to run it yourself")
	c.Flags().IntVar(&f.workers, "workers", 0, "list with at most this many requests at a time; 0 chooses")
	c.Flags().StringVar(&f.metricsFile, "metrics-file", "", "write the counts by verdict to this file at the end, as Prometheus's node exporter reads them; name it so that it ends in .prom")
	c.Flags().DurationVar(&f.progress, "progress", 10*time.Second, "say this often how it goes; 0: never")
	return c
}

// mostDeep bounds what is drawn: more than that says little more, and is kept in
// memory.
const mostDeep = 100_000

// options reads the flags.
func (f auditFlags) options(p pair.Pair, now time.Time) (session.AuditOptions, error) {
	o := session.AuditOptions{Prefix: p.Options.Prefix, Resume: f.resume, Workers: f.workers, Deep: f.deep, Inventory: f.inventory}
	var err error
	if o.Athena, err = f.athena.asking(f.inventory, f.resume != ""); err != nil {
		return o, err
	}
	o.AnyPrice = f.athena.yes
	if f.inventory && f.deep > 0 {
		return o, usage.Wrong("--deep and --inventory: deep samples are drawn while the buckets are listed; give one of them")
	}
	if f.workers < 0 {
		return o, usage.Wrong("--workers %d: give 1 or more, or 0 to have it chosen", f.workers)
	}
	if f.deep < 0 || f.deep > mostDeep {
		return o, usage.Wrong("--deep %d: give a number of versions from 1 to %d, or 0 for none", f.deep, mostDeep)
	}
	if f.progress < 0 {
		return o, usage.Wrong("--progress %v: give a time above zero, or 0 for never", f.progress)
	}
	if f.since == "" {
		return o, nil
	}
	since, err := usage.ParseSince(f.since, now)
	if err != nil {
		return o, usage.Wrong("--since %q: %w", f.since, err)
	}
	o.Since = since
	return o, nil
}

func (a *app) audit(ctx context.Context, f auditFlags) error {
	p, err := a.pair()
	if err != nil {
		return err
	}
	options, err := f.options(p, time.Now())
	if err != nil {
		return err
	}
	access, closer, err := a.reachPair(ctx, p)
	if err != nil {
		return err
	}
	defer closer()
	defer system.SpareMemory()() // pages come and go
	out := a.newOutput()
	running, stop := out.watched(ctx)
	defer stop()
	shown := sparse{every: f.progress, emit: out.emit}
	bad := 0
	result, err := a.session.Audit(running, access, p, options, func(e pair.Event) {
		if deeply, is := e.(deep.Result); is {
			bad = deeply.Whole.Bad
		}
		if _, is := e.(audit.Progress); is {
			a.screen().Event(e) // all of them move the bar
		}
		if ended, is := e.(audit.Result); is {
			out.emit(a.mending(p, out.recording.RunID, ended))
		}
		shown.take(e)
	})
	if err == nil && f.settings {
		_, err = a.session.Settings(running, access, p, out.emit)
	}
	if dear, is := errors.AsType[*athena.DearError](err); is {
		return usage.Wrong("%w Say --yes to run it all the same, or audit with --inventory alone", dear)
	}
	if none, is := errors.AsType[*session.NothingToResumeError](err); is {
		return usage.Wrong("--resume %s: %w", f.resume, none)
	}
	if f.metricsFile != "" && !result.Finished.IsZero() {
		err = errors.Join(err, metrics.KeepAudit(f.metricsFile, p, result, version(a.process.Version)))
	}
	a.sayHowToGoOn(out.recording, p, result)
	if system.EndedBySignal(ctx) || err != nil {
		return out.finish(ctx, err)
	}
	if err := out.finish(ctx, nil); err != nil {
		return err
	}
	if result.Lists.Missed() {
		return usage.End(usage.Failed, nil) // the headline says what the lists lack
	}
	if result.Tally.Keys == 0 && options.Prefix != "" {
		return a.nothingHas(ctx, access, p, options.Prefix)
	}
	if result.Tally.Of(difference.Wrong).Versions > 0 || result.Tally.Of(difference.Open).Versions > 0 || bad > 0 {
		return usage.End(usage.Failed, nil) // everything was said
	}
	return nil
}

// nothingHas is the error of a prefix that no key has: a job whose prefix is
// misspelt must not be taken for one that found everything in place.
func (a *app) nothingHas(ctx context.Context, access account.Access, p pair.Pair, prefix string) error {
	beside, err := a.session.Beside(ctx, access, p, prefix)
	if err != nil {
		return usage.End(usage.Failed, err)
	}
	text := fmt.Sprintf("--prefix %q: no key of either side begins with that, so nothing was compared.", prefix)
	for _, side := range pair.Sides() {
		if len(beside[side]) == 0 {
			text += fmt.Sprintf(" Side %s has nothing near it.", side)
			continue
		}
		text += fmt.Sprintf(" Side %s has %s.", side, strings.Join(beside[side], ", "))
	}
	return usage.End(usage.Failed, errors.New(text))
}

// mending is what puts right what an audit found, with the line that reaches the
// pair as this one did.
func (a *app) mending(p pair.Pair, runID string, result audit.Result) report.Mending {
	found := report.Audit{RunID: runID, Started: audit.Started{Pair: p}, Tally: result.Tally, Result: &result}.Mending()
	if found.Command == "" {
		return found
	}
	flags, _ := words.BackfillFlags(result.Tally)
	line := strings.TrimSuffix(a.line("backfill", p), " --yes")
	if runID != "" {
		line += " --from " + runID
	}
	if found.Command = strings.Join(append(append([]string{line}, flags...), "--yes"), " "); a.flags.sandbox {
		found.Command = "" // it ended with the run
	}
	return found
}

// sayHowToGoOn names the record of an audit, and how one that did not come to its
// end is gone on with.
func (a *app) sayHowToGoOn(kept session.Recording, p pair.Pair, result audit.Result) {
	if kept.Path == "" {
		return
	}
	if !result.Complete {
		if !result.Began.IsZero() && !a.flags.sandbox {
			a.hint("To go on where it stopped: " + a.line("audit", p) + " --resume " + kept.RunID)
		}
		return
	}
	a.hint("All differences: bothways report " + kept.RunID + " --format csv  (journal " + kept.Path + ")")
}

// sparse lets only some of an audit's progress through: a terminal and a log want
// less than a screen.
type sparse struct {
	every time.Duration
	emit  pair.Emit
	last  time.Time
}

func (s *sparse) take(e pair.Event) {
	if _, is := e.(audit.Progress); is {
		now := time.Now()
		if s.every == 0 || now.Sub(s.last) < s.every {
			return
		}
		s.last = now
	}
	s.emit(e)
}
