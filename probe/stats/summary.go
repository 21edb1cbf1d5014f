package stats

import (
	"time"

	"bothways/aws/pair"
)

// Summary is what is shown of one direction, or of one size in one direction.
type Summary struct {
	Direction pair.Direction
	// OneSize: the summary is of SizeBytes alone, otherwise of all sizes.
	OneSize   bool
	SizeBytes int64
	Counts
	Median Quantile // from n = 6
	P90    Quantile // from n = 29
	P95    Quantile // from n = 59
	P99    Quantile // from n = 299
	Max    Quantile
	Last   Last
}

func (g *group) summary() Summary {
	return Summary{
		Counts: g.counts,
		Median: g.quantile(0.5),
		P90:    g.quantile(0.9),
		P95:    g.quantile(0.95),
		P99:    g.quantile(0.99),
		Max:    maximumOf(&g.times),
		Last:   g.last,
	}
}

// SummaryEvent is a Summary as an event. Durations are milliseconds, null
// where there are not enough samples; where the quantile falls among the
// probes that gave up, its member is null and its …_over_ms holds the time
// that it exceeds.
type SummaryEvent struct {
	Direction pair.Direction `json:"direction"`
	SizeBytes *int64         `json:"size_bytes"` // null: all sizes together
	// N counts the durations in the estimates: replicated, gave_up and
	// interrupted.
	N                int         `json:"n"`
	MedianMS         *float64    `json:"median_ms"`
	MedianIntervalMS *IntervalMS `json:"median_interval_ms"`
	MedianOverMS     *float64    `json:"median_over_ms,omitempty"`
	P90MS            *float64    `json:"p90_ms"`
	P90OverMS        *float64    `json:"p90_over_ms,omitempty"`
	P95MS            *float64    `json:"p95_ms"`
	P95OverMS        *float64    `json:"p95_over_ms,omitempty"`
	P99MS            *float64    `json:"p99_ms"`
	P99OverMS        *float64    `json:"p99_over_ms,omitempty"`
	MaxMS            *float64    `json:"max_ms"`
	MaxOverMS        *float64    `json:"max_over_ms,omitempty"`
	// Missing is how many more samples each quantile takes that is null for
	// want of them.
	Missing        *Missing `json:"missing,omitempty"`
	Probes         int      `json:"probes"`
	Replicated     int      `json:"replicated"`
	GaveUp         int      `json:"gave_up"`
	Failed         int      `json:"failed"`
	Interrupted    int      `json:"interrupted"`
	Suspended      int      `json:"suspended"`
	LeftCensored   int      `json:"left_censored"`
	Unknowns       int      `json:"unknowns"`
	HEADs          int      `json:"heads"`
	HEADsPerSample float64  `json:"heads_per_sample"`
}

// Missing counts samples that are still needed for a quantile; 0: none.
type Missing struct {
	Median int `json:"median,omitempty"`
	P90    int `json:"p90,omitempty"`
	P95    int `json:"p95,omitempty"`
	P99    int `json:"p99,omitempty"`
}

// IntervalMS is a 95 % interval in milliseconds; an end that falls among the
// probes that gave up is null.
type IntervalMS [2]*float64

// EventName implements pair.Event.
func (SummaryEvent) EventName() string { return "summary" }

// Event returns the summary as an event.
func (s Summary) Event() SummaryEvent {
	e := SummaryEvent{
		Direction: s.Direction, N: s.N, Probes: s.Probes, Replicated: s.Replicated,
		GaveUp: s.GaveUp, Failed: s.Failed, Interrupted: s.Interrupted, Suspended: s.Suspended,
		LeftCensored: s.LeftCensored, Unknowns: s.Unknowns,
		HEADs: s.HEADs, HEADsPerSample: s.HEADsPerSample(),
	}
	if s.OneSize {
		e.SizeBytes = &s.SizeBytes
	}
	e.MedianMS, e.MedianOverMS = s.Median.members()
	e.P90MS, e.P90OverMS = s.P90.members()
	e.P95MS, e.P95OverMS = s.P95.members()
	e.P99MS, e.P99OverMS = s.P99.members()
	e.MaxMS, e.MaxOverMS = s.Max.members()
	if missing := (Missing{s.Median.Missing, s.P90.Missing, s.P95.Missing, s.P99.Missing}); missing != (Missing{}) {
		e.Missing = &missing
	}
	if s.Median.State != NotEnough {
		e.MedianIntervalMS = &IntervalMS{inMS(s.Median.Lower), nil}
		if !s.Median.Open {
			e.MedianIntervalMS[1] = inMS(s.Median.Upper)
		}
	}
	return e
}

// members returns the quantile's two members in JSON.
func (q Quantile) members() (value, over *float64) {
	switch q.State {
	case Known:
		return inMS(q.Value), nil
	case Beyond:
		return nil, inMS(q.Value)
	default:
		return nil, nil
	}
}

func inMS(d time.Duration) *float64 {
	ms := float64(d) / float64(time.Millisecond)
	return &ms
}

// Verdicts are those on the directions, on the sizes, and on the sizes in each
// direction.
func (c *Collector) Verdicts() []Verdict {
	return []Verdict{c.CompareDirections(), c.CompareSizes(), c.CompareSizesIn(pair.AtoB), c.CompareSizesIn(pair.BtoA)}
}

// Events returns what a run's end reports: the two directions, every size in
// each, and the verdicts.
func (c *Collector) Events() []pair.Event {
	cells := c.Cells()
	events := make([]pair.Event, 0, len(cells)+8)
	for _, d := range pair.Directions() {
		events = append(events, c.Direction(d).Event())
	}
	for _, cell := range cells {
		events = append(events, cell.Event())
	}
	for _, v := range c.Verdicts() {
		events = append(events, v.Event())
	}
	return events
}
