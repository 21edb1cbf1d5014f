package session

import (
	"context"
	"fmt"
	"time"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/audit/estimate"
	"bothways/aws/audit/inventory"
	"bothways/aws/audit/sizing"
	"bothways/aws/pair"
)

// Estimate says what the ways to audit a pair would take, by a few pages of each
// side and what CloudWatch counts. It only reads, compares nothing, and keeps
// no journal. Its error says that a side can't be reached or listed.
func (s *Session) Estimate(ctx context.Context, access account.Access, p pair.Pair, workers int) (estimate.Result, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return estimate.Result{}, err
	}
	owners, err := owners(ctx, world)
	if err != nil {
		return estimate.Result{}, placed(ctx, world, err)
	}
	found, err := sizing.Reader{World: world, Owners: owners, Prefix: p.Options.Prefix, Workers: workers}.Read(ctx)
	if err != nil {
		return estimate.Result{}, placed(ctx, world, err)
	}
	lists, err := inventory.Find(ctx, world, p.Options.Prefix, nil)
	switch {
	case ctx.Err() != nil:
		return estimate.Result{}, ctx.Err()
	case err != nil: // the estimate says so
		found.ListsHow = apierror.Describe(err)
	default:
		found.Lists = true
		found.ListsHow = fmt.Sprintf("lists of both sides are there, of %s (A) and %s (B)", lists.A.At.UTC().Format(time.RFC3339), lists.B.At.UTC().Format(time.RFC3339))
	}
	return found.Complete(), nil
}
