package stats

import (
	"slices"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/wording"
)

// Summary is what is shown of one direction, or of one size in one direction.
type Summary struct {
	Direction pair.Direction
	// OneSize: the summary is of SizeBytes alone, otherwise of all sizes.
	OneSize   bool
	SizeBytes int64
	Counts
	// Worth is how many independent times tell as much of the middle as these do,
	// where those that follow each other are alike; 0 where that was not seen.
	Worth  int
	Median Quantile // from n = 6
	Mean   Mean     // from 6 arrivals
	P90    Quantile // from n = 29
	P95    Quantile // from n = 59
	P99    Quantile // from n = 299
	Max    Quantile
	Last   Last
	// FromPlan is of all sizes of a direction, where any probe started late.
	FromPlan *FromPlan
}

// FromPlan are the same times counted from the instants at which the schedule
// wanted the probes to start, uploads included: what a write took from the
// moment it was due.
type FromPlan struct{ Median, P95 Quantile }

// addPlanned takes a sample with its time and bracket counted from the planned
// start. A bracket that starts at 0 keeps its start: at most so much.
func (c *Collector) addPlanned(s probe.Sample) {
	ahead := s.LateMS + s.UploadMS
	if s.Outcome.Censored() && !(s.DurationMS > 0) || !(ahead >= 0) {
		return
	}
	s.DurationMS += ahead
	for end, ms := range s.BracketMS {
		if ms > 0 {
			s.BracketMS[end] = ms + ahead
		}
	}
	c.planned[s.Direction].add(s)
}

// fromPlan is nil where no probe of the direction started late.
func (c *Collector) fromPlan(d pair.Direction) *FromPlan {
	if c.directions[d].counts.Late == 0 {
		return nil
	}
	g := &c.planned[d]
	middle := c.order(anySize).middle
	return &FromPlan{Median: g.quantile(0.5, middle), P95: g.quantile(0.95, middle)}
}

// summary is of a direction's group whose times are in that order.
func (g *group) summary(d pair.Direction, in *order) Summary {
	middle, worthAll := in.middle, 0
	if middle.seen {
		worthAll = max(1, middle.worth(g.times.n()))
	}
	return Summary{
		Counts: g.counts,
		Worth:  worthAll,
		Median: in.quantile(d, g, 0.5),
		Mean:   g.mean(middle.ifSeen()),
		P90:    in.quantile(d, g, 0.9),
		P95:    in.quantile(d, g, 0.95),
		P99:    in.quantile(d, g, 0.99),
		Max:    g.maximum(),
		Last:   g.last,
	}
}

// SummaryEvent is a Summary as an event. Durations are milliseconds, null
// where there are not enough samples; where the quantile falls among the
// probes that gave up, its member is null and its …_over_ms holds the time
// that it exceeds; where it falls among those that the first poll found or on a held answer, its
// …_at_most_ms holds the time that it does not exceed.
type SummaryEvent struct {
	Direction pair.Direction `json:"direction"`
	SizeBytes *int64         `json:"size_bytes"` // null: all sizes together
	// N counts the durations in the estimates: replicated, gave_up and
	// interrupted.
	N int `json:"n"`
	// Worth is how many independent times tell as much of the middle, where the
	// delays come in bursts.
	Worth            int         `json:"worth,omitempty"`
	MedianMS         *float64    `json:"median_ms"`
	MedianIntervalMS *IntervalMS `json:"median_interval_ms"`
	MedianOverMS     *float64    `json:"median_over_ms,omitempty"`
	MedianAtMostMS   *float64    `json:"median_at_most_ms,omitempty"`
	// MeanCutMS is where each time is cut for the mean, because some gave up,
	// were interrupted or are in flight; MeanBracketMS how far the mean may lie
	// off, either way, because only a bracket is known of each arrival.
	MeanMS         *float64    `json:"mean_ms"`
	MeanIntervalMS *IntervalMS `json:"mean_interval_ms"`
	MeanAtMostMS   *float64    `json:"mean_at_most_ms,omitempty"`
	MeanCutMS      *float64    `json:"mean_cut_ms,omitempty"`
	MeanBracketMS  *float64    `json:"mean_bracket_ms,omitempty"`
	P90MS          *float64    `json:"p90_ms"`
	P90IntervalMS  *IntervalMS `json:"p90_interval_ms"`
	P90OverMS      *float64    `json:"p90_over_ms,omitempty"`
	P90AtMostMS    *float64    `json:"p90_at_most_ms,omitempty"`
	P95MS          *float64    `json:"p95_ms"`
	P95IntervalMS  *IntervalMS `json:"p95_interval_ms"`
	P95OverMS      *float64    `json:"p95_over_ms,omitempty"`
	P95AtMostMS    *float64    `json:"p95_at_most_ms,omitempty"`
	P99MS          *float64    `json:"p99_ms"`
	P99IntervalMS  *IntervalMS `json:"p99_interval_ms"`
	P99OverMS      *float64    `json:"p99_over_ms,omitempty"`
	P99AtMostMS    *float64    `json:"p99_at_most_ms,omitempty"`
	MaxMS          *float64    `json:"max_ms"`
	MaxOverMS      *float64    `json:"max_over_ms,omitempty"`
	MaxAtMostMS    *float64    `json:"max_at_most_ms,omitempty"`
	// Missing is how many more samples each quantile takes that is null for
	// want of them.
	Missing *Missing `json:"missing,omitempty"`
	// TooFewBursts names those that are null as the delays come in bursts, of
	// which the run saw too few.
	TooFewBursts   []string `json:"too_few_bursts,omitempty"`
	Probes         int      `json:"probes"`
	Replicated     int      `json:"replicated"`
	GaveUp         int      `json:"gave_up"`
	Failed         int      `json:"failed"`
	Interrupted    int      `json:"interrupted"`
	Suspended      int      `json:"suspended"`
	LeftCensored   int      `json:"left_censored"`
	Held           int      `json:"held,omitempty"`
	Unknowns       int      `json:"unknowns"`
	HEADs          int      `json:"heads"`
	HEADsPerSample float64  `json:"heads_per_sample"`
	// Late counts the probes that started notably after their planned instants;
	// FromPlanned, of a direction, is then counted from those.
	Late        int            `json:"late,omitempty"`
	FromPlanned *FromPlanEvent `json:"from_planned,omitempty"`
}

