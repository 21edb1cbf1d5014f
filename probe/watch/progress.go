package watch

import (
	"time"

	"bothways/aws/pair"
	"bothways/probe/stats"
)

// ProgressEvent is how a direction stands in the middle of a long run. The
// probes in flight count as right-censored at their ages: while nothing
// arrives the quantiles grow.
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
		ages, oldest := w.ages(d, now)
		s := w.collector.Watching(d, ages)
		e := ProgressEvent{
			At: now, Direction: d, N: s.N, InFlight: len(ages), OldestMS: milliseconds(oldest),
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
