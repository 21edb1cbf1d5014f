// Package watch follows a probe run as it goes: what arrived, what is in
// flight and for how long, and whether anything arrives at all. Its memory is
// bounded by the raw durations and brackets, 130 bytes a probe, up to 50 more for
// each of a direction's first 20,000 and as many for each of its latest 65,536, whose
// order is kept, and by what is in flight.
package watch

import (
	"sync"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
)

// Watch takes a run's events. Its methods may be called from several
// goroutines.
type Watch struct {
	mu        sync.Mutex
	collector *stats.Collector
	flights   map[string]flight
	stalled   [2]bool
	stalls    [2]int64
	rtt       map[pair.SideName]time.Duration
	cells     map[Cell]*Cellular
	lastMiss  func(key string) time.Time
	target    time.Duration
}

type flight struct {
	direction  pair.Direction
	size       int64
	posted     time.Time     // zero during the upload
	longerThan time.Duration // as far as anybody asked
}

// inFlight are the probes of a direction in flight.
type inFlight struct {
	// longerThan is what is known of each: from the upload's end to the last
	// poll that missed, 0 where none did.
	longerThan []time.Duration
	oldest     time.Duration // age of the oldest
}

// Cell is a direction and a size.
type Cell struct {
	Direction pair.Direction
	SizeBytes int64
}

// New returns a watch of a run that has not begun.
func New() *Watch {
	return &Watch{
		collector: stats.NewCollector(), flights: map[string]flight{},
		rtt: map[pair.SideName]time.Duration{}, cells: map[Cell]*Cellular{},
		lastMiss: func(string) time.Time { return time.Time{} },
	}
}

// Follow tells the watch of whom to ask when the last poll of a probe in flight
// that missed was sent: see probe.Runner's LastMiss. Until then of no probe in
// flight anything is known.
func (w *Watch) Follow(lastMiss func(key string) time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lastMiss = lastMiss
}

// Take takes one event.
func (w *Watch) Take(e pair.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := e.(type) {
	case probe.RunEvent:
		w.target = time.Duration(e.TargetMS) * time.Millisecond
	case probe.RTTEvent:
		w.rtt[e.Side] = probe.Duration(e.MinMS)
	case probe.StartedEvent:
		w.flights[e.Key] = flight{direction: e.Direction, size: e.SizeBytes}
	case probe.PostedEvent:
		w.flights[e.Key] = flight{direction: e.Direction, size: e.SizeBytes, posted: e.PostedAt}
	case probe.Sample:
		delete(w.flights, e.Key)
		w.collector.Add(e)
		w.cell(Cell{e.Direction, e.SizeBytes}).add(e)
	case probe.StallEvent:
		if e.Stalled && !w.stalled[e.Direction] { // one that lasts to the end is told twice
			w.stalls[e.Direction]++
		}
		w.stalled[e.Direction] = e.Stalled
	}
}

func (w *Watch) cell(c Cell) *Cellular {
	if w.cells[c] == nil {
		w.cells[c] = newCellular()
	}
	return w.cells[c]
}

// Collector holds the samples so far.
func (w *Watch) Collector() *stats.Collector {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.collector.Snapshot()
}

// Underway holds the samples so far and what is in flight, for readings in the
// middle of the run.
func (w *Watch) Underway() *stats.Collector {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.underway()
}

func (w *Watch) underway() *stats.Collector {
	flights := make([]stats.InFlight, 0, len(w.flights))
	for key, f := range w.flights {
		flights = append(flights, stats.InFlight{Direction: f.direction, SizeBytes: f.size, LongerThan: w.known(key, f)})
	}
	return w.collector.Underway(flights)
}

// InFlight counts each direction's probes in flight, those that still upload
// included.
func (w *Watch) InFlight() [2]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	var counts [2]int
	for _, f := range w.flights {
		counts[f.direction]++
	}
	return counts
}

// flying are the probes of a direction that are waited for.
func (w *Watch) flying(d pair.Direction, now time.Time) inFlight {
	var all inFlight
	for key, f := range w.flights {
		if f.direction == d && !f.posted.IsZero() {
			all.longerThan = append(all.longerThan, w.known(key, f))
			all.oldest = max(all.oldest, now.Sub(f.posted))
		}
	}
	return all
}

// known is what is known of the time of a probe in flight. It stays known: the
// runner lets go of the probe a little before its sample comes.
func (w *Watch) known(key string, f flight) time.Duration {
	if !f.posted.IsZero() {
		f.longerThan = max(f.longerThan, w.lastMiss(key).Sub(f.posted))
		w.flights[key] = f
	}
	return f.longerThan
}
