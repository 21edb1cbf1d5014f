package rooms

import (
	"context"
	"sync"
	"time"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/audit/parity"
	"bothways/aws/drill/opened"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/probe/watch"
	"bothways/ui/console/host"
)

// answers are engines of the sandbox in which there is nothing yet. Of a bucket
// nobody hears, and what runs goes on until the test ends it.
func (s *stage) answers() host.Engines {
	return host.Engines{
		Open: func(_ context.Context, access account.Access, region string) (*account.Clients, error) {
			return &account.Clients{Region: region, Profile: access.Profile, Endpoint: "http://localhost:4566"}, nil
		},
		Identify: func(context.Context, account.Access, string) (account.Identity, error) { return operator(), nil },
		Buckets:  func(context.Context, account.Access, string) ([]string, error) { return nil, nil },
		Describe: func(ctx context.Context, _ account.Access, _ pair.Side) (account.Description, error) {
			<-ctx.Done()
			return account.Description{}, ctx.Err()
		},
		SignIn: func(ctx context.Context, _ account.Access, _ func(account.DeviceCode)) error {
			<-ctx.Done()
			return ctx.Err()
		},
		Survey: func(_ context.Context, _ account.Access, p pair.Pair, _ pair.Consent) (session.Plans, error) {
			return demoSurvey(p), nil
		},
		LeftOver: func(context.Context, account.Access, pair.Pair) (map[pair.SideName]int, error) { return s.left, nil },
		Apply: func(ctx context.Context, access account.Access, proposed plan.Plan, emit pair.Emit) error {
			return s.work(&work{ctx: ctx, emit: emit, access: access, plan: proposed})
		},
		Probe: func(_ context.Context, access account.Access, asked session.Measurement) (host.Prober, error) {
			if estimate, dear := asked.Dear(access); dear {
				return nil, &session.DearError{Estimate: estimate} // as the session does
			}
			return &prober{stage: s, access: access, cfg: asked.Config, watch: watch.New(), posted: map[string]time.Time{}}, nil
		},
		Backfill: func(_ context.Context, access account.Access, p pair.Pair, options session.BackfillOptions) (host.Backfiller, error) {
			return &backfiller{stage: s, access: access, plan: demoBackfill(p, options)}, nil
		},
		Audit: func(ctx context.Context, access account.Access, _ pair.Pair, options session.AuditOptions, emit pair.Emit) (audit.Result, error) {
			return audit.Result{}, s.work(&work{ctx: ctx, emit: emit, access: access, audit: &options})
		},
		Drill: func(ctx context.Context, access account.Access, options session.DrillOptions, emit pair.Emit) error {
			return s.work(&work{ctx: ctx, emit: emit, access: access, drill: &options})
		},
		Opened: func(context.Context, account.Access, pair.Pair) []opened.Open { return s.openDrills },
		UndoDrill: func(_ context.Context, access account.Access, p pair.Pair) (host.DrillUndo, error) {
			return demoUndo(s, access, p), nil
		},
		Settings: func(context.Context, account.Access, pair.Pair, pair.Emit) ([]parity.Setting, error) {
			return demoSettings(), nil
		},
		Examine: func(ctx context.Context, access account.Access, _ pair.Pair, options doctor.ExamineOptions, emit pair.Emit) (doctor.Diagnosis, error) {
			return doctor.Diagnosis{}, s.work(&work{ctx: ctx, emit: emit, access: access, canaries: options.Canaries})
		},
	}
}

// work is an engine that was set to work. It does what the test says, and ends
// when the test says so: being stopped it only hears.
type work struct {
	ctx    context.Context //nolint:containedctx // what the console can stop it with
	emit   pair.Emit
	ends   chan error
	access account.Access

	plan     plan.Plan    // that is carried out
	cfg      probe.Config // of a measurement
	prober   *prober
	canaries bool // of an examination
	audit    *session.AuditOptions
	backfill bool
	drill    *session.DrillOptions
	agreed   chan error  // what was answered to whether it is agreed to
	decided  chan string // how it was decided
}

func (s *stage) work(w *work) error {
	w.ends = make(chan error, 1)
	s.mu.Lock()
	s.works = append(s.works, w)
	s.mu.Unlock()
	select {
	case err := <-w.ends:
		return err
	case <-s.t.Context().Done():
		return s.t.Context().Err()
	}
}

// last is the engine that was set to work last.
func (s *stage) last() *work {
	s.t.Helper()
	if s.settle(); len(s.works) == 0 {
		s.t.Fatalf("nothing was set to work:\n%s", s.text())
	}
	return s.works[len(s.works)-1]
}

// tell lets the engine that works report.
func (s *stage) tell(events ...pair.Event) *stage {
	s.t.Helper()
	w := s.last()
	for _, e := range events {
		w.emit(e)
	}
	s.pass(time.Second / 4) // the longest gap between two batches
	return s
}

// end lets the engine that works end.
func (s *stage) end(err error) *stage {
	s.t.Helper()
	s.last().ends <- err
	s.settle()
	return s
}

// stopped says whether the engine that works was told to stop.
func (s *stage) stopped() bool { return s.last().ctx.Err() != nil }

// prober is a measurement whose samples the test gives.
type prober struct {
	stage  *stage
	access account.Access
	cfg    probe.Config
	watch  *watch.Watch
	paused bool

	mu     sync.Mutex
	posted map[string]time.Time
}

func (p *prober) SetPaused(paused bool) { p.paused = paused }

func (p *prober) Watch() *watch.Watch { return p.watch }

func (p *prober) Run(ctx context.Context, face pair.Emit) error {
	p.watch.Follow(func(key string) time.Time { // polled at steps of some 4 %
		p.mu.Lock()
		defer p.mu.Unlock()
		at := p.posted[key]
		return at.Add(max(0, p.stage.now.Sub(at)) * 96 / 100)
	})
	return p.stage.work(&work{ctx: ctx, access: p.access, cfg: p.cfg, prober: p, emit: func(e pair.Event) {
		if e, ok := e.(probe.PostedEvent); ok {
			p.mu.Lock()
			p.posted[e.Key] = e.PostedAt
			p.mu.Unlock()
		}
		p.watch.Take(e)
		face(e)
	}})
}
