package session

import (
	"context"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication"
)

// Plans are what follows from a survey, with what this computer knows of
// earlier runs and of other processes.
type Plans struct {
	SetUp    replication.Plan
	TearDown func(buckets bool) replication.Plan
	// Undo takes back what a run of a set-up plan made, by the steps' statuses
	// over all its tries.
	Undo func(applied replication.Plan, statuses map[string]replication.Status) replication.Plan
}

// Survey reads what is there, on both sides, and plans from it, with what was
// agreed to. It changes nothing.
func (s *Session) Survey(ctx context.Context, access account.Access, p pair.Pair, agreed pair.Consent) (Plans, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return Plans{}, err
	}
	world.Consent = agreed
	found, err := replication.Look(ctx, world)
	if err != nil {
		return Plans{}, err
	}
	recalled := func(plan replication.Plan) replication.Plan { return plan }
	if !access.Sandbox { // a private one has no past and no neighbours
		recall := s.recall(p)
		recalled = func(plan replication.Plan) replication.Plan {
			recall(&plan)
			return plan
		}
	}
	return Plans{
		SetUp: recalled(replication.PlanSetUp(found)),
		TearDown: func(buckets bool) replication.Plan {
			return recalled(replication.PlanTearDown(found, replication.TearDownOptions{Buckets: buckets}))
		},
		Undo: func(applied replication.Plan, statuses map[string]replication.Status) replication.Plan {
			return recalled(replication.PlanUndo(found, applied, statuses))
		},
	}, nil
}