// FromPlanEvent is a FromPlan as an event, in milliseconds from the planned
// instants, uploads included.
type FromPlanEvent struct {
	MedianMS         *float64    `json:"median_ms"`
	MedianIntervalMS *IntervalMS `json:"median_interval_ms"`
	MedianOverMS     *float64    `json:"median_over_ms,omitempty"`
	MedianAtMostMS   *float64    `json:"median_at_most_ms,omitempty"`
	P95MS            *float64    `json:"p95_ms"`
	P95IntervalMS    *IntervalMS `json:"p95_interval_ms"`
	P95OverMS        *float64    `json:"p95_over_ms,omitempty"`
	P95AtMostMS      *float64    `json:"p95_at_most_ms,omitempty"`
}

// Missing counts samples that are still needed for a quantile; 0: none.
type Missing struct {
	Median int `json:"median,omitempty"`
	Mean   int `json:"mean,omitempty"`
	P90    int `json:"p90,omitempty"`
	P95    int `json:"p95,omitempty"`
	P99    int `json:"p99,omitempty"`
}

// tooFewBursts stands for a number of missing samples that nobody knows.
const tooFewBursts = -1

// Lacking is what is missing as Quoted takes it.
func (e SummaryEvent) Lacking() Missing {
	m := Missing{}
	if e.Missing != nil {
		m = *e.Missing
	}
	for name, missing := range map[string]*int{"median": &m.Median, "mean": &m.Mean, "p90": &m.P90, "p95": &m.P95, "p99": &m.P99} {
		if slices.Contains(e.TooFewBursts, name) {
			*missing = tooFewBursts
		}
	}
	return m
}

// IntervalMS is a 95 % interval in milliseconds; an end that falls among the
// probes that gave up is null.
type IntervalMS [2]*float64

// EventName implements pair.Event.
func (SummaryEvent) EventName() string { return "summary" }

