package watch

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
)

// Bounds are the upper ends of a cell's histogram: 1, 2, 5 in each power of
// ten from 0.1 s to an hour and a bit.
var bounds = []float64{.1, .2, .5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000}

// Cellular is what happened to the probes of a cell.
type Cellular struct {
	Outcomes map[probe.Outcome]int64
	HEADs    int64
	Unknowns int64
	// Bounds are seconds; Counts[i] durations are at most Bounds[i]. A probe
	// that was given up counts in Count alone: it took longer than any bound
	// up to its limit.
	Bounds []float64
	Counts []int64
	Count  int64
	Sum    float64 // seconds; of those given up the time waited
}

func newCellular() *Cellular {
	return &Cellular{Outcomes: map[probe.Outcome]int64{}, Bounds: bounds, Counts: make([]int64, len(bounds))}
}

func (c *Cellular) add(s probe.Sample) {
	c.Outcomes[s.Outcome]++
	c.HEADs += int64(s.HEADs)
	c.Unknowns += int64(s.Unknowns)
	seconds := s.DurationMS / 1000
	switch s.Outcome {
	case probe.Replicated:
		for i, bound := range c.Bounds {
			if seconds <= bound {
				c.Counts[i]++
			}
		}
	case probe.GaveUp:
	case probe.Failed, probe.Interrupted, probe.Suspended:
		return
	}
	c.Count++
	c.Sum += seconds
}

// Snapshot is a run at one moment.
type Snapshot struct {
	Cells      []CellSnapshot // by direction, then size
	Directions []DirectionSnapshot
	RTT        map[pair.SideName]time.Duration
}

// CellSnapshot is one cell of a Snapshot.
type CellSnapshot struct {
	Cell
	Cellular
}

// DirectionSnapshot is one direction of a Snapshot.
type DirectionSnapshot struct {
	Direction pair.Direction
	InFlight  int
	Oldest    time.Duration // age of the oldest in flight
	Stalled   bool
	Stalls    int64
	// Summary has those in flight as right-censored at their last
	// polls that missed.
	Summary stats.Summary
	// Within has them too; its Target is 0 where there is none.
	Within stats.Within
}

// Snapshot is the run now.
func (w *Watch) Snapshot(now time.Time) Snapshot {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := Snapshot{RTT: maps.Clone(w.rtt)}
	var underway *stats.Collector
	if w.target > 0 {
		underway = w.underway()
	}
	for cell, c := range w.cells {
		copied := *c
		copied.Outcomes, copied.Counts = maps.Clone(c.Outcomes), slices.Clone(c.Counts)
		s.Cells = append(s.Cells, CellSnapshot{cell, copied})
	}
	slices.SortFunc(s.Cells, func(a, b CellSnapshot) int {
		return cmp.Or(cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.SizeBytes, b.SizeBytes))
	})
	for _, d := range pair.Directions() {
		flying := w.flying(d, now)
		s.Directions = append(s.Directions, DirectionSnapshot{
			Direction: d, InFlight: len(flying.longerThan), Oldest: flying.oldest, Stalled: w.stalled[d], Stalls: w.stalls[d],
			Summary: w.collector.Watching(d, flying.longerThan),
		})
		if underway != nil {
			s.Directions[len(s.Directions)-1].Within = underway.Within(d, w.target)
		}
	}
	return s
}

// ProgressEvent is how a direction stands in the middle of a long run. The
// probes in flight count as right-censored at their last polls that missed:
// while nothing arrives the quantiles grow.
type ProgressEvent struct {
	At        time.Time      `json:"at"`
	Direction pair.Direction `json:"direction"`
	N         int            `json:"n"` // those in flight included
	InFlight  int            `json:"in_flight"`
	OldestMS  float64        `json:"oldest_ms"` // age of the oldest in flight; 0 without any
	Stalled   bool           `json:"stalled"`
	GaveUp    int            `json:"gave_up"`
	Failed    int            `json:"failed"`
	MedianMS  *float64       `json:"median_ms"` // null: too few
	// The intervals are 95 % at this moment; an end among the censored values is null.
	MedianIntervalMS *stats.IntervalMS `json:"median_interval_ms"`
	// Where a quantile falls among the censored values it is more than …_over_ms,
	// and at most …_at_most_ms where it falls among those that the first poll found.
	MedianOverMS   *float64          `json:"median_over_ms,omitempty"`
	MedianAtMostMS *float64          `json:"median_at_most_ms,omitempty"`
	P95MS          *float64          `json:"p95_ms"`
	P95IntervalMS  *stats.IntervalMS `json:"p95_interval_ms"`
	P95OverMS      *float64          `json:"p95_over_ms,omitempty"`
	P95AtMostMS    *float64          `json:"p95_at_most_ms,omitempty"`
}

// EventName implements pair.Event.
func (ProgressEvent) EventName() string { return "progress" }

// Progress is how both directions stand.
func (w *Watch) Progress(now time.Time) []ProgressEvent {
	w.mu.Lock()
	defer w.mu.Unlock()
	events := make([]ProgressEvent, 0, 2)
	for _, d := range pair.Directions() {
		flying := w.flying(d, now)
		s := w.collector.Watching(d, flying.longerThan)
		e := ProgressEvent{
			At: now, Direction: d, N: s.N, InFlight: len(flying.longerThan), OldestMS: milliseconds(flying.oldest),
			Stalled: w.stalled[d], GaveUp: s.GaveUp, Failed: s.Failed,
		}
		e.MedianMS, e.MedianOverMS, e.MedianAtMostMS = s.Median.Members()
		e.P95MS, e.P95OverMS, e.P95AtMostMS = s.P95.Members()
		e.MedianIntervalMS, e.P95IntervalMS = s.Median.Interval(), s.P95.Interval()
		events = append(events, e)
	}
	return events
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
