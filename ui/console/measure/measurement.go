package measure

import (
	"slices"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/probe/stats"
	"bothways/probe/watch"
	"bothways/ui/chart"
	"bothways/ui/figure"
)

// measurement is one probe run as the console follows it. Taking an event
// costs the same after a million samples as after ten.
type measurement struct {
	cfg   probe.Config
	began time.Time
	ended time.Time // zero while it runs
	err   error

	record    report.Run       // all events, as the reports read them
	watch     *watch.Watch     // until readable on the other side; the session's once the run has begun
	watched   bool             // the session takes the events for the watch
	past      *stats.Collector // of an earlier run, in the watch's place
	completed *stats.Collector // until the origin reads COMPLETED
	flight    map[string]flight
	order     []string // keys in flight, oldest first
	counted   [2]tally // what became of the others, see tallies

	stalls [2]probe.StallEvent    // the latest of each direction
	locked map[pair.SideName]bool // sides that don't take the credentials
	heard  map[alarmHeard]bool    // see rings

	round     int
	nextStart time.Time
	heads     int
	loopsBad  []probe.LoopEvent
	contents  map[probe.Content]int // checksums compared, by what they say
	uncleaned map[string]bool       // keys started and not known to be cleaned up

	paused   bool
	stopped  bool // somebody ended it before its time
	revision int  // grows with everything that changes a drawing

	targets []string      // of an earlier run, see targetLines
	level   *levelled     // see levels
	known   []report.Fact // see facts
	knownAt factsAt

	looksThen stats.Looks // see looks
	looked    bool
	lookedAt  int
}

// flight is a probe that was started and has yielded no sample yet.
type flight struct {
	direction pair.Direction
	size      int64
	event     probe.StartedEvent
	posted    time.Time // zero during the upload
}

// age is how long the probe has been waited for: from the upload's end, or
// from its start while it uploads.
func (f flight) age(now time.Time) time.Duration {
	from := f.posted
	if from.IsZero() {
		from = f.event.At
	}
	return max(0, now.Sub(from))
}

func newMeasurement(cfg probe.Config, now time.Time) *measurement {
	return &measurement{
		cfg: cfg, began: now, watch: watch.New(), completed: stats.NewCollector(),
		locked: map[pair.SideName]bool{}, flight: map[string]flight{}, contents: map[probe.Content]int{}, uncleaned: map[string]bool{},
	}
}

// follow reads what a session watches from here on.
func (m *measurement) follow(run *watch.Watch) { m.watch, m.watched = run, true }

// take follows one event.
func (m *measurement) take(event pair.Event) {
	m.revision++
	if !m.watched {
		m.watch.Take(event)
	}
	if err := m.record.Add(event); err != nil && m.err == nil {
		m.err = err
	}
	switch e := event.(type) {
	case probe.RunEvent:
		m.began, m.cfg.RunID = e.StartedAt, e.RunID
	case probe.StartedEvent:
		m.round = max(m.round, e.Round)
		m.flight[e.Key] = flight{direction: e.Direction, size: e.SizeBytes, event: e}
		m.order = append(m.order, e.Key)
		m.uncleaned[e.Key] = true
		m.nextStart = e.PlannedAt.Add(m.cfg.Every / time.Duration(2*max(1, len(m.cfg.Sizes))))
	case probe.PostedEvent:
		if f, ok := m.flight[e.Key]; ok {
			f.posted = e.PostedAt
			m.flight[e.Key] = f
		}
	case probe.Sample:
		m.heads += e.HEADs
		m.counted[e.Direction].add(e.Outcome)
		delete(m.flight, e.Key)
		m.order = slices.DeleteFunc(m.order, func(key string) bool { return key == e.Key })
	case probe.CompletedEvent:
		m.completed.Add(report.CompletedSample(e))
	case probe.LoopEvent:
		m.checked(e)
	case probe.CleanedEvent:
		if e.OK {
			delete(m.uncleaned, e.Key)
		}
	case probe.StallEvent, probe.NoticeEvent:
		m.note(e)
	}
}

// checked counts one loop check.
func (m *measurement) checked(e probe.LoopEvent) {
	m.contents[e.Content]++
	if !e.OK {
		m.loopsBad = append(m.loopsBad, e)
	}
}

// inFlight lists the probes that are waited for, oldest first.
func (m *measurement) inFlight() []flight {
	flights := make([]flight, 0, len(m.order))
	for _, key := range m.order {
		flights = append(flights, m.flight[key])
	}
	return flights
}

// planned is the number of samples that the whole run will yield, 0 for a run
// without an end.
func (m *measurement) planned() int { return m.cfg.Planned() }

