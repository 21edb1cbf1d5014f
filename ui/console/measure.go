package console

import (
	"slices"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/probe/stats"
)

// measurement is one probe run as the console follows it. Taking an event
// costs the same after a million samples as after ten.
type measurement struct {
	cfg   probe.Config
	began time.Time
	ended time.Time // zero while it runs
	err   error

	stats   *stats.Collector
	samples []probe.Sample
	flight  map[string]flight
	order   []string // keys in flight, oldest first

	round     int
	nextStart time.Time
	heads     int
	loops     []probe.LoopEvent
	loopsBad  []probe.LoopEvent
	uncleaned map[string]bool // keys started and not known to be cleaned up
	left      []probe.LeftObject
	rtts      []probe.RTTEvent
	notices   []probe.NoticeEvent

	paused   bool
	stopped  bool // somebody ended it before its time
	revision int  // grows with everything that changes a drawing
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
		cfg: cfg, began: now, stats: stats.NewCollector(),
		flight: map[string]flight{}, uncleaned: map[string]bool{},
	}
}

// take follows one event.
func (m *measurement) take(event pair.Event) {
	m.revision++
	switch e := event.(type) {
	case probe.RunEvent:
		m.began, m.cfg.RunID = e.StartedAt, e.RunID
	case probe.RTTEvent:
		m.rtts = append(m.rtts, e)
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
		m.stats.Add(e)
		m.samples = append(m.samples, e)
		m.heads += e.HEADs
		delete(m.flight, e.Key)
		m.order = slices.DeleteFunc(m.order, func(key string) bool { return key == e.Key })
	case probe.LoopEvent:
		m.loops = append(m.loops, e)
		if !e.OK {
			m.loopsBad = append(m.loopsBad, e)
		}
	case probe.CleanedEvent:
		if e.OK {
			delete(m.uncleaned, e.Key)
		}
	case probe.LeftEvent:
		m.left = e.Objects
	case probe.NoticeEvent:
		m.notices = append(m.notices, e)
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
func (m *measurement) planned() int { return 2 * len(m.cfg.Sizes) * m.cfg.Rounds }

// startsLeft says that more probes will be started.
func (m *measurement) startsLeft() bool {
	return m.ended.IsZero() && (m.cfg.Rounds == 0 || len(m.samples)+len(m.flight) < m.planned())
}

// dollars is what the samples so far cost at AWS's list prices, about, and
// whether the regions' prices are known.
func (m *measurement) dollars() (usd float64, known bool) {
	one := m.cfg
	one.Rounds = 1
	cost := probe.Estimate(one)
	cells := 2 * len(m.cfg.Sizes)
	if cells == 0 {
		return 0, false
	}
	return cost.Dollars * float64(len(m.samples)) / float64(cells), cost.Priced
}

// report is everything measured so far, as the reports are made from it. The
// slices only ever grow, so a report being written is safe from later samples.
func (m *measurement) report() *report.Run {
	run := &report.Run{
		Headers: []probe.RunEvent{{
			RunID: m.cfg.RunID, Pair: m.cfg.Pair, Sizes: m.cfg.Sizes, Rounds: m.cfg.Rounds,
			EveryMS: m.cfg.Every.Milliseconds(), LimitMS: m.cfg.Limit.Milliseconds(),
			Pace: m.cfg.Pace, Seed: m.cfg.Seed, StartedAt: m.began,
		}},
		Samples: slices.Clip(m.samples), Loops: slices.Clip(m.loops), RTTs: slices.Clip(m.rtts),
	}
	for _, key := range m.order {
		run.Unfinished = append(run.Unfinished, m.flight[key].event)
	}
	return run
}
