package command

import (
	"context"

	"github.com/spf13/cobra"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/ui/command/usage"
)

func (a *app) doctorCommand() *cobra.Command {
	var canary, yes, keep bool
	c := &cobra.Command{
		Use:   "doctor --a REGION/BUCKET --b REGION/BUCKET [--canary --yes]",
		Short: "Explain why two buckets do not replicate to each other, whoever set them up. Exit code 1 if something is wrong",
		Long: "Reads everything that replication hangs on, on both sides: rules, roles and their rights, bucket policies, keys, versioning and what " +
			"became of some objects. It says what is wrong, the likeliest reason first, and what to do about it, with the line that does it where there is one.\n\n" +
			"It reads only. With --canary it also writes a tiny object each way, waits until it is read on the other side and removes it there and here.",
		Example: doctorExample,
		Args:    usage.NoArguments,
		RunE:    func(c *cobra.Command, _ []string) error { return a.doctor(c.Context(), canary, yes, keep) },
	}
	a.pairFlags(c, everyPair)
	c.Flags().BoolVar(&canary, "canary", false, "also try each direction with a tiny object, removed afterwards; needs --yes")
	c.Flags().BoolVar(&yes, "yes", false, "agree to writing the canaries into the buckets")
	c.Flags().BoolVar(&keep, "keep-canaries", false, "agree to canaries also where nothing can be deleted again: they stay in the buckets")
	return c
}

func (a *app) doctor(ctx context.Context, canary, yes, keep bool) error {
	p, err := a.pair()
	if err != nil {
		return err
	}
	if canary && !yes {
		return usage.Wrong("nothing was written: say --yes to let --canary write a tiny object into %s and one into %s, under %s", p.A.Bucket, p.B.Bucket, p.CanaryPrefix())
	}
	access, closer, err := a.reachPair(ctx, p)
	if err != nil {
		return err
	}
	defer closer()
	out := a.newOutput()
	running, stop := out.watched(ctx)
	defer stop()
	found, err := a.session.Examine(running, access, p, doctor.ExamineOptions{Canaries: canary, Keep: keep}, out.emit)
	if err := out.finish(ctx, err); err != nil {
		return err
	}
	for _, t := range found.Troubles {
		if t.Apply && t.Severity != survey.Note {
			a.hint(a.mendLine(found, p))
			break
		}
	}
	if !found.Healthy() || !keep && found.Leaves() {
		return usage.End(usage.Failed, nil)
	}
	return nil
}

// mendLine is the line that puts right what bothways made, with the options that
// the standing rules have, or else those of the last set-up on this computer:
// with others it would change what stands.
func (a *app) mendLine(found doctor.Diagnosis, p pair.Pair) string {
	how := "with the options that the pair was set up with: "
	if was, known := a.session.LastSetUp(p); known {
		how, p = "here with the options of the last one on this computer: ", was
	}
	switch standing, known, alike := found.Standing(p); {
	case known && !alike:
		return "The rules of the two directions have different options, so that no one line puts both right. What apply would change with given ones: " + a.line("plan", p)
	case known && standing != p:
		how, p = "here with the options that the standing rules have: ", standing
	}
	return "What bothways made or would make is put right by apply, " + how + a.line("apply", p)
}

const doctorExample = `bothways doctor --a eu-west-1/photos-dublin --b us-east-1/photos-oregon

# with a tiny object each way
bothways doctor --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --canary --yes`
