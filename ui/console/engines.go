package console

import (
	"context"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/console/host"
)

// RealEngines are a session's, which records what it does and keeps others from
// doing the same.
func RealEngines(s *session.Session) host.Engines {
	return host.Engines{
		Identify: func(ctx context.Context, access account.Access, region string) (account.Identity, error) {
			return asked(ctx, access, region, (*account.Clients).Identify)
		},
		Buckets: func(ctx context.Context, access account.Access, region string) ([]string, error) {
			return asked(ctx, access, region, (*account.Clients).Buckets)
		},
		Describe: func(ctx context.Context, access account.Access, side pair.Side) (account.Description, error) {
			return asked(ctx, access, side.Region, func(c *account.Clients, ctx context.Context) (account.Description, error) {
				return c.DescribeBucket(ctx, side.Bucket)
			})
		},
		SignIn: func(ctx context.Context, access account.Access, show func(account.DeviceCode)) error {
			return access.SignIn(ctx, show)
		},
		Open: func(ctx context.Context, access account.Access, region string) (*account.Clients, error) {
			return access.Open(ctx, region)
		},
		Survey:   s.Survey,
		Apply:    s.Apply,
		Examine:  s.Examine,
		Audit:    s.Audit,
		Settings: s.Settings,
		Backfill: func(ctx context.Context, access account.Access, p pair.Pair, options session.BackfillOptions) (host.Backfiller, error) {
			return s.Backfill(ctx, access, p, options)
		},
		Drill: func(ctx context.Context, access account.Access, options session.DrillOptions, emit pair.Emit) error {
			_, err := s.Drill(ctx, access, options, emit)
			return err
		},
		Opened: s.Opened,
		UndoDrill: func(ctx context.Context, access account.Access, p pair.Pair) (host.DrillUndo, error) {
			return s.UndoDrill(ctx, access, p)
		},
		LeftOver: s.LeftOver,
		Probe: func(ctx context.Context, access account.Access, asked session.Measurement) (host.Prober, error) {
			return s.Probe(ctx, access, asked)
		},
	}
}

// asked opens an access and asks something of it.
func asked[T any](ctx context.Context, access account.Access, region string, ask func(*account.Clients, context.Context) (T, error)) (answer T, err error) {
	clients, err := access.Open(ctx, region)
	if err != nil {
		return answer, err
	}
	return ask(clients, ctx)
}