// looks is how often somebody may have looked at the samples. That takes going
// through all of them, which is done once after each change.
func (m *measurement) looks() stats.Looks {
	if m.ended.IsZero() {
		return stats.SoFar
	}
	if !m.looked || m.revision != m.lookedAt {
		m.looksThen, m.looked, m.lookedAt = m.record.Looks(), true, m.revision
	}
	return m.looksThen
}

// compared is what figures and verdicts are taken from: while the measurement
// goes on, with what is in flight now as longer than until its last poll that
// missed.
func (m *measurement) compared() *stats.Collector {
	switch {
	case m.past != nil:
		return m.past
	case m.ended.IsZero():
		return m.watch.Underway()
	}
	return m.watch.Collector()
}

// targetLines say how many arrived within the target, where there is one.
func (m *measurement) targetLines() (lines []string) {
	if m.past != nil || m.cfg.Target <= 0 {
		return m.targets
	}
	c := m.compared()
	for _, d := range pair.Directions() {
		lines = append(lines, c.Within(d, m.cfg.Target).Sentence())
	}
	return lines
}

// levelled is how the levels of the times went.
type levelled struct {
	revision int
	drawn    [2][]chart.Stretch
	lines    []string
}

// levels looks for changes of level once a run is over: while it goes on somebody
// would look for one again and again. That takes all samples, in time order, and is
// done once after each change.
func (m *measurement) levels() *levelled {
	if m.ended.IsZero() {
		return &levelled{}
	}
	if m.level == nil || m.level.revision != m.revision {
		m.level = &levelled{revision: m.revision, lines: m.record.LevelLines()}
		for _, d := range pair.Directions() {
			m.level.drawn[d] = figure.Stretches(m.record.Stretches(d))
		}
	}
	return m.level
}

// plannedRounds counts the rounds that are begun; 0: until somebody stops them.
func plannedRounds(cfg probe.Config) int {
	if cfg.For <= 0 || cfg.Every <= 0 {
		return cfg.Rounds
	}
	return int((cfg.For + cfg.Every - 1) / cfg.Every)
}

// startsLeft says that more probes will be started.
func (m *measurement) startsLeft() bool {
	return m.ended.IsZero() && (m.planned() == 0 || len(m.record.Samples)+len(m.flight) < m.planned())
}

// dollars is what the samples so far cost at AWS's list prices, about, and
// whether the regions' prices are known.
func (m *measurement) dollars() (usd float64, known bool) {
	one := m.cfg
	one.Rounds = 1
	cost := one.Estimate()
	cells := 2 * len(m.cfg.Sizes)
	if cells == 0 {
		return 0, false
	}
	return cost.Dollars * float64(len(m.record.Samples)) / float64(cells), cost.Priced
}

// report is everything measured so far, as the reports are made from it. A save
// reads it in the background while the run goes on. COMPLETED is written into
// samples that are there already, and probes leave the list of the unfinished
// ones, so these two are copied; all else only ever grows.
func (m *measurement) report() *report.Run {
	run := m.record
	run.Samples, run.Unfinished = slices.Clone(run.Samples), slices.Clone(run.Unfinished)
	return &run
}

// tally counts a direction's probes by what became of them. Every number of
// probes on a screen is one of these, so that no two of them differ.
type tally struct {
	arrived, gaveUp, failed, interrupted, suspended int
	flying                                          int // in flight, those that still upload included
}

// lost are the probes of which it is known that they did not arrive, or not in time.
func (t tally) lost() int { return t.gaveUp + t.failed }

// ended counts the probes whose fate is known.
func (t tally) ended() int { return t.arrived + t.lost() }

func (t *tally) add(outcome probe.Outcome) {
	switch outcome {
	case probe.Replicated:
		t.arrived++
	case probe.GaveUp:
		t.gaveUp++
	case probe.Failed:
		t.failed++
	case probe.Interrupted:
		t.interrupted++
	case probe.Suspended:
		t.suspended++
	}
}

// tallyOf is what a summary of a run that is over counted.
func tallyOf(s stats.Summary) tally {
	return tally{arrived: s.Replicated, gaveUp: s.GaveUp, failed: s.Failed, interrupted: s.Interrupted, suspended: s.Suspended}
}

// tallies are those of both directions.
func (m *measurement) tallies() (both [2]tally) {
	both = m.counted
	if m.ended.IsZero() {
		for _, f := range m.flight {
			both[f.direction].flying++
		}
	}
	return both
}

// sizesSeen are the sizes that were planned and those that came besides, the
// smallest first.
func (m *measurement) sizesSeen() []int64 {
	sizes := slices.Concat(m.cfg.Sizes, m.compared().Sizes())
	slices.Sort(sizes)
	return slices.Compact(sizes)
}

// tookTallies counts what an earlier run's statistics counted.
func (m *measurement) tookTallies(c *stats.Collector) {
	for _, d := range pair.Directions() {
		m.counted[d] = tallyOf(c.Direction(d))
	}
}
