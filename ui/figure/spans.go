package figure

import (
	"iter"
	"slices"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/chart"
)

// Spans are the stretches of a run in which something was amiss.
type Spans struct {
	Gaps   []chart.Gap   // this computer slept
	Stalls []chart.Stall // nothing arrived although probes waited

	open [2]int // each direction's stall that goes on: its place in Stalls, from 1
}

func (s *Spans) take(e pair.Event, began time.Time) {
	switch e := e.(type) {
	case probe.SleptEvent:
		at := probe.Duration(e.SinceStartMS)
		s.Gaps = append(s.Gaps, chart.Gap{From: at - probe.Duration(e.UnseenMS), To: at})
	case probe.Sample:
		if point, as := pointOf(e, began); as == drawnGap {
			s.Gaps = append(s.Gaps, chart.Gap{From: point.At, To: point.At + point.High})
		}
	case probe.StallEvent:
		s.stall(e, e.SinceStart(began))
	}
}

// stall takes news of a stall: it lasts from the last arrival to the next, or
// to the last news of it.
func (s *Spans) stall(e probe.StallEvent, until time.Duration) {
	if e.Direction != pair.AtoB && e.Direction != pair.BtoA {
		return
	}
	at := s.open[e.Direction]
	if at == 0 {
		from := max(0, until-probe.Duration(e.QuietMS))
		s.Stalls = append(s.Stalls, chart.Stall{Series: int(e.Direction), Gap: chart.Gap{From: from}})
		at = len(s.Stalls)
	}
	s.Stalls[at-1].To = until
	s.open[e.Direction] = at
	if !e.Stalled {
		s.open[e.Direction] = 0
	}
}

// StallsAt are the stalls of a run that goes on, at a time since its start: one
// that goes on lasts until then.
func (s *Spans) StallsAt(now time.Duration) []chart.Stall {
	all := slices.Clone(s.Stalls)
	for _, at := range s.open {
		if at > 0 {
			all[at-1].To = max(all[at-1].To, now)
		}
	}
	return all
}

// EventsOf yields what a drawing of a run that is over is made from.
func EventsOf(run *report.Run) iter.Seq[pair.Event] {
	return func(yield func(pair.Event) bool) {
		for _, e := range run.Stalls {
			if !yield(e) {
				return
			}
		}
		for _, e := range run.Sleeps {
			if !yield(e) {
				return
			}
		}
		for _, e := range run.Samples {
			if !yield(e) {
				return
			}
		}
	}
}