// Event returns the summary as an event.
func (s Summary) Event() SummaryEvent {
	e := SummaryEvent{
		Direction: s.Direction, N: s.N, Worth: s.Worth, Probes: s.Probes, Replicated: s.Replicated,
		GaveUp: s.GaveUp, Failed: s.Failed, Interrupted: s.Interrupted, Suspended: s.Suspended,
		LeftCensored: s.LeftCensored, Held: s.Held, Unknowns: s.Unknowns,
		HEADs: s.HEADs, HEADsPerSample: s.HEADsPerSample(), Late: s.Late,
	}
	if s.OneSize {
		e.SizeBytes = &s.SizeBytes
	}
	e.MedianMS, e.MedianOverMS, e.MedianAtMostMS = s.Median.Members()
	s.Mean.tell(&e)
	e.P90MS, e.P90OverMS, e.P90AtMostMS = s.P90.Members()
	e.P95MS, e.P95OverMS, e.P95AtMostMS = s.P95.Members()
	e.P99MS, e.P99OverMS, e.P99AtMostMS = s.P99.Members()
	e.MaxMS, e.MaxOverMS, e.MaxAtMostMS = s.Max.Members()
	if missing := (Missing{s.Median.Missing, s.Mean.Missing, s.P90.Missing, s.P95.Missing, s.P99.Missing}); missing != (Missing{}) {
		e.Missing = &missing
	}
	for _, of := range []struct {
		name   string
		bursts bool
	}{{"median", s.Median.Bursts}, {"mean", s.Mean.Bursts}, {"p90", s.P90.Bursts}, {"p95", s.P95.Bursts}, {"p99", s.P99.Bursts}} {
		if of.bursts {
			e.TooFewBursts = append(e.TooFewBursts, of.name)
		}
	}
	e.MedianIntervalMS, e.P90IntervalMS, e.P95IntervalMS, e.P99IntervalMS = s.Median.Interval(), s.P90.Interval(), s.P95.Interval(), s.P99.Interval()
	if s.FromPlan != nil {
		f := &FromPlanEvent{MedianIntervalMS: s.FromPlan.Median.Interval(), P95IntervalMS: s.FromPlan.P95.Interval()}
		f.MedianMS, f.MedianOverMS, f.MedianAtMostMS = s.FromPlan.Median.Members()
		f.P95MS, f.P95OverMS, f.P95AtMostMS = s.FromPlan.P95.Members()
		e.FromPlanned = f
	}
	return e
}

// Interval is the quantile's 95 % interval in JSON; nil where there are too few
// samples for one.
func (q Quantile) Interval() *IntervalMS {
	if q.State == NotEnough {
		return nil
	}
	i := &IntervalMS{inMS(q.Lower), nil}
	if !q.Open {
		i[1] = inMS(q.Upper)
	}
	return i
}

// Members returns the quantile's three members in JSON, in milliseconds: one
// at most is not nil.
func (q Quantile) Members() (value, over, atMost *float64) {
	switch q.State {
	case Known:
		return inMS(q.Value), nil, nil
	case Beyond:
		return nil, inMS(q.Value), nil
	case AtMost:
		return nil, nil, inMS(q.Value)
	case NotEnough:
	}
	return nil, nil, nil
}

// Quoted is a quantile from its members in JSON and its interval, as it is
// quoted; missing counts the samples that it takes where it has none.
func Quoted(value, over, atMost *float64, interval *IntervalMS, missing int) wording.Quantile {
	q := wording.Quantile{Missing: max(0, missing), Bursts: missing == tooFewBursts}
	for bound, member := range map[wording.Bound]*float64{wording.Exact: value, wording.Over: over, wording.AtMost: atMost} {
		if member != nil {
			q.Bound, q.Value = bound, probe.Duration(*member)
		}
	}
	if interval == nil || interval[0] == nil {
		return q
	}
	q.Lower, q.Open = probe.Duration(*interval[0]), interval[1] == nil
	if !q.Open {
		q.Upper = probe.Duration(*interval[1])
	}
	return q
}

func inMS(d time.Duration) *float64 {
	ms := float64(d) / float64(time.Millisecond)
	return &ms
}

// Verdicts are those on the directions, on the sizes, and on the sizes in each
// direction.
func (c *Collector) Verdicts(looks Looks) []Verdict {
	return []Verdict{c.CompareDirections(looks), c.CompareSizes(looks), c.CompareSizesIn(pair.AtoB, looks), c.CompareSizesIn(pair.BtoA, looks)}
}

// SummaryEvents are those of the two directions, and of every size in each.
func (c *Collector) SummaryEvents() (events []SummaryEvent) {
	for _, d := range pair.Directions() {
		events = append(events, c.Direction(d).Event())
	}
	for _, cell := range c.Cells() {
		events = append(events, cell.Event())
	}
	return events
}

// VerdictEvents are the verdicts as events.
func (c *Collector) VerdictEvents(looks Looks) (events []VerdictEvent) {
	for _, v := range c.Verdicts(looks) {
		events = append(events, v.Event())
	}
	return events
}

// Events returns what a run's end reports: the summaries and the verdicts.
func (c *Collector) Events(looks Looks) (events []pair.Event) {
	for _, e := range c.SummaryEvents() {
		events = append(events, e)
	}
	for _, e := range c.VerdictEvents(looks) {
		events = append(events, e)
	}
	return events
}
