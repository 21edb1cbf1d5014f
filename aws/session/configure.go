package session

import (
	"context"

	"bothways/aws/account"
	"bothways/aws/audit/inventory/configure"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
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
