package watch

import (
	"time"

	"bothways/probe"
	"bothways/probe/stats"
)

// mostStandings is about how often a run with a number of rounds says meanwhile
// how it stands.
const mostStandings = 6

// StandingEvent is what the directions show so far, in the middle of a run with a
// number of rounds. Its interval holds however often somebody looks.
type StandingEvent struct {
	At      time.Time          `json:"at"`
	Rounds  int                `json:"rounds"` // of which every probe has ended
	Of      int                `json:"of"`
	Verdict stats.VerdictEvent `json:"verdict"`
}

// EventName implements pair.Event.
func (StandingEvent) EventName() string { return "standing" }

// Standings say when a run with a number of rounds is to say how it stands: each
// time that a sixth of them is over, with all of their probes, but not at the end,
// which says more.
type Standings struct {
	of, step int
	cells    int         // probes of a round
	missing  map[int]int // of the rounds under way, by their number
	over     int
}

// NewStandings are those of a configuration; of one without a number of rounds
// they never say anything.
func NewStandings(cfg probe.Config) *Standings {
	return &Standings{
		of: cfg.Rounds, step: max(1, (cfg.Rounds+mostStandings-1)/mostStandings),
		cells: 2 * len(cfg.Sizes), missing: map[int]int{},
	}
}

// Over notes a sample. It returns how many rounds are over where that is to be
// said now.
func (s *Standings) Over(sample probe.Sample) (rounds int, say bool) {
	left, begun := s.missing[sample.Round]
	if !begun {
		left = s.cells
	}
	if left--; left > 0 {
		s.missing[sample.Round] = left
		return 0, false
	}
	delete(s.missing, sample.Round)
	s.over++
	return s.over, s.over < s.of && s.over%s.step == 0
}

// Standing is how the directions compare so far, with what is in flight.
func (w *Watch) Standing(now time.Time, rounds, of int) StandingEvent {
	return StandingEvent{At: now, Rounds: rounds, Of: of, Verdict: w.Underway().CompareDirections(stats.SoFar).Event()}
}
