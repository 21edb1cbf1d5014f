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
			clients, err := access.Open(ctx, region)
			if err != nil {
				return account.Identity{}, err
			}
			return clients.Identify(ctx)
		},
		Buckets: func(ctx context.Context, access account.Access, region string) ([]string, error) {
			clients, err := access.Open(ctx, region)
			if err != nil {
				return nil, err
			}
			return clients.Buckets(ctx)
		},
		Describe: func(ctx context.Context, access account.Access, side pair.Side) (account.Description, error) {
			clients, err := access.Open(ctx, side.Region)
			if err != nil {
				return account.Description{}, err
			}
			return clients.DescribeBucket(ctx, side.Bucket)
		},
		SignIn: func(ctx context.Context, access account.Access, show func(account.DeviceCode)) error {
			return access.SignIn(ctx, show)
		},
		Survey:  s.Survey,
		Apply:   s.Apply,
		Examine: s.Examine,
		Probe: func(ctx context.Context, access account.Access, asked session.Measurement) (host.Prober, error) {
			return s.Probe(ctx, access, asked)
		},
	}
}
