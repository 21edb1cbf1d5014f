package console

import (
	"context"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/session"
	"bothways/probe/watch"
)

// engines is everything that the console asks of the packages below it. Every
// function may wait; the screens call them in commands and runs only. Tests
// put their own in its place.
type engines struct {
	identify func(ctx context.Context, access account.Access, region string) (account.Identity, error)
	buckets  func(ctx context.Context, access account.Access, region string) ([]string, error)
	describe func(ctx context.Context, access account.Access, side pair.Side) (account.Description, error)
	signIn   func(ctx context.Context, access account.Access, show func(account.DeviceCode)) error
	survey   func(ctx context.Context, access account.Access, p pair.Pair, agreed pair.Consent) (session.Plans, error)
	apply    func(ctx context.Context, access account.Access, plan plan.Plan, emit pair.Emit) error
	probe    func(ctx context.Context, access account.Access, asked session.Measurement) (prober, error)
	examine  func(ctx context.Context, access account.Access, p pair.Pair, options doctor.ExamineOptions, emit pair.Emit) (doctor.Diagnosis, error)
}

// prober is a measurement that can be run.
type prober interface {
	Run(ctx context.Context, emit pair.Emit) error
	SetPaused(paused bool)
	Watch() *watch.Watch
}

func realEngines(s *session.Session) engines {
	return engines{
		identify: func(ctx context.Context, access account.Access, region string) (account.Identity, error) {
			clients, err := access.Open(ctx, region)
			if err != nil {
				return account.Identity{}, err
			}
			return clients.Identify(ctx)
		},
		buckets: func(ctx context.Context, access account.Access, region string) ([]string, error) {
			clients, err := access.Open(ctx, region)
			if err != nil {
				return nil, err
			}
			return clients.Buckets(ctx)
		},
		describe: func(ctx context.Context, access account.Access, side pair.Side) (account.Description, error) {
			clients, err := access.Open(ctx, side.Region)
			if err != nil {
				return account.Description{}, err
			}
			return clients.DescribeBucket(ctx, side.Bucket)
		},
		signIn: func(ctx context.Context, access account.Access, show func(account.DeviceCode)) error {
			return access.SignIn(ctx, show)
		},
		survey:  s.Survey,
		apply:   s.Apply,
		examine: s.Examine,
		probe: func(ctx context.Context, access account.Access, asked session.Measurement) (prober, error) {
			return s.Probe(ctx, access, asked)
		},
	}
}

// demoLetters are four letters or digits that make a bucket's name unlikely to
// be taken; bucket names are shared by all accounts.
func demoLetters(random uint64) string {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789"
	word := make([]byte, 4)
	for i := range word {
		word[i] = letters[random%uint64(len(letters))]
		random /= uint64(len(letters))
	}
	return string(word)
}
