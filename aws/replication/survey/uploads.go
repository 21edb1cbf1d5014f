package survey

import (
	"context"
	"sync"
	"time"

	"github.com/sourcegraph/conc/pool"

	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// ReadUploads reads what decides about uploads to both sides, and nothing else:
// who asks, the buckets' policies, and what they encrypt with. What can't be
// read is left unknown.
func ReadUploads(ctx context.Context, w World) (*Survey, error) {
	s := &Survey{World: w, Sides: map[pair.SideName]Side{}, Directions: map[pair.Direction]Direction{}, At: time.Now()}
	found := make([]Side, 2)
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for i, name := range pair.Sides() {
		group.Go(func(ctx context.Context) error {
			brief, cancel := context.WithTimeout(ctx, optionalWithin)
			defer cancel()
			side := w.Pair.Side(name)
			found[i].Exists, found[i].RealRegion = true, side.Region
			identity, err := w.Clients(name).Identify(brief)
			if err != nil {
				return passed(ctx, err)
			}
			found[i].Identity = identity
			r := SideReader{S3: w.Clients(name).S3, Bucket: &side.Bucket, Owner: &identity.Account, Found: &found[i], unread: &sync.Mutex{}}
			for _, read := range []func(context.Context) error{r.policy, r.encryption, r.ownership} {
				if err := passed(ctx, read(brief)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i, name := range pair.Sides() {
		s.Sides[name] = found[i]
	}
	return s, nil
}

// passed keeps only the errors that end a run: a help that fails is none.
func passed(ctx context.Context, err error) error {
	if ctx.Err() != nil || apierror.Expired(err) {
		return err
	}
	return nil
}
