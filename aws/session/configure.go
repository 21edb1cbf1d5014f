package session

import (
	"context"
	"errors"
	"slices"

	"github.com/sourcegraph/conc"

	"bothways/aws/account"
	"bothways/aws/audit/inventory/configure"
	"bothways/aws/backfill"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// Inventory plans inventories of both sides, for audits that compare their
// lists. It changes nothing.
func (s *Session) Inventory(ctx context.Context, access account.Access, p pair.Pair, asked configure.Asked) (plan.Plan, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return plan.Plan{}, err
	}
	return configure.Prepare(ctx, world, asked)
}

// UndoInventory plans the removal of what such plans made. Lists that were
// delivered stay. given are buckets for lists that somebody gave.
func (s *Session) UndoInventory(ctx context.Context, access account.Access, p pair.Pair, given map[pair.SideName]string) (plan.Plan, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return plan.Plan{}, err
	}
	return configure.Undo(ctx, world, given)
}

// leftBeside reads what backfills and inventories left of a pair, side by side.
func leftBeside(ctx context.Context, found *survey.Survey) (map[pair.Direction]backfill.Found, configure.Left, error) {
	var lists configure.Left
	var failed error
	var beside conc.WaitGroup
	beside.Go(func() { lists, failed = configure.Find(ctx, found, nil) })
	left, err := backfill.Find(ctx, found, nil)
	beside.Wait()
	return left, lists, errors.Join(err, failed)
}

// withInventories adds to a tear-down the removal of inventories that bothways
// made, and what of them stays. A bucket goes after the inventory of it, which
// leads to where its lists are.
func withInventories(of plan.Plan, left configure.Left) plan.Plan {
	if len(of.Blocked()) > 0 {
		return of
	}
	steps := left.Removal()
	var needs []string
	for _, one := range steps {
		if one.Kind == configure.KindConfiguration {
			needs = append(needs, one.ID)
		}
	}
	for _, one := range of.Steps {
		if one.Kind == step.KindBucket {
			one.Needs = slices.Concat(one.Needs, needs)
		}
		steps = append(steps, one)
	}
	of.Steps, of.Findings = steps, append(of.Findings, left.Findings()...)
	return of
}

// ApplyInventory carries such a plan out, with the pair locked and a journal of
// its own: what it knows of the pair's options is not the set-up's.
func (s *Session) ApplyInventory(ctx context.Context, access account.Access, proposed plan.Plan, emit pair.Emit) error {
	if len(proposed.Blocked()) > 0 {
		return plan.Apply(ctx, proposed, emit) // which says why not, and does nothing
	}
	world, err := s.open(ctx, access, proposed.Pair)
	if err != nil {
		return err
	}
	release, err := s.hold(access, proposed, "inventory", emit)
	if err != nil {
		return err
	}
	defer release()
	record := s.record("inventory", access, world, emit)
	defer record.close()
	record.note(configure.Planned{Pair: proposed.Pair, Accounts: proposed.Accounts, Undo: proposed.Purpose == pair.CleanUp})
	return plan.Apply(ctx, proposed, record.emit)
}
