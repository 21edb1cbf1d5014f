package probe

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/probe/cost"
	"bothways/probe/polling"
	"bothways/probe/wording"
)

// How many uploads go on at once, small ones and others. A probe that waits for
// its turn starts late and says so.
const (
	maxUploads      = 8
	maxSmallUploads = 128
	smallUpload     = 1 << 20
)

// Runner measures one pair. It runs once at a time.
type Runner struct {
	cfg     Config
	clients Clients
	pause   *pause
	wall    func() time.Time // what the wall clock shows
	flights atomic.Pointer[flights]
}

// New checks what is asked for and returns a runner that has not started.
func New(cfg Config, clients Clients) (*Runner, error) {
	if cfg.Pace == "" {
		cfg.Pace = polling.Normal
	}
	if err := errors.Join(cfg.Check(), clients.check()); err != nil {
		return nil, err
	}
	return &Runner{cfg: cfg, clients: clients, pause: newPause(), wall: wallClock}, nil
}

// SetPaused holds new starts back, or lets them go on: the planned instants
// shift by the time spent paused. Probes in flight go on.
func (r *Runner) SetPaused(paused bool) { r.pause.hold("asked for", paused, time.Now()) }

// LastMiss is when the last poll that missed was sent, of the probe in flight
// with this key: it takes longer than until then, and more is not known of it
// yet. It is zero where no poll missed, and of probes that are not in flight. It
// may be called from other goroutines than Run's.
func (r *Runner) LastMiss(key string) time.Time {
	if f := r.flights.Load(); f != nil {
		return f.lastMiss(key)
	}
	return time.Time{}
}

// Run probes until every planned probe has yielded its sample, or until the
// context ends. Then probes in flight end as interrupted at once, and what was
// written is cleaned up within cleanupTime. Run returns when everything that
// it started has ended: nil after all rounds, the context's error after an
// interruption, an error of its own where probing would prove nothing.
// Events come one at a time.
func (r *Runner) Run(ctx context.Context, emit pair.Emit) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watching, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	garbage := r.cfg.collectLazily()
	defer garbage.restore()
	run := newRun(watching, r.cfg, r.clients, emit, cancel)
	run.pause = r.pause
	r.flights.Store(run.flights)

	rtts, err := run.preflight(ctx)
	if err != nil {
		return err
	}
	run.clock = newSleepClock(r.wall)
	run.began = time.Now()
	run.emit(run.opening())
	for _, rtt := range rtts {
		run.rtt[rtt.Side] = Duration(rtt.MinMS)
		run.emit(rtt)
	}
	run.emit(run.biases())

	run.start(func() { run.clock.watch(watching) })
	run.start(func() { run.watchStalls(watching) })
	run.start(func() { garbage.tend(watching) })
	var probes sync.WaitGroup
	run.launch(ctx, r.pause, func(c polling.Cell, planned time.Time) {
		probes.Add(1)
		run.turns(c.Size).take(run.start, func(uploaded func()) {
			defer probes.Done()
			run.probe(ctx, c, planned, uploaded)
		})
	})
	probes.Wait()
	stopWatching()
	run.workers.Wait()
	for _, stall := range run.flights.unended(time.Now()) {
		run.emitStall(stall)
	}
	run.sweep(ctx)
	cause := context.Cause(ctx)
	if fault, ok := errors.AsType[faultError](cause); ok {
		panic(fault.Error())
	}
	usage := run.tally.Usage(r.cfg.Pair)
	usage.ElapsedMS = run.since(time.Now())
	run.emit(usage)
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
	ask     func(context.Context, map[pair.SideName]pair.Tags) (map[pair.SideName]Upload, error) // what uploads carry; may be nil
	rtt     map[pair.SideName]time.Duration                                                      // written before the first probe starts
	began   time.Time                                                                            // what SinceStartMS counts from
	clock   *sleepClock
	pause   *pause
	tags    [2]pair.Tags // of each direction's rule, where it filters by them; written before the first probe starts
	several [2]bool      // directions whose origin replicates to other buckets too; written before the first probe starts
	access  *access
	memory  *polling.Memory // of the replicas' durations
	// completions remembers how long origins took to show COMPLETED.
	completions           *polling.Memory
	waits                 map[pair.SideName]*answering
	flights               *flights
	limit                 *limiter
	tally                 *cost.Tally
	uploads, smallUploads turns
	ledger                *ledger
	life                  context.Context // ends with the last probe
	nonce                 string
	cancel                context.CancelCauseFunc
	workers               sync.WaitGroup

	emitting sync.Mutex
	listener pair.Emit

	mu      sync.Mutex
	counter int
	noticed map[string]bool
}

