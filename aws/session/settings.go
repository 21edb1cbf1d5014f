package session

import (
	"context"

	"bothways/aws/account"
	"bothways/aws/audit/parity"
	"bothways/aws/pair"
)

// Settings compares what replication never copies: the settings of both buckets.
// It only reads, so that there is nothing to record. Its error is that of
// parity.Compare, or says that a side can't be reached.
func (s *Session) Settings(ctx context.Context, access account.Access, p pair.Pair, emit pair.Emit) ([]parity.Setting, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return nil, err
	}
	owners, err := owners(ctx, world)
	if err != nil {
		return nil, placed(ctx, world, err)
	}
	return parity.Compare(ctx, world, owners, s.followed(emit))
}
