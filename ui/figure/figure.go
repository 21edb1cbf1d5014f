// Package figure turns what was measured into what package chart draws: the
// same picture on the live screen, in a saved report and on the command line.
package figure

import (
	"iter"
	"slices"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/probe/stats"
	"bothways/probe/wording"
	"bothways/ui/chart"
)

// Title says what a figure's durations are.
const Title = "time until readable on the other side"

// Figure collects what happened in a run for drawing.
type Figure struct {
	Plot chart.Plot
	Spans
}

// Clone is the figure as it is now, which no later event changes.
func (f *Figure) Clone() *Figure {
	c := &Figure{Plot: f.Plot.Clone(), Spans: f.Spans}
	c.Gaps, c.Stalls = slices.Clone(f.Gaps), slices.Clone(f.Stalls)
	return c
}

// Take takes one event of a run that began at began, by the wall clock.
func (f *Figure) Take(e pair.Event, began time.Time) {
	f.take(e, began)
	switch e := e.(type) {
	case probe.RunEvent:
		f.Plot.Plan(e.Sizes...)
	case probe.Sample:
		if point, as := pointOf(e, began); as == drawnPoint {
			f.Plot.Add(point)
		}
	}
}

// Words write what stands in the charts.
func Words() chart.Words {
	return chart.Words{Duration: wording.Duration, Precise: wording.Precise, Size: wording.Size, ShortSize: wording.ShortSize}
}

// Medians are the estimates per direction and size, and per direction.
func Medians(c *stats.Collector) (cells []chart.Estimate, overall [2]chart.Estimate) {
	for _, cell := range c.Cells() {
		cells = append(cells, estimate(cell))
	}
	for _, d := range pair.Directions() {
		overall[d] = estimate(c.Direction(d))
	}
	return cells, overall
}

// Stretches are the estimates of a direction's stretches.
func Stretches(of []stats.Stretch) []chart.Stretch {
	all := make([]chart.Stretch, 0, len(of))
	for _, s := range of {
		all = append(all, chart.Stretch{From: s.From, Estimate: estimateOf(s.Direction, 0, s.N, s.Median)})
	}
	return all
}

func estimate(s stats.Summary) chart.Estimate {
	return estimateOf(s.Direction, s.SizeBytes, s.N, s.Median)
}

func estimateOf(d pair.Direction, sizeBytes int64, n int, q stats.Quantile) chart.Estimate {
	words := q.Words()
	return chart.Estimate{
		Series: int(d), Size: sizeBytes, N: n,
		Text: words.Text(wording.Duration), Whole: words.WithInterval("", wording.Duration),
		Known:  q.State != stats.NotEnough,
		Beyond: q.State == stats.Beyond, AtMost: q.State == stats.AtMost,
		Value: q.Value, Lower: q.Lower, Upper: q.Upper, Open: q.Open,
	}
}

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
		_ = each(slices.Values(run.Stalls), yield) && each(slices.Values(run.Sleeps), yield) && each(run.EachSample(), yield)
	}
}

// each yields events until no more are wanted, and says whether they are.
func each[E pair.Event](events iter.Seq[E], yield func(pair.Event) bool) bool {
	for e := range events {
		if !yield(e) {
			return false
		}
	}
	return true
}