func newRun(life context.Context, cfg Config, clients Clients, emit pair.Emit, cancel context.CancelCauseFunc) *run {
	r := &run{
		life:         life,
		cfg:          cfg,
		ask:          clients.Uploads,
		sides:        map[pair.SideName]target{},
		rtt:          map[pair.SideName]time.Duration{},
		pause:        newPause(),
		access:       newAccess(),
		memory:       polling.NewMemory(),
		completions:  polling.NewMemory(),
		waits:        map[pair.SideName]*answering{pair.A: {}, pair.B: {}},
		flights:      newFlights(),
		limit:        newLimiter(cfg.maxRate()),
		tally:        cost.NewTally(),
		uploads:      turns{free: maxUploads},
		smallUploads: turns{free: maxSmallUploads},
		ledger:       newLedger(),
		nonce:        rand.Text()[:8],
		cancel:       cancel,
		listener:     emit,
		noticed:      map[string]bool{},
	}
	r.limit.overrun = r.overrun
	for name, client := range map[pair.SideName]*s3.Client{pair.A: clients.A, pair.B: clients.B} {
		r.sides[name] = target{name: name, bucket: cfg.Pair.Side(name).Bucket, client: metered(client, name, r.tally, r.limit), shown: &atomic.Bool{}}
	}
	return r
}

// turns are those of uploads of a size.
func (r *run) turns(size int64) *turns {
	if size <= smallUpload {
		return &r.smallUploads
	}
	return &r.uploads
}

// turns are how many more may go on at once, and what waits for its turn. That has
// no goroutine until it is there: thousands may wait where uploads are slow, and a
// stack each would be most of a run's memory.
type turns struct {
	mu      sync.Mutex
	free    int
	waiting []func() // in the order in which they came
}

// take starts work, now or once it has its turn; left is called when another may.
func (t *turns) take(start func(func()), work func(left func())) {
	begin := func() {
		start(func() {
			left := sync.OnceFunc(t.leave)
			defer left()
			work(left)
		})
	}
	t.mu.Lock()
	full := t.free == 0
	if full {
		t.waiting = append(t.waiting, begin)
	} else {
		t.free--
	}
	t.mu.Unlock()
	if !full {
		begin()
	}
}

func (t *turns) leave() {
	t.mu.Lock()
	next := func() {}
	if len(t.waiting) > 0 {
		next, t.waiting[0] = t.waiting[0], nil
		t.waiting = t.waiting[1:]
	} else {
		t.free++
	}
	t.mu.Unlock()
	next()
}

// polls is the schedule of those of a side.
func (r *run) polls(side target) polling.Polls {
	return polling.Polls{Spacing: r.cfg.Pace.Figures().Spacing, RTT: r.rtt[side.name]}
}

// bias is how much shorter than from commit to visible a direction reads: half
// a round trip to the side that is written to.
func (r *run) bias(d pair.Direction) time.Duration { return r.rtt[d.From()] / 2 }

func (r *run) biases() BiasEvent {
	ab, ba := milliseconds(r.bias(pair.AtoB)), milliseconds(r.bias(pair.BtoA))
	return BiasEvent{AtoBMS: ab, BtoAMS: ba, DifferenceMS: ba - ab}
}

// watchStalls tells when nothing arrives for unusually long.
func (r *run) watchStalls(ctx context.Context) {
	for sleep(ctx, stallLook) == nil {
		for _, d := range pair.Directions() {
			now := time.Now()
			if begun, found := r.flights.stall(d, stallAfter(r.memory.LongestMedian(d, now)), now); found {
				r.emitStall(begun)
			}
		}
	}
}

func (r *run) emitStall(e StallEvent) {
	e.SinceStartMS = r.since(e.At)
	r.emit(e)
}

// emit hands an event on, one at a time.
func (r *run) emit(event pair.Event) {
	r.emitting.Lock()
	defer r.emitting.Unlock()
	r.listener(event)
}

// notice says something once in a run.
func (r *run) notice(level Level, side pair.SideName, text string) {
	if !r.known(string(side) + text) {
		r.emit(NoticeEvent{Level: level, Side: side, Text: text})
	}
}

// known says whether a text was noted before, and notes it.
func (r *run) known(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.noticed[text]
	r.noticed[text] = true
	return known
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
		EveryMS: r.cfg.Every.Milliseconds(), LimitMS: r.cfg.Limit.Milliseconds(), TargetMS: r.cfg.Target.Milliseconds(),
		ForMS: r.cfg.For.Milliseconds(), Pace: r.cfg.Pace, Seed: r.cfg.Seed, MaxRate: r.limit.perSecond(), StartedAt: r.began,
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
	return r.cfg.Pair.ProbeKey(r.cfg.RunID, hex.EncodeToString(spread[:2]), r.counter, r.nonce)
}

// launch starts the probes of all rounds at their planned instants.
func (r *run) launch(ctx context.Context, pause *pause, start func(polling.Cell, time.Time)) {
	plan := r.cfg.schedule()
	base := time.Now()
	pause.begin(base)
	held := time.Duration(0)
	for round := 1; r.cfg.Rounds == 0 || round <= r.cfg.Rounds; round++ {
		for _, c := range plan.Round(round) {
			if r.cfg.For > 0 && c.Offset >= r.cfg.For {
				return
			}
			planned, err := pause.until(ctx, base.Add(c.Offset))
			if err != nil {
				return
			}
			if shift := planned.Sub(base) - c.Offset; shift-held >= time.Second {
				r.notice(Info, "", fmt.Sprintf("Starts were held back for %s, up to %s after the run's start: the plan shifted by that.",
					wording.Duration(shift-held), wording.Duration(time.Since(base))))
				held = shift
			}
			start(c, planned)
		}
	}
}
