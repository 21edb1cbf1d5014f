package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/session"
	"bothways/probe/wording"
	"bothways/ui/command/usage"
	"bothways/ui/plain"
)

func (a *app) planCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "plan --a REGION/BUCKET --b REGION/BUCKET",
		Short:   "Show what apply would do; reads only. Exit code 3 if there is something to change",
		Example: planExample,
		Args:    usage.NoArguments,
		RunE: a.surveyed(func(ctx context.Context, found session.Plans, _ account.Access) error {
			plan, out := found.SetUp, a.newOutput()
			out.lines.Plan(plan)
			if err := out.finish(ctx, nil); err != nil {
				return err
			}
			if len(plan.Blocked()) > 0 {
				return usage.End(usage.Failed, nil)
			}
			if plan.Changes() > 0 {
				return usage.End(usage.Changes, nil)
			}
			return nil
		}),
	}
	a.pairFlags(c, setUps)
	return c
}

func (a *app) applyCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:     "apply --a REGION/BUCKET --b REGION/BUCKET --yes",
		Short:   "Make the two buckets replicate to each other, and prove both directions",
		Example: applyExample,
		Args:    usage.NoArguments,
		RunE: a.surveyed(func(ctx context.Context, found session.Plans, access account.Access) error {
			if err := a.runPlan(ctx, access, found.SetUp, yes); err != nil {
				return err
			}
			says := proved(found.SetUp)
			if a.flags.sandbox {
				a.hint(says + " Its private sandbox ends with this command; bothways sandbox runs one that stays.")
			} else {
				a.hint(says + " To take it down again: " + a.line("destroy", found.SetUp.Pair) + "  (--buckets removes the buckets that bothways made, too)")
			}
			return nil
		}),
	}
	a.pairFlags(c, setUps)
	c.Flags().BoolVar(&yes, "yes", false, "run the plan without asking")
	return c
}

// proved says of which directions a plan that was carried out proved that they
// replicate; what it did not try an earlier run had proven.
func proved(plan plan.Plan) string {
	var tried []pair.Direction
	for _, st := range plan.Steps {
		if st.Change == step.Prove && st.Direction != nil {
			tried = append(tried, *st.Direction)
		}
	}
	switch len(tried) {
	case len(pair.Directions()):
		return "The pair replicates both ways."
	case 0:
		return "An earlier run proved that the pair replicates both ways, with these rules and roles; bothways doctor --canary --yes tries it anew."
	}
	return fmt.Sprintf("The pair replicates both ways: this run proved %s, and an earlier one %s, whose rule and role are as they were.", tried[0].Arrow(), tried[0].Reverse().Arrow())
}

func (a *app) destroyCommand() *cobra.Command {
	var yes, buckets bool
	c := &cobra.Command{
		Use:     "destroy --a REGION/BUCKET --b REGION/BUCKET --yes [--buckets]",
		Short:   "Remove what bothways made: rules, objects, roles, statements in bucket policies, inventories and, if asked, buckets",
		Example: destroyExample,
		Args:    usage.NoArguments,
		RunE: a.surveyed(func(ctx context.Context, found session.Plans, access account.Access) error {
			plan := found.TearDown(buckets)
			if err := a.runPlan(ctx, access, plan, yes); err != nil {
				return err
			}
			if len(plan.Steps) == 0 {
				return nil // the plan was shown, and says so
			}
			for _, finding := range plan.Findings {
				a.hint(plain.Finding(finding))
			}
			a.hint("Done: what bothways made for this pair is gone, but for what is named above as staying.")
			return nil
		}),
	}
	a.pairFlags(c, tearDowns)
	c.Flags().BoolVar(&yes, "yes", false, "run the plan without asking")
	c.Flags().BoolVar(&buckets, "buckets", false, "remove the buckets that bothways made too, if they hold nothing of others")
	return c
}

func (a *app) cleanCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:     "clean --a REGION/BUCKET --b REGION/BUCKET --yes",
		Short:   "Remove canaries, probe objects and unfinished uploads that runs left behind, and nothing else",
		Example: cleanExample,
		Args:    usage.NoArguments,
		RunE: a.surveyed(func(ctx context.Context, found session.Plans, access account.Access) error {
			return a.runPlan(ctx, access, found.CleanUp(), yes)
		}),
	}
	a.pairFlags(c, tearDowns)
	c.Flags().BoolVar(&yes, "yes", false, "run the plan without asking")
	return c
}

// surveyed is a command that reads what is there, plans from it, and goes on
// with that and with the way to the sides.
func (a *app) surveyed(goOn func(context.Context, session.Plans, account.Access) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, _ []string) error {
		p, err := a.pair()
		if err != nil {
			return err
		}
		access, closer, err := a.reachPair(c.Context(), p)
		if err != nil {
			return err
		}
		defer closer()
		plans, err := a.session.Survey(c.Context(), access, p, a.flags.options.consent())
		if err != nil {
			return err
		}
		return goOn(c.Context(), plans, access)
	}
}

// runPlan runs a plan that was agreed to. Without --yes it only shows it, and ends
// as plan does.
func (a *app) runPlan(ctx context.Context, access account.Access, plan plan.Plan, yes bool) error {
	out := a.newOutput()
	nothing := plan.Purpose != pair.SetUp && len(plan.Steps) == 0
	if !yes || nothing || len(plan.Blocked()) > 0 {
		out.lines.Plan(plan)
		if err := out.finish(ctx, nil); err != nil {
			return err
		}
	}
	switch {
	case nothing && len(plan.Blocked()) == 0:
		return nil
	case len(plan.Blocked()) > 0:
		return usage.End(usage.Failed, nil)
	case !yes:
		return unagreed(plan)
	}
	running, stop := out.watched(ctx)
	defer stop()
	return out.finish(ctx, a.session.Apply(running, access, plan, out.emit))
}

// unagreed is how a command ends whose plan was shown and not agreed to: as plan
// does, with a code of its own where there is something to change.
func unagreed(shown plan.Plan) error {
	if shown.Changes() == 0 {
		return nil
	}
	return usage.End(usage.Changes, errors.New("nothing was changed: say --yes to run this plan, or use the console (bothways)"))
}

// hint is a line for people, after everything else.
func (a *app) hint(text string) {
	a.debug.Said(text)
	if !a.flags.json {
		a.shown.Above(func() { _, _ = a.process.Stderr.WriteString(wording.Visible(text) + "\n") })
	}
}

const (
	planExample = `bothways plan --a eu-west-1/photos-dublin --b us-east-1/photos-oregon

# in a sandbox, without an account
bothways plan --sandbox`
	applyExample = `bothways apply --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --yes

# only what lies under media/, in a cheaper class
bothways apply --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --prefix media/ --storage-class STANDARD_IA --yes`
	destroyExample = `bothways destroy --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --yes`
	cleanExample   = `bothways clean --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --yes`
)
