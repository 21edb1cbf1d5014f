package session

import (
	"context"
	"time"

	"github.com/sourcegraph/conc"

	"bothways/aws/account"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/stats"
	"bothways/probe/watch"
)

// Measurement is what a probe is asked for.
type Measurement struct {
	Config probe.Config // the session names the run
	// SetUp makes the pair first: a private sandbox starts empty.
	SetUp bool
	// Progress says this often how a run without a number of rounds stands; 0:
	// never, nor after some rounds of one with a number of them.
	Progress time.Duration
	// AnyPrice says that somebody agreed to what the run may cost.
	AnyPrice bool
}

// Dear says what the measurement may cost, and whether that wants a consent of
// its own. A store that is not AWS's has prices of its own, or leads to AWS.
func (m Measurement) Dear(access account.Access) (cost.Estimate, bool) {
	estimate := m.Config.Estimate()
	return estimate, estimate.Dear() && !m.AnyPrice && !access.Sandbox
}

// Probing is a measurement that is ready to run, once.
type Probing struct {
	session *Session
	access  account.Access
	world   survey.World
	asked   Measurement
	runner  *probe.Runner
	watch   *watch.Watch
	began   bool
}

// InvalidError says that what was asked for can't be measured between these
// sides.
type InvalidError struct{ Err error }

func (e *InvalidError) Error() string { return e.Err.Error() }

// Unwrap implements the errors package's interface.
func (e *InvalidError) Unwrap() error { return e.Err }

// DearError says that a measurement may cost so much that it wants to be agreed
// to.
type DearError struct{ Estimate cost.Estimate }

func (e *DearError) Error() string { return "the estimate is " + e.Estimate.AtMost() }

// Probe reaches both sides and checks what is asked for; nothing is asked of
// AWS yet. Its error is an *InvalidError where another measurement would do, and a
// *DearError where this one wants a consent.
func (s *Session) Probe(ctx context.Context, access account.Access, asked Measurement) (*Probing, error) {
	world, err := s.open(ctx, access, asked.Config.Pair)
	if err != nil {
		return nil, err
	}
	asked.Config.RunID = world.RunID
	asked.Config.Foreign = asked.Config.Foreign || world.A.Endpoint != world.B.Endpoint // then one at least is not AWS
	clients := probe.Clients{A: world.A.S3, B: world.B.S3}
	clients.Uploads = func(ctx context.Context, tagged map[pair.SideName]pair.Tags) (map[pair.SideName]probe.Upload, error) {
		return uploads(ctx, world, asked.Config, tagged)
	}
	runner, err := probe.New(asked.Config, clients)
	if err != nil {
		return nil, &InvalidError{err}
	}
	if estimate, dear := asked.Dear(access); dear {
		return nil, &DearError{estimate}
	}
	p := &Probing{session: s, access: access, world: world, asked: asked, runner: runner, watch: watch.New()}
	p.watch.Follow(runner.LastMiss)
	return p, nil
}

// Watch follows the run, and may be read while it goes on.
func (p *Probing) Watch() *watch.Watch { return p.watch }

// SetPaused holds new probes back, or lets them go on.
func (p *Probing) SetPaused(paused bool) { p.runner.SetPaused(paused) }

// Run measures, and sums up what was measured whichever way that ended. It is
// refused where another process changes the pair. Its errors are those of
// probe.Runner, and of the set-up where one was asked for.
func (p *Probing) Run(ctx context.Context, emit pair.Emit) error {
	var first plan.Plan
	if p.asked.SetUp {
		found, err := plan.Look(ctx, p.world)
		if err != nil {
			return err
		}
		first = plan.SetUp(found)
	}
	record := p.session.record("probe", p.access, p.world, func(pair.Event) {}) // a run that is refused is not shown
	defer record.close()
	record.note(journal.Intends{Pair: p.world.Pair})
	if !p.asked.SetUp {
		// Only now: a change that begins at this moment sees the journal.
		if err := p.session.changing(p.access, p.world.Pair); err != nil {
			record.discard()
			return err
		}
	}
	record.show(emit)
	record.observe = p.follow
	if p.asked.SetUp {
		if err := plan.Apply(ctx, first, record.emit); err != nil {
			return err
		}
	}
	record.emit(p.asked.Config.Estimate())
	err := p.measure(ctx, record.emit)
	if p.began {
		collector := p.watch.Collector()
		for _, e := range collector.Events(collector.AtEnd(p.asked.Config)) {
			record.emit(e)
		}
		for _, e := range collector.WithinEvents(p.asked.Config.Target) {
			record.emit(e)
		}
	}
	return err
}

// Measured holds the samples after the run, or is nil where it ended before it
// could begin to measure: then there is nothing to sum up.
func (p *Probing) Measured() *stats.Collector {
	if !p.began {
		return nil
	}
	return p.watch.Collector()
}

func (p *Probing) follow(e pair.Event) {
	if _, ok := e.(probe.RunEvent); ok {
		p.began = true
	}
	p.watch.Take(e)
}

// measure runs the probe, and says meanwhile how one stands that has no number of
// rounds, or after some of these.
func (p *Probing) measure(ctx context.Context, emit pair.Emit) error {
	if p.asked.Progress <= 0 {
		return p.runner.Run(ctx, emit)
	}
	if p.asked.Config.Rounds > 0 {
		return p.runner.Run(ctx, p.standing(emit))
	}
	telling, stop := context.WithCancel(ctx)
	var teller conc.WaitGroup // hands its panic on to the caller
	defer teller.Wait()
	defer stop()
	teller.Go(func() {
		tick := time.NewTicker(p.asked.Progress)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				for _, e := range p.watch.Progress(time.Now()) {
					emit(e)
				}
			case <-telling.Done():
				return
			}
		}
	})
	return p.runner.Run(ctx, emit)
}

// standing says after some rounds what the directions show so far.
func (p *Probing) standing(emit pair.Emit) pair.Emit {
	standings := watch.NewStandings(p.asked.Config)
	return func(e pair.Event) {
		emit(e)
		if sample, ok := e.(probe.Sample); ok {
			if rounds, say := standings.Over(sample); say {
				emit(p.watch.Standing(time.Now(), rounds, p.asked.Config.Rounds))
			}
		}
	}
}
