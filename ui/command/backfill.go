package command

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/backfill"
	"bothways/aws/backfill/inplace"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/command/usage"
)

// backfillFlags are those that only backfill has.
type backfillFlags struct {
	from                             string
	winner                           []string
	copies, markers, unfinished, yes bool
	undo                             bool
	bucketA, bucketB                 string
}

func (a *app) backfillCommand() *cobra.Command {
	var f backfillFlags
	c := &cobra.Command{
		Use:   "backfill --a REGION/BUCKET --b REGION/BUCKET [--from AUDIT] --yes",
		Short: "Put right what an audit found missing, and look at exactly that again. Exit code 1 if something is left, 3 without --yes if there is something to do",
		Long: "Takes the rows of an audit, the newest of the pair unless --from names one, looks at each of its versions again on both sides, because an earlier backfill may have put it right, and has S3 Batch Replication replicate exactly the versions that are still missing: " +
			"for each direction a manifest, a role with the least rights, a bucket for both and the report, and a job that is followed to its end. " +
			"Then it compares each of those versions on both sides, kind, size and content as the audit does, says what is left and why, and takes away what it made.\n\n" +
			"What batch jobs refuse is left alone unless it is agreed to: --copies writes versions again, as new ones, that were deleted on the other side by their version ID; " +
			"--winner does so where the sides serve different content; --markers hides on one side what a delete marker hides on the other, and keeps files deleted whose older versions are replicated.\n\n" +
			"A run that is cut short leaves its job going on in AWS. The same command follows it again, on another computer, too; --undo cancels it and removes what was made.",
		Example: backfillExample,
		Args:    usage.NoArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.undo {
				return a.undoBackfill(c.Context(), f)
			}
			return a.backfill(c.Context(), f)
		},
	}
	a.pairFlags(c, tearDowns)
	c.Flags().StringVar(&f.from, "from", "", "the audit whose rows are put right: its run's ID or the beginning of one (default: the newest of the pair)")
	c.Flags().BoolVar(&f.copies, "copies", false, "agree to writing again, as new versions, what was deleted by its version ID on the other side")
	c.Flags().StringArrayVar(&f.winner, "winner", nil, "who wins where the sides serve different content, written again as a new version: a, b, newest, or KEY=a; several times for several keys")
	c.Flags().BoolVar(&f.markers, "markers", false, "agree to placing delete markers on one side where the other side's did not travel")
	c.Flags().BoolVar(&f.unfinished, "unfinished", false, "take the rows of an audit that did not come to its end")
	c.Flags().StringVar(&f.bucketA, "report-bucket-a", "", "a bucket of yours in side A's region for manifests and reports (default: one is made, and removed again)")
	c.Flags().StringVar(&f.bucketB, "report-bucket-b", "", "the same in side B's region")
	c.Flags().BoolVar(&f.undo, "undo", false, "cancel jobs that go on and remove what backfills left; what was replicated, copied and marked stays: the journal names what was copied and marked")
	c.Flags().BoolVar(&f.yes, "yes", false, "run the plan without asking, whatever it costs")
	return c
}

const backfillExample = `# what would be done, and what it costs
bothways backfill --a eu-west-1/one --b ap-southeast-1/two

# conflicts too: the later write wins, but for one key
bothways backfill --a eu-west-1/one --b ap-southeast-1/two --yes --copies --winner newest --winner report.csv=a`

// asked are the flags as the engine takes them.
func (f backfillFlags) asked() (backfill.Asked, error) {
	winner, err := inplace.ParseWinner(f.winner)
	if err != nil {
		return backfill.Asked{}, usage.Wrong("--winner: %w", err)
	}
	asked := backfill.Asked{Unfinished: f.unfinished, Copies: f.copies, Winner: winner, Markers: f.markers, Buckets: f.buckets()}
	for flag, name := range map[string]string{"--report-bucket-a": f.bucketA, "--report-bucket-b": f.bucketB} {
		if name == "" {
			continue
		}
		if err := pair.CheckBucketName(name); err != nil {
			return asked, usage.Wrong("%s: %w", flag, err)
		}
	}
	return asked, nil
}

func (f backfillFlags) buckets() map[pair.SideName]string {
	return map[pair.SideName]string{pair.A: f.bucketA, pair.B: f.bucketB}
}

func (a *app) backfill(ctx context.Context, f backfillFlags) error {
	p, err := a.pair()
	if err != nil {
		return err
	}
	asked, err := f.asked()
	if err != nil {
		return err
	}
	access, closer, err := a.reachPair(ctx, p)
	if err != nil {
		return err
	}
	defer closer()
	planned, err := a.session.Backfill(ctx, access, p, session.BackfillOptions{From: f.from, Asked: asked, AnyPrice: f.yes})
	if unfit, is := errors.AsType[*backfill.UnfitError](err); is {
		return usage.Wrong("%w", unfit)
	}
	if none, is := errors.AsType[*session.NoAuditError](err); is {
		return usage.Wrong("%w. Audit first: %s", none, a.line("audit", p))
	}
	if err != nil {
		return err
	}
	return a.runBackfill(ctx, planned, f.yes)
}

func (a *app) runBackfill(ctx context.Context, planned *session.Backfilling, yes bool) error {
	out := a.newOutput()
	plan := planned.Plan()
	stopped := len(plan.Blocked()) > 0
	out.emit(plan.Looked)
	if !yes || stopped || plan.Nothing() {
		out.emit(plan.Price)
		out.lines.Plan(plan.Plan)
		if err := out.finish(ctx, nil); err != nil {
			return err
		}
	}
	switch {
	case stopped, plan.Nothing() && plan.Alone() > 0:
		return usage.End(usage.Failed, nil)
	case plan.Nothing():
		return nil
	case !yes:
		return unagreed(plan.Plan)
	}
	running, stop := out.watched(ctx)
	defer stop()
	result, err := planned.Run(running, out.emit)
	if err := out.finish(ctx, err); err != nil {
		return err
	}
	if result.Left() > 0 || result.Alone() > 0 {
		return usage.End(usage.Failed, nil)
	}
	return nil
}

func (a *app) undoBackfill(ctx context.Context, f backfillFlags) error {
	p, err := a.pair()
	if err != nil {
		return err
	}
	access, closer, err := a.reachPair(ctx, p)
	if err != nil {
		return err
	}
	defer closer()
	return a.removeBackfill(ctx, access, p, f)
}

func (a *app) removeBackfill(ctx context.Context, access account.Access, p pair.Pair, f backfillFlags) error {
	undo, err := a.session.UndoBackfill(ctx, access, p, f.buckets())
	if err != nil {
		return err
	}
	if len(undo.Steps) == 0 && len(undo.Findings) == 0 {
		a.hint("Nothing is left of any backfill of this pair.")
		return nil
	}
	return a.runPlan(ctx, access, undo, f.yes)
}
