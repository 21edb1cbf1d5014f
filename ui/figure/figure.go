// Package figure turns what was measured into what package chart draws: the
// same picture on the live screen, in a saved report and on the command line.
package figure

import (
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
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

// Add takes one sample of a run that began at began. A failed probe measured
// nothing, and a suspended one leaves a gap.
func (f *Figure) Add(s probe.Sample, began time.Time) {
	at := s.PostedAt.Sub(began)
	point := chart.Point{
		Series: int(s.Direction), Size: s.SizeBytes, At: at,
		Value: milliseconds(s.DurationMS), Low: milliseconds(s.BracketMS[0]), High: milliseconds(s.BracketMS[1]),
	}
	switch {
	case s.Outcome == probe.Suspended:
		f.Gaps = append(f.Gaps, chart.Gap{From: at, To: at + point.High})
		return
	case s.Outcome == probe.Failed:
		return
	case s.Outcome.Censored():
		point.Kind = chart.AtLeast
	case s.LeftCensored:
		point.Kind = chart.AtMost
	}
	f.Plot.Add(point)
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
		Known: q.State == stats.Known, Beyond: q.State == stats.Beyond,
		Value: q.Value, Lower: q.Lower, Upper: q.Upper, Open: q.Open,
	}
}

// textColumns and textRows are the size of a chart as text: narrow enough for
// a code block on a page.
const textColumns, textRows = 96, 22

// Text draws a finished run by file size, without colours, for a report. It is
// empty for a run without samples.
func Text(run *report.Run) string {
	if len(run.Samples) == 0 {
		return ""
	}
	var f Figure
	for _, s := range run.Samples {
		f.Add(s, run.Samples[0].PostedAt)
	}
	v := chart.View{Width: textColumns, Height: textRows, Legend: true, Title: Title, Gaps: f.Gaps}
	for _, d := range pair.Directions() {
		v.Series[d].Name = d.Arrow()
	}
	v.Medians, v.Overall = Medians(run.Statistics())
	return f.Plot.BySize(v)
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
