package session

import (
	"context"
	"time"

	"bothways/aws/account"
	"bothways/aws/audit/athena"
	"bothways/aws/audit/compare"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
)

// Script is the SQL by which Athena compares the newest lists of S3 Inventory of
// both sides, for those who run it themselves. It only reads. Its error is that
// of inventory.Find where a side has no lists.
func (s *Session) Script(ctx context.Context, access account.Access, p pair.Pair, since time.Time) (string, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return "", err
	}
	lists, err := inventory.Find(ctx, world, p.Options.Prefix, nil)
	if err != nil {
		return "", err
	}
	comparison := athena.Comparison{Lists: lists, Prefix: p.Options.Prefix, Slices: athena.SlicesOf(lists)}
	statements := comparison.Statements(compare.Rules{Since: since, CutOff: lists.CutOff()})
	return statements.Script(lists, true, time.Now()), nil
}
