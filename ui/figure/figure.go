// Package figure turns what was measured into what package chart draws: the
// same picture on the live screen, in a saved report and on the command line.
package figure

import (
	"time"

	"bothways/aws/pair"
	"bothways/probe"
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

// Take takes one event of a run that began at began, by the wall clock.
func (f *Figure) Take(e pair.Event, began time.Time) {
	f.take(e, began)
	if s, ok := e.(probe.Sample); ok {
		if point, as := pointOf(s, began); as == drawnPoint {
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

func estimate(s stats.Summary) chart.Estimate {
	q, words := s.Median, s.Median.Words()
	return chart.Estimate{
		Series: int(s.Direction), Size: s.SizeBytes, N: s.N,
		Text: words.Text(wording.Duration), Whole: words.WithInterval("", wording.Duration),
		Known:  q.State != stats.NotEnough,
		Beyond: q.State == stats.Beyond, AtMost: q.State == stats.AtMost,
		Value: q.Value, Lower: q.Lower, Upper: q.Upper, Open: q.Open,
	}
}
