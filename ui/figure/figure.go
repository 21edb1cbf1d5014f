// Package figure turns what was measured into what package chart draws: the
// same picture on the live screen, in a saved report and on the command line.
package figure

import (
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/ui/chart"
)

// Title says what a figure's durations are.
const Title = "time until readable on the other side"

// Figure collects samples for drawing.
type Figure struct {
	Plot chart.Plot
	Gaps []chart.Gap
}

// Add takes one sample of a run that began at began.
func (f *Figure) Add(s probe.Sample, began time.Time) {
	switch point, as := pointOf(s, began); as {
	case drawnPoint:
		f.Plot.Add(point)
	case drawnGap:
		f.Gaps = append(f.Gaps, chart.Gap{From: point.At, To: point.At + point.High})
	case drawnFailure: // measured nothing
	}
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
	q := s.Median
	return chart.Estimate{
		Series: int(s.Direction), Size: s.SizeBytes, N: s.N,
		Known: q.State == stats.Known || q.State == stats.AtMost, Beyond: q.State == stats.Beyond, AtMost: q.AtFirst,
		Value: q.Value, Lower: q.Lower, Upper: q.Upper, Open: q.Open,
	}
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
