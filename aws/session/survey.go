package session

import (
	"context"

	"github.com/sourcegraph/conc"

	"bothways/aws/account"
	"bothways/aws/drill/opened"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// Plans are what follows from a survey, with what this computer knows of
// earlier runs and of other processes.
type Plans struct {
	SetUp    plan.Plan
	TearDown func(buckets bool) plan.Plan
	// CleanUp removes only what earlier runs left in the buckets.
	CleanUp func() plan.Plan
	// Undo takes back what a run of a set-up plan made, by the steps' statuses
	// over all its tries.
	Undo func(applied plan.Plan, statuses map[string]step.Status) plan.Plan
}

// Survey reads what is there, on both sides, and plans from it, with what was
// agreed to. It changes nothing.
func (s *Session) Survey(ctx context.Context, access account.Access, p pair.Pair, agreed pair.Consent) (Plans, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return Plans{}, err
	}
	world.Consent = agreed
	if earlier, err := journal.Last(s.runs, p); err == nil && earlier != nil && !access.Sandbox {
		world.RolePrefix = earlier.Pair.Options.RolePrefix
	}
	var opens []opened.Open
	var beside conc.WaitGroup
	beside.Go(func() { opens = s.glance(ctx, access, world) })
	found, err := plan.Look(ctx, world)
	beside.Wait()
	if err != nil {
		return Plans{}, err
	}
	left, lists, err := leftBeside(ctx, found)
	if err != nil {
		return Plans{}, err
	}
	recalled := func(plan plan.Plan) plan.Plan { return plan }
	if !access.Sandbox { // a private one has no past and no neighbours
		recall := s.recall(p)
		recalled = func(plan plan.Plan) plan.Plan {
			recall(&plan)
			return plan
		}
	}
	setUp := recalled(besideDrills(plan.SetUp(found), opens))
	if s.follow != nil {
		s.follow(surveyed(setUp))
	}
	return Plans{
		SetUp: setUp,
		TearDown: func(buckets bool) plan.Plan {
			down := plan.TearDown(found, plan.TearDownOptions{Buckets: buckets, Marked: lists.Marked()})
			return recalled(withDrills(withInventories(withBackfills(down, found, left), lists), found, opens))
		},
		CleanUp: func() plan.Plan { return recalled(withDrills(plan.CleanUp(found), found, opens)) },
		Undo: func(applied plan.Plan, statuses map[string]step.Status) plan.Plan {
			return recalled(plan.Undo(found, applied, statuses))
		},
	}, nil
}

// Surveyed is what a survey came to, for whoever follows a session.
type Surveyed struct {
	Pair pair.Pair `json:"pair"`
	// Steps are those of the set-up, each with what it would do.
	Steps []string `json:"steps"`
	// Findings are the titles of what the reviewer should know.
	Findings []string `json:"findings"`
}

// EventName implements pair.Event.
func (Surveyed) EventName() string { return "surveyed" }

func surveyed(setUp plan.Plan) Surveyed {
	told := Surveyed{Pair: setUp.Pair}
	for _, one := range setUp.Steps {
		told.Steps = append(told.Steps, one.ID+": "+string(one.Change))
	}
	for _, f := range setUp.Findings {
		told.Findings = append(told.Findings, f.Title)
	}
	return told
}
