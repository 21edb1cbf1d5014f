package console

import (
	"context"
	"time"

	"bothways/aws/account"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication"
	"bothways/probe"
)

// engines is everything that the console asks of the packages below it. Every
// function may wait; the screens call them in commands and runs only. Tests
// put their own in its place.
type engines struct {
	identify func(ctx context.Context, access account.Access, region string) (account.Identity, error)
	buckets  func(ctx context.Context, access account.Access, region string) ([]string, error)
	describe func(ctx context.Context, access account.Access, side pair.Side) (account.Description, error)
	signIn   func(ctx context.Context, access account.Access, show func(account.DeviceCode)) error
	survey   func(ctx context.Context, access account.Access, p pair.Pair, agreed pair.Consent) (surveyed, error)
	apply    func(ctx context.Context, plan replication.Plan, emit pair.Emit) error
	probe    func(ctx context.Context, access account.Access, cfg probe.Config) (prober, error)
	examine  func(ctx context.Context, access account.Access, p pair.Pair, runID string, options replication.ExamineOptions, emit pair.Emit) error
}

// surveyed is what a survey found, as the plans that follow from it.
type surveyed struct {
	setUp    replication.Plan
	tearDown func(buckets bool) replication.Plan
	undo     func(applied replication.Plan, statuses map[string]replication.Status) replication.Plan
}

// prober is a measurement that can be run.
type prober interface {
	Run(ctx context.Context, emit pair.Emit) error
	SetPaused(paused bool)
	LastMiss(key string) time.Time
}

func realEngines() engines {
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
		survey:  surveyReal,
		apply:   replication.Apply,
		examine: examineReal,
		probe: func(ctx context.Context, access account.Access, cfg probe.Config) (prober, error) {
			world, err := openWorld(ctx, access, cfg.Pair, cfg.RunID)
			if err != nil {
				return nil, err
			}
			return probe.New(cfg, probe.Clients{A: world.A.S3, B: world.B.S3})
		},
	}
}

func examineReal(ctx context.Context, access account.Access, p pair.Pair, runID string, options replication.ExamineOptions, emit pair.Emit) error {
	world, err := openWorld(ctx, access, p, runID)
	if err != nil {
		return err
	}
	_, err = replication.Examine(ctx, world, options, emit)
	return err
}

// survey reads what is there, and adds what this computer knows of earlier
// runs to the plans that follow from it.
func (a *app) survey(ctx context.Context, access account.Access, p pair.Pair, agreed pair.Consent) (surveyed, error) {
	found, err := a.do.survey(ctx, access, p, agreed)
	if err != nil || access.Sandbox { // a private one has no past
		return found, err
	}
	recall, tearDown := a.cfg.Recall(p), found.tearDown
	recall(&found.setUp)
	found.tearDown = func(buckets bool) replication.Plan {
		plan := tearDown(buckets)
		recall(&plan)
		return plan
	}
	return found, nil
}

func surveyReal(ctx context.Context, access account.Access, p pair.Pair, agreed pair.Consent) (surveyed, error) {
	now := time.Now()
	world, err := openWorld(ctx, access, p, journal.NewRunID(now, uint64(now.UnixNano())))
	if err != nil {
		return surveyed{}, err
	}
	world.Consent = agreed
	found, err := replication.Look(ctx, world)
	if err != nil {
		return surveyed{}, err
	}
	return surveyed{
		setUp: replication.PlanSetUp(found),
		tearDown: func(buckets bool) replication.Plan {
			return replication.PlanTearDown(found, replication.TearDownOptions{Buckets: buckets})
		},
		undo: func(applied replication.Plan, statuses map[string]replication.Status) replication.Plan {
			return replication.PlanUndo(found, applied, statuses)
		},
	}, nil
}

func openWorld(ctx context.Context, access account.Access, p pair.Pair, runID string) (replication.World, error) {
	a, err := access.Of(pair.A).Open(ctx, p.A.Region)
	if err != nil {
		return replication.World{}, err
	}
	b, err := access.Of(pair.B).Open(ctx, p.B.Region)
	if err != nil {
		return replication.World{}, err
	}
	return replication.World{Pair: p, A: a, B: b, RunID: runID}, nil
}

// noJournal names a run that nobody records.
func noJournal(string, account.Access, string) (*journal.Journal, string, error) {
	now := time.Now()
	return nil, journal.NewRunID(now, uint64(now.UnixNano())), nil
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
