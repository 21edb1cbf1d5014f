package measure

import (
	"maps"
	"slices"
	"time"

	"bothways/ui/figure"
)

// frozen is the measurement as it was when it was frozen, to be looked at in every
// view while measuring goes on.
type frozen struct {
	m      *measurement
	figure *figure.Figure
	at     time.Time
}

// freeze keeps what is shown as it is, to be read or copied, or lets it go on.
func (s *probeScreen) freeze() {
	if s.frozen != nil {
		s.thaw()
		return
	}
	s.frozen = &frozen{m: s.m.still(), figure: s.charts.figure.Clone(), at: s.host.Now()}
	s.charts.still = s.frozen.figure
	s.charts.forget()
}

// thaw shows the measurement as it goes again, in the view that is chosen.
func (s *probeScreen) thaw() {
	if s.frozen != nil {
		s.frozen, s.charts.still = nil, nil
		s.charts.forget()
	}
}

// seen is the measurement that is shown, and the time to which it is.
func (s *probeScreen) seen() (m *measurement, now time.Time) {
	if s.frozen != nil {
		return s.frozen.m, s.frozen.at
	}
	return s.m, s.host.Now()
}

// still is the measurement as it stands, which no event changes any more.
func (m *measurement) still() *measurement {
	c := *m
	c.targets, c.past, c.completed = m.targetLines(), m.compared(), m.completed.Snapshot()
	c.flight, c.order = maps.Clone(m.flight), slices.Clone(m.order)
	c.contents, c.uncleaned, c.locked = maps.Clone(m.contents), maps.Clone(m.uncleaned), maps.Clone(m.locked)
	c.loopsBad = slices.Clone(m.loopsBad)
	return &c
}
