package session

import (
	"context"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
)

// commands are what the journal calls the carrying out of a plan.
var commands = map[pair.Purpose]string{pair.SetUp: "apply", pair.TearDown: "destroy", pair.CleanUp: "clean"}

// Apply carries a plan out that was reviewed: a set-up, a tear-down or an
// undo. The pair is locked meanwhile, and what is intended is in the journal
// before the first call. A plan that has blockers, or whose pair somebody else
// changes or measures, is refused.
func (s *Session) Apply(ctx context.Context, access account.Access, proposed plan.Plan, emit pair.Emit) error {
	if len(proposed.Blocked()) > 0 {
		return plan.Apply(ctx, proposed, emit) // which says why not, and does nothing
	}
	world, err := s.open(ctx, access, proposed.Pair)
	if err != nil {
		return err
	}
	command := commands[proposed.Purpose]
	release, err := s.lock(access, proposed, command, emit)
	if err != nil {
		return err
	}
	defer release()
	record := s.record(command, access, world, emit)
	defer record.close()
	record.note(proposed.Planned())
	err = plan.Apply(ctx, proposed, record.emit)
	if err == nil {
		undone(record, proposed.Drills)
	}
	return err
}
