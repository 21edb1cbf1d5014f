package session

import (
	"context"

	"bothways/aws/audit"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
)

// byInventory has an audit compare lists of S3 Inventory: the newest ones, or
// those with which the audit began that is gone on with. It returns nil where
// that one listed the buckets. told is told of what the lists say of replication.
func byInventory(ctx context.Context, config *audit.Config, options AuditOptions, told pair.Emit) (*inventory.Lists, error) {
	var pinned *inventory.Lists
	if config.Resume != nil {
		var err error
		if pinned, err = inventory.Pinned(config.Resume.Path); err != nil {
			return nil, err
		}
		switch {
		case pinned == nil && options.Inventory:
			return nil, &NothingToResumeError{"run " + config.Resume.Opening.RunID + " listed the buckets: go on without --inventory"}
		case pinned == nil:
			return nil, nil
		}
	}
	lists, err := inventory.Find(ctx, config.World, options.Prefix, pinned)
	if err != nil {
		return nil, err
	}
	config.CutOff = lists.CutOff()
	config.Source = inventory.Join{World: config.World, Lists: lists, Prefix: options.Prefix, Told: told}.Source
	return &lists, nil
}
