package session

import (
	"context"

	"bothways/aws/audit"
	"bothways/aws/audit/athena"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
)

// listed is what an audit by inventories tells when it begins.
type listed struct {
	lists *inventory.Lists
	plan  *athena.Plan // nil: the lists are joined here
	left  []athena.Left
}

// events are told once the audit has begun.
func (l listed) events() []pair.Event {
	var events []pair.Event
	if l.lists != nil {
		events = append(events, *l.lists)
	}
	if l.plan != nil {
		events = append(events, *l.plan)
	}
	for _, left := range l.left {
		events = append(events, left)
	}
	return events
}

// byInventory has an audit compare lists of S3 Inventory: the newest ones, or
// those with which the audit began that is gone on with, here or in Athena as
// that one did. It changes nothing of an audit that listed the buckets. told is
// told of what the lists say of replication, and of queries.
func (s *Session) byInventory(ctx context.Context, config *audit.Config, options AuditOptions, told pair.Emit) (listed, error) {
	var pinned *inventory.Lists
	var earlier athena.Record
	if config.Resume != nil {
		var err error
		if pinned, err = inventory.Pinned(config.Resume.Path); err != nil {
			return listed{}, err
		}
		if earlier, err = athena.Read(config.Resume.Path); err != nil {
			return listed{}, err
		}
		switch run := "run " + config.Resume.Opening.RunID; {
		case pinned == nil && options.Inventory:
			return listed{}, &NothingToResumeError{run + " listed the buckets: go on without --inventory"}
		case pinned == nil:
			return listed{}, nil
		case earlier.Plan == nil && options.Athena != nil:
			return listed{}, &NothingToResumeError{run + " joined the lists here: go on without --athena"}
		}
	}
	lists, err := inventory.Find(ctx, config.World, options.Prefix, pinned)
	if err != nil {
		return listed{}, err
	}
	config.CutOff, config.Lists = lists.CutOff(), lists.Basis()
	if options.Athena != nil || earlier.Plan != nil {
		return s.byAthena(ctx, config, options, lists, earlier, told)
	}
	config.Source = inventory.Join{World: config.World, Lists: lists, Prefix: options.Prefix, Told: told}.Source
	return listed{lists: &lists}, nil
}
