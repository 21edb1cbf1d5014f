package drill

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/sourcegraph/conc/panics"

	"bothways/aws/drill/canary"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe"
)

// canarySize is small: what is measured is when it arrives.
const canarySize = 1 << 10

// herd is the canaries' measurement as it goes on beside the drill.
type herd struct {
	mu      sync.Mutex
	flock   *canary.Flock
	samples []probe.Sample
	left    []probe.LeftObject
	// slowest is the longest upload of each direction before the fault, in
	// milliseconds, and troubled how many in a row failed or took far longer since.
	slowest  [2]float64
	troubled [2]int
	faulty   bool // the fault is on
	start    time.Time
	runner   *probe.Runner
	stop     context.CancelFunc
	news     chan struct{}
	err      error          // why it has ended; read once gone is closed
	caught   panics.Catcher // a panic of one of its goroutines
	gone     chan struct{}  // closed when it has ended
	told     chan struct{}  // closed when nothing is told of it any more
	started  chan struct{}  // closed when its clock starts
}

// watch starts the canaries. They go on until herd.stop, also while the drill is
// turned aside: its context is theirs only as far as its values go. Whichever way
// it ends, the herd is the run's from then on, so that what it leaves is told.
func (r *run) watch(ctx context.Context) error {
	cfg := measurement(r.Scope, r.Probe)
	runner, err := probe.New(cfg, r.Clients)
	if err != nil {
		return err
	}
	h := &herd{
		flock: canary.NewFlock(runner.LastMiss), runner: runner,
		news: make(chan struct{}, 1), gone: make(chan struct{}), told: make(chan struct{}), started: make(chan struct{}),
	}
	going, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.stop = stop
	r.emitting.Lock() // remarks are told by its clock
	r.herd = h
	r.emitting.Unlock()
	go func() {
		defer close(h.gone)
		h.caught.Try(func() { h.err = runner.Run(going, func(e pair.Event) { r.heard(h, e) }) })
	}()
	go func() {
		defer close(h.told)
		h.caught.Try(func() { r.tell(h) })
		if h.caught.Recovered() != nil {
			stop()
		}
		<-h.gone
	}()
	select {
	case <-h.started:
		return nil
	case <-h.gone:
		h.caught.Repanic()
		return fmt.Errorf("canaries can't be written: %w", h.err)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// measurement is that of the canaries.
func measurement(scope record.Scope, cfg probe.Config) probe.Config {
	cfg.Pair, cfg.Sizes, cfg.Every = scope.Pair, []int64{canarySize}, scope.Every
	cfg.Rounds, cfg.For = 0, 0
	cfg.Target = scope.Targets.RPO
	// No canary is given up as long as the drill may wait for it.
	cfg.Limit = (scope.Box + scope.Drain + time.Hour).Round(time.Second)
	if cfg.Target > cfg.Limit {
		cfg.Target = 0
	}
	return cfg
}

// tellEvery is how often it is told how both directions stand.
const tellEvery = time.Second

// tell says how both directions stand for as long as canaries are written.
func (r *run) tell(h *herd) {
	select {
	case <-h.started:
	case <-h.gone:
		return
	}
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	for {
		select {
		case <-h.gone:
			return
		case now := <-tick.C:
			for _, d := range pair.Directions() {
				l := h.lane(d, now)
				r.emit(record.Backlog{
					Direction: d, Posted: l.Posted, Arrived: l.Arrived, Missing: l.Missing, Refused: l.Refused, Holes: l.Holes,
					OldestMS: float64(l.Oldest) / float64(time.Millisecond), SinceStartMS: h.ms(now), At: now,
				})
			}
		}
	}
}

// heard takes an event of the canaries, and hands it on.
func (r *run) heard(h *herd, e pair.Event) {
	h.take(e)
	r.emit(e)
	select {
	case h.news <- struct{}{}:
	default:
	}
}

func (h *herd) take(e pair.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flock.Take(e)
	switch e := e.(type) {
	case probe.RunEvent:
		h.start = e.StartedAt
		close(h.started)
	case probe.PostedEvent:
		h.uploaded(e)
	case probe.Sample:
		h.samples = append(h.samples, e)
		if e.Outcome == probe.Failed && e.VersionID == "" {
			h.troubled[e.Direction]++
		}
	case probe.LeftEvent:
		h.left = append(h.left, e.Objects...)
	}
}

// An upload is trouble where it takes this many times as long as the slowest one
// of the steady state, and a second at least.
const timesSlow = 3

// uploaded takes an upload that was acknowledged.
func (h *herd) uploaded(e probe.PostedEvent) {
	switch d := e.Direction; {
	case !h.faulty:
		h.slowest[d] = max(h.slowest[d], e.UploadMS)
	case e.UploadMS > max(timesSlow*h.slowest[d], 1000):
		h.troubled[d]++
	default:
		h.troubled[d] = 0
	}
}

// suffers begins to count the writes that are in trouble.
func (h *herd) suffers() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faulty, h.troubled = true, [2]int{}
}

// runs says whether its clock has started.
func (h *herd) runs() bool {
	select {
	case <-h.started:
		return true
	default:
		return false
	}
}

func (h *herd) ms(at time.Time) float64 { return float64(at.Sub(h.start)) / float64(time.Millisecond) }

func (h *herd) began() time.Time { return h.start }

func (h *herd) all(d pair.Direction) []canary.Canary {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.flock.All(d)
}

// waiting counts the canaries of both directions that were acknowledged by an
// instant and are not seen on the other side.
func (h *herd) waiting(untilMS float64) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.flock.Waiting(untilMS)
}

// arrived counts a direction's canaries that arrived, of those acknowledged from an
// instant on.
func (h *herd) arrived(d pair.Direction, fromMS float64) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.samples {
		if s.Direction == d && s.Outcome == probe.Replicated && float64(s.SinceStart(h.start))/float64(time.Millisecond) >= fromMS {
			n++
		}
	}
	return n
}

func (h *herd) lane(d pair.Direction, now time.Time) canary.Lane {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.flock.Lane(d, now)
}

// trouble is how many writes of a direction in a row failed, or took far longer
// than before.
func (h *herd) trouble(d pair.Direction) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.troubled[d]
}

func (h *herd) taken() []probe.Sample {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.samples)
}
