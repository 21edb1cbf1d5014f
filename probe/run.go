package probe

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"bothways/aws/pair"
)

// maxUploads is how many uploads go on at once. A probe that waits for its
// turn starts late and says so.
const maxUploads = 8

// Runner measures one pair. It runs once at a time.
type Runner struct {
	cfg     Config
	clients Clients
	pause   *pause
	wall    func() time.Time // what the wall clock shows
}

// New checks what is asked for and returns a runner that has not started.
func New(cfg Config, clients Clients) (*Runner, error) {
	if cfg.Pace == "" {
		cfg.Pace = Normal
	}
	if err := errors.Join(cfg.Check(), clients.check()); err != nil {
		return nil, err
	}
	return &Runner{cfg: cfg, clients: clients, pause: newPause(), wall: wallClock}, nil
}

// SetPaused holds new starts back, or lets them go on: the planned instants
// shift by the time spent paused. Probes in flight go on.
func (r *Runner) SetPaused(paused bool) { r.pause.set(paused, time.Now()) }

// Run probes until every planned probe has yielded its sample, or until the
// context ends. Then probes in flight end as interrupted at once, and what was
// written is cleaned up within cleanupTime. Run returns when everything that
// it started has ended: nil after all rounds, the context's error after an
// interruption, an error of its own where probing would prove nothing.
// Events come one at a time.
func (r *Runner) Run(ctx context.Context, emit pair.Emit) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	run := newRun(r.cfg, r.clients, emit, cancel)
	run.clock = newSleepClock(r.wall)

	rtts, err := run.preflight(ctx)
	if err != nil {
		return err
	}
	run.emit(run.opening())
	for _, rtt := range rtts {
		run.rtt[rtt.Side] = time.Duration(rtt.MinMS * float64(time.Millisecond))
		run.emit(rtt)
	}

	watching, stopWatching := context.WithCancel(ctx)
	run.start(func() { run.clock.watch(watching) })
	var probes sync.WaitGroup
	run.launch(ctx, r.pause, func(c cell, planned time.Time) {
		probes.Add(1)
		run.start(func() {
			defer probes.Done()
			run.probe(ctx, c, planned)
		})
	})
	probes.Wait()
	stopWatching()
	run.workers.Wait()
	run.sweep(ctx)
	cause := context.Cause(ctx)
	if fault, ok := errors.AsType[faultError](cause); ok {
		panic(fault.Error())
	}
	return cause
}

// faultError is a panic of one of a run's goroutines, on its way to the
// caller of Run, who may hold a terminal that must be restored.
type faultError struct {
	value any
	stack []byte
}

func (f faultError) Error() string { return fmt.Sprintf("%v\n%s", f.value, f.stack) }

// run is the state of one Run.
type run struct {
	cfg     Config
	sides   map[pair.SideName]target
	rtt     map[pair.SideName]time.Duration // written before the first probe starts
	clock   *sleepClock
	memory  *memory
	heads   *limiter
	uploads chan struct{} // holds a token for each upload that goes on
	ledger  *ledger
	nonce   string
	cancel  context.CancelCauseFunc
	workers sync.WaitGroup

	emitting sync.Mutex
	listener pair.Emit

	mu      sync.Mutex
	counter int
	noticed map[string]bool
}

func newRun(cfg Config, clients Clients, emit pair.Emit, cancel context.CancelCauseFunc) *run {
	return &run{
		cfg: cfg,
		sides: map[pair.SideName]target{
			pair.A: {name: pair.A, bucket: cfg.Pair.A.Bucket, client: clients.A},
			pair.B: {name: pair.B, bucket: cfg.Pair.B.Bucket, client: clients.B},
		},
		rtt:      map[pair.SideName]time.Duration{},
		memory:   newMemory(),
		heads:    newLimiter(DefaultMaxRate),
		uploads:  make(chan struct{}, maxUploads),
		ledger:   newLedger(),
		nonce:    rand.Text()[:8],
		cancel:   cancel,
		listener: emit,
		noticed:  map[string]bool{},
	}
}

// emit hands an event on, one at a time.
func (r *run) emit(event pair.Event) {
	r.emitting.Lock()
	defer r.emitting.Unlock()
	r.listener(event)
}

// notice says something once in a run.
func (r *run) notice(level Level, side pair.SideName, text string) {
	r.mu.Lock()
	known := r.noticed[string(side)+text]
	r.noticed[string(side)+text] = true
	r.mu.Unlock()
	if !known {
		r.emit(NoticeEvent{Level: level, Side: side, Text: text})
	}
}

// start runs work beside the others. A panic in it ends the run, and Run
// panics with it once everything has been wound up.
func (r *run) start(work func()) {
	r.workers.Go(func() {
		defer func() {
			if fault := recover(); fault != nil {
				r.cancel(faultError{fault, debug.Stack()})
			}
		}()
		work()
	})
}

func (r *run) opening() RunEvent {
	return RunEvent{
		RunID: r.cfg.RunID, Pair: r.cfg.Pair, Sizes: r.cfg.Sizes, Rounds: r.cfg.Rounds,
		EveryMS: r.cfg.Every.Milliseconds(), LimitMS: r.cfg.Limit.Milliseconds(),
		Pace: r.cfg.Pace, Seed: r.cfg.Seed, StartedAt: time.Now(),
	}
}

// newKey names an object: under the pair's prefix for probes and the run's ID,
// spread by a hash so that S3 can spread the load, never the same twice.
func (r *run) newKey() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counter++
	name := fmt.Sprintf("%06d-%s", r.counter, r.nonce)
	spread := sha256.Sum256([]byte(name))
	return fmt.Sprintf("%s%s/%x/%s", r.cfg.Pair.ProbePrefix(), r.cfg.RunID, spread[:2], name)
}

// launch starts the probes of all rounds at their planned instants.
func (r *run) launch(ctx context.Context, pause *pause, start func(cell, time.Time)) {
	plan := schedule{sizes: r.cfg.Sizes, every: r.cfg.Every, seed: r.cfg.Seed}
	base := time.Now()
	pause.begin(base)
	for round := 1; r.cfg.Rounds == 0 || round <= r.cfg.Rounds; round++ {
		for _, c := range plan.round(round) {
			planned, err := pause.until(ctx, base.Add(c.offset))
			if err != nil {
				return
			}
			start(c, planned)
		}
	}
}
