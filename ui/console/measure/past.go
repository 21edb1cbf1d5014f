package measure

import (
	"path/filepath"
	"strings"
	"time"

	"bothways/aws/journal"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/figure"
	"bothways/ui/runs"
)

// pastRun is an earlier run that was read back from its journal.
type pastRun struct {
	m      *measurement
	charts charts
	path   string
	origin report.Origin
}

// newPast fills in from a journal what the screens show of a measurement. It
// touches nothing of the console's, so it may run beside it.
func newPast(found *runs.Measured) *pastRun {
	name := strings.TrimSuffix(filepath.Base(found.Path), journal.Extension) // the ID inside could be any text
	cfg := probe.Config{RunID: name}
	began := found.Began()
	if len(found.Headers) > 0 {
		h := found.Headers[0]
		cfg = probe.Config{
			RunID: name, Pair: h.Pair, Sizes: h.Sizes, Rounds: h.Rounds, For: time.Duration(h.ForMS) * time.Millisecond,
			Every: time.Duration(h.EveryMS) * time.Millisecond, Limit: time.Duration(h.LimitMS) * time.Millisecond, Target: found.Target,
			Pace: h.Pace, Seed: h.Seed, MaxRate: h.MaxRate,
		}
	}
	m := newMeasurement(cfg, began)
	p := &pastRun{m: m, charts: newCharts(), path: found.Path, origin: found.Origin()}
	p.charts.closed = true
	p.charts.figure.Plot.Plan(cfg.Sizes...)
	m.record = *found.Run
	m.past, m.completed = found.Statistics(), found.Completions()
	m.tookTallies(m.past)
	m.targets, m.stopped = found.TargetLines(), !found.Complete()
	for _, s := range m.record.Samples {
		m.heads += s.HEADs
		m.round = max(m.round, s.Round)
		if end := m.began.Add(s.SinceStart(m.began) + time.Duration(s.DurationMS*float64(time.Millisecond))); end.After(m.ended) {
			m.ended = end
		}
	}
	for e := range figure.EventsOf(found.Run) {
		p.charts.take(m, e)
	}
	for _, e := range m.record.Stalls {
		m.note(e)
	}
	for _, e := range m.record.Notices {
		m.note(e)
	}
	for _, l := range m.record.Loops {
		m.checked(l)
	}
	return p
}

// Title is which run it is.
func (p *pastRun) Title() string {
	title := p.m.cfg.RunID + ", " + p.m.cfg.Pair.A.Region + " ⇄ " + p.m.cfg.Pair.B.Region + ", started " + p.m.began.UTC().Format("2006-01-02 15:04 UTC")
	if p.m.stopped {
		title += ", interrupted"
	}
	return title
}
