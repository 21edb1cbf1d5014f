package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/command/usage"
	"bothways/ui/plain"
)

func (a *app) drillUndoCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "undo --a REGION/BUCKET --b REGION/BUCKET [--yes]",
		Short: "Take back all that drills of a pair left: experiments, tags, templates, roles, canaries",
		Long: "Finds the drills of a pair that did not come to their end, by the journals of this computer and by their marks in AWS, so that it works with the journals lost, too. " +
			"Their experiments are stopped, and when they have ended the drill's tag is taken off each bucket, and the templates, the roles and the canaries are removed. What others made stays.\n\n" +
			"At the end both replication configurations are held against what they were before the drill, as far as a journal says. Nothing is written over what differs.",
		Example: undoExample,
		Args:    usage.NoArguments,
		RunE:    func(c *cobra.Command, _ []string) error { return a.undoDrill(c.Context(), yes) },
	}
	a.pairFlags(c, tearDowns)
	c.Flags().BoolVar(&yes, "yes", false, "run the plan without asking")
	return c
}

func (a *app) undoDrill(ctx context.Context, yes bool) error {
	p, err := a.pair()
	if err != nil {
		return err
	}
	access, closer, err := a.reach(ctx)
	if err != nil {
		return err
	}
	defer closer()
	undo, err := a.session.UndoDrill(ctx, access, p)
	if err != nil {
		return err
	}
	found := undo.Plan()
	if len(undo.Opens()) == 0 {
		if len(found.Findings) == 0 {
			a.hint("No drill of this pair is open.")
			return nil
		}
		a.hint("No drill of this pair is known to be open.")
	}
	for _, o := range undo.Opens() {
		a.hint(strings.TrimSpace(sentence(o.Words()) + " " + o.There()))
	}
	out := a.newOutput()
	stopped := len(found.Blocked()) > 0
	if yes && !stopped && len(found.Steps) > 0 {
		for _, f := range found.Findings {
			a.hint(plain.Finding(f))
		}
	} else {
		out.lines.Plan(found)
		if err := out.finish(ctx, nil); err != nil {
			return err
		}
	}
	switch {
	case stopped:
		return usage.End(usage.Failed, nil)
	case len(found.Steps) == 0:
		return nil
	case !yes:
		return usage.Wrong("nothing was changed: say --yes to run this plan")
	}
	running, stop := out.watched(ctx)
	defer stop()
	return out.finish(ctx, undo.Run(running, out.emit))
}

// reachPair is reach for a command on a pair: the first that it says is which
// drills of the pair are open.
func (a *app) reachPair(ctx context.Context, p pair.Pair) (account.Access, func(), error) {
	access, closer, err := a.reach(ctx)
	if err != nil || a.elsewhere() && a.flags.endpointA+a.flags.endpointB != "" {
		return access, closer, err
	}
	for _, o := range a.session.Opened(ctx, access, p) {
		switch {
		case a.flags.json:
			a.newOutput().lines.Event(o)
		case o.Running:
			a.hint(sentence(o.Words()))
		default:
			a.hint(sentence(o.Words()) + " To take it back: " + a.line("drill undo", p))
		}
	}
	return access, closer, nil
}

// sentence begins with a capital, and ends.
func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] + "." }

const undoExample = `bothways drill undo --a eu-west-1/one --b ap-southeast-1/two --yes`
