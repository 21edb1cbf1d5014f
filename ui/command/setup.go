package command

import (
	"context"

	"github.com/spf13/cobra"

	"bothways/aws/pair"
	"bothways/aws/replication"
	"bothways/ui/plain"
)

func (a *app) planCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "plan --a REGION/BUCKET --b REGION/BUCKET",
		Short: "Show what apply would do; reads only. Exit code 3 if there is something to change",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			_, plan, done, err := a.survey(c.Context(), replication.PlanSetUp)
			if err != nil {
				return err
			}
			defer done()
			out := a.newOutput()
			out.lines.Plan(plan)
			if err := out.finish(c.Context(), nil); err != nil {
				return err
			}
			if len(plan.Blocked()) > 0 {
				return ending{exitFailed, nil}
			}
			if plan.Changes() > 0 {
				return ending{exitChanges, nil}
			}
			return nil
		},
	}
	a.pairFlags(c)
	a.optionFlags(c)
	return c
}

func (a *app) applyCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "apply --a REGION/BUCKET --b REGION/BUCKET --yes",
		Short: "Make the two buckets replicate to each other, and prove both directions",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			w, plan, done, err := a.survey(c.Context(), replication.PlanSetUp)
			if err != nil {
				return err
			}
			defer done()
			if err := a.runPlan(c.Context(), w, plan, "apply", yes); err != nil {
				return err
			}
			says := "The pair replicates both ways."
			if !proves(plan) {
				says = "An earlier run proved that the pair replicates both ways, with these rules and roles; bothways doctor --canary --yes tries it anew."
			}
			if a.flags.sandbox {
				a.hint(says + " Its private sandbox ends with this command; bothways sandbox runs one that stays.")
			} else {
				a.hint(says + " To take it down again: " + a.line("destroy", w.Pair) + "  (--buckets removes the buckets that bothways made, too)")
			}
			return nil
		},
	}
	a.pairFlags(c)
	a.optionFlags(c)
	c.Flags().BoolVar(&yes, "yes", false, "run the plan without asking")
	return c
}

// proves says whether a plan tries both directions itself.
func proves(plan replication.Plan) bool {
	tried := 0
	for _, step := range plan.Steps {
		if step.Change == replication.Prove {
			tried++
		}
	}
	return tried == len(pair.Directions())
}

func (a *app) destroyCommand() *cobra.Command {
	var yes, buckets bool
	c := &cobra.Command{
		Use:   "destroy --a REGION/BUCKET --b REGION/BUCKET --yes [--buckets]",
		Short: "Remove what bothways made: rules, objects, roles and, if asked, buckets",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			w, plan, done, err := a.survey(c.Context(), func(s *replication.Survey) replication.Plan {
				return replication.PlanTearDown(s, replication.TearDownOptions{Buckets: buckets})
			})
			if err != nil {
				return err
			}
			defer done()
			if err := a.runPlan(c.Context(), w, plan, "destroy", yes); err != nil {
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
		},
	}
	a.pairFlags(c)
	a.givenFlags(c)
	c.Flags().BoolVar(&yes, "yes", false, "run the plan without asking")
	c.Flags().BoolVar(&buckets, "buckets", false, "remove the buckets that bothways made too, if they hold nothing of others")
	return c
}

// survey reads what is there and plans from it.
func (a *app) survey(ctx context.Context, planner func(*replication.Survey) replication.Plan) (*world, replication.Plan, func(), error) {
	p, err := a.pair()
	if err != nil {
		return nil, replication.Plan{}, nil, err
	}
	w, err := a.open(ctx, p)
	if err != nil {
		return nil, replication.Plan{}, nil, err
	}
	found, err := replication.Look(ctx, w.World)
	if err != nil {
		_ = w.close() // the survey's failure is the one to tell
		return nil, replication.Plan{}, nil, err
	}
	plan := planner(found)
	if !w.access.Sandbox { // a private one has no past and no neighbours
		a.recall(p)(&plan)
	}
	return w, plan, func() { _ = w.close() }, nil
}

// runPlan runs a plan that was agreed to. Without --yes it only shows it.
func (a *app) runPlan(ctx context.Context, w *world, plan replication.Plan, command string, yes bool) error {
	out := a.newOutput()
	defer out.close()
	if plan.Purpose == replication.TearDown && len(plan.Steps) == 0 && len(plan.Blocked()) == 0 {
		out.lines.Plan(plan)
		return out.finish(ctx, nil)
	}
	if !yes {
		out.lines.Plan(plan)
		if err := out.finish(ctx, nil); err != nil {
			return err
		}
		return wrongUsage("nothing was changed: say --yes to run this plan, or use the console (bothways)")
	}
	if len(plan.Blocked()) > 0 {
		out.lines.Plan(plan)
		return ending{exitFailed, nil}
	}
	if !w.access.Sandbox {
		release, note, err := a.lock(plan, command)
		if err != nil {
			return ending{exitFailed, err}
		}
		defer release()
		if note != "" {
			a.hint(note)
		}
	}
	out.record(a.openJournal(command, w.RunID, w.access, w.A.Endpoint))
	if out.journal != nil {
		out.complain(out.journal.Record(plan.Planned()))
	}
	return out.finish(ctx, replication.Apply(out.watched(ctx), plan, out.emit))
}

// hint is a line for people, after everything else.
func (a *app) hint(text string) {
	if !a.flags.json {
		_, _ = a.process.Stderr.WriteString(plain.Clean(text) + "\n")
	}
}
