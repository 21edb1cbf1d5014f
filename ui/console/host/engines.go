package host

import (
	"context"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/audit/parity"
	"bothways/aws/backfill"
	"bothways/aws/drill/opened"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/session"
	"bothways/probe/watch"
)

// Engines is everything that the console asks of the packages below it. Every
// function may wait; the screens call them in commands and runs only. Tests
// put their own in its place.
type Engines struct {
	Identify func(ctx context.Context, access account.Access, region string) (account.Identity, error)
	// Open finds out how a region is reached, from local files alone.
	Open     func(ctx context.Context, access account.Access, region string) (*account.Clients, error)
	Buckets  func(ctx context.Context, access account.Access, region string) ([]string, error)
	Describe func(ctx context.Context, access account.Access, side pair.Side) (account.Description, error)
	SignIn   func(ctx context.Context, access account.Access, show func(account.DeviceCode)) error
	Survey   func(ctx context.Context, access account.Access, p pair.Pair, agreed pair.Consent) (session.Plans, error)
	Apply    func(ctx context.Context, access account.Access, proposed plan.Plan, emit pair.Emit) error
	LeftOver func(ctx context.Context, access account.Access, p pair.Pair) (map[pair.SideName]int, error)
	Probe    func(ctx context.Context, access account.Access, asked session.Measurement) (Prober, error)
	Audit    func(ctx context.Context, access account.Access, p pair.Pair, options session.AuditOptions, emit pair.Emit) (audit.Result, error)
	Settings func(ctx context.Context, access account.Access, p pair.Pair, emit pair.Emit) ([]parity.Setting, error)
	Backfill func(ctx context.Context, access account.Access, p pair.Pair, options session.BackfillOptions) (Backfiller, error)
	// Drill rehearses the loss of a side; what comes of it is in its events.
	Drill func(ctx context.Context, access account.Access, options session.DrillOptions, emit pair.Emit) error
	// Opened are the drills of a pair that were left open; UndoDrill plans what takes
	// them back.
	Opened    func(ctx context.Context, access account.Access, p pair.Pair) []opened.Open
	UndoDrill func(ctx context.Context, access account.Access, p pair.Pair) (DrillUndo, error)
	Examine   func(ctx context.Context, access account.Access, p pair.Pair, options doctor.ExamineOptions, emit pair.Emit) (doctor.Diagnosis, error)
}

// Backfiller is a backfill that is planned and can be carried out.
type Backfiller interface {
	Plan() backfill.Plan
	Run(ctx context.Context, emit pair.Emit) (backfill.Result, error)
}

// DrillUndo is the undo of open drills that is planned and can be carried out.
type DrillUndo interface {
	Plan() plan.Plan
	Opens() []opened.Open
	Run(ctx context.Context, emit pair.Emit) error
}

// Prober is a measurement that can be run.
type Prober interface {
	Run(ctx context.Context, emit pair.Emit) error
	SetPaused(paused bool)
	Watch() *watch.Watch
}
