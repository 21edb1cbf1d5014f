package figure

import (
	"strconv"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/probe/wording"
	"bothways/ui/chart"
)

// textColumns is the width of a chart as text: narrow enough for a code block
// on a page.
const textColumns = 96

// The sizes of a drawing, in CSS pixels: on a page, and on a phone.
const (
	wide, wideHeight     = 860, 440
	narrow, narrowHeight = 360, 400
)

// Options are those of a finished run's report, with its drawings as text and as
// SVG. A run without samples has none.
func Options(run *report.Run, origin report.Origin) report.Options {
	options := report.Options{Origin: origin}
	if run.N() > 0 {
		options.Charts = func() []report.Chart { return texts(run) }
		options.Drawings = func() []report.Drawing { return drawings(run, origin) }
	}
	return options
}

func texts(run *report.Run) []report.Chart {
	var f Figure
	began := run.Began()
	for e := range EventsOf(run) {
		f.Take(e, began)
	}
	v := chart.View{Width: textColumns, Legend: true, Title: Title, Words: Words(), Gaps: f.Gaps, Stalls: f.Stalls, Ended: true, Close: true}
	v.Medians, v.Overall = Medians(run.Statistics())
	for _, d := range pair.Directions() {
		v.Series[d].Name, v.Stretches[d] = d.Arrow(), Stretches(run.Stretches(d))
	}
	over, often := v, v
	over.Height, often.Height = 28, 24
	for _, d := range pair.Directions() { // the other two say it above each lane
		v.Series[d].Name += ", n " + strconv.Itoa(v.Overall[d].N)
	}
	v.Height = 22
	return []report.Chart{
		{Title: "Chart: by file size", Text: f.Plot.BySize(v)},
		{Title: "Chart: over time", Text: f.Plot.OverTime(over)},
		{Title: "Chart: how often each duration was seen", Text: f.Plot.Histogram(often)},
	}
}

func drawings(run *report.Run, origin report.Origin) []report.Drawing {
	sheet, thinned := sheetOf(run, origin, mostDrawn)
	page, phone := sheet, sheet
	page.ID, page.Width, page.Height = "wide", wide, wideHeight
	phone.ID, phone.Width, phone.Height = "narrow", narrow, narrowHeight
	c := run.Statistics()
	bySize := report.Drawing{
		Title:   "By file size",
		Caption: "Each mark is one probe; the line is the median of its size and direction, the shade its 95 % interval. The scale is logarithmic." + thinned,
		Wide:    page.BySize(), Narrow: phone.BySize(),
		Head: []string{"direction", "size", "n", "median", "95 % interval"},
	}
	for _, cell := range c.Cells() {
		median := cell.Median.Words()
		bySize.Rows = append(bySize.Rows, []string{cell.Direction.Arrow(), wording.Size(cell.SizeBytes), strconv.Itoa(cell.N), median.Text(wording.Duration), median.Interval(wording.Duration)})
	}
	overTime := report.Drawing{
		Title: "Over time",
		Caption: "Each mark is one probe at the time at which its upload ended, the bar its bracket: the true instant lies in it. " +
			"The line is the median, in steps where the level of the times changed. Hollow: it was there at the first look. A triangle: it took longer than it was watched. A cross below: it failed. Shaded: this computer slept; under a bar: nothing arrived although probes were waiting. " +
			"The same as a table is that of all samples below." + thinned,
		Wide: page.OverTime(), Narrow: phone.OverTime(),
	}
	often := report.Drawing{
		Title:   "How often each duration was seen",
		Caption: "Bars are a quarter of a doubling wide. Outlined: longer than this, by how much is not known.",
		Wide:    page.Histogram(), Narrow: phone.Histogram(),
		Head: []string{"from", "to", pair.AtoB.Arrow(), pair.BtoA.Arrow(), pair.AtoB.Arrow() + " longer", pair.BtoA.Arrow() + " longer"},
	}
	for _, b := range sheet.Bars() {
		often.Rows = append(often.Rows, []string{
			wording.Duration(b.From), wording.Duration(b.To),
			strconv.Itoa(b.Arrived[0]), strconv.Itoa(b.Arrived[1]), strconv.Itoa(b.Longer[0]), strconv.Itoa(b.Longer[1]),
		})
	}
	return []report.Drawing{overTime, bySize, often}
}

// sheetOf draws so many points of a kind at most, and says where it leaves some out.
func sheetOf(run *report.Run, origin report.Origin, most int) (s chart.Sheet, thinned string) {
	s = chart.Sheet{Note: simulated(origin), Words: Words(), All: &chart.Plot{}}
	began := run.Began()
	var spans Spans
	points := sifted{most: most}
	for e := range EventsOf(run) {
		spans.take(e, began)
		sample, is := e.(probe.Sample)
		if !is {
			continue
		}
		switch point, as := pointOf(sample, began); as {
		case drawnPoint:
			points.add(point)
			s.All.Add(point)
		case drawnFailure:
			s.Failures = append(s.Failures, chart.Failure{Series: point.Series, At: point.At})
		case drawnGap, drawnNot: // see Spans
		}
	}
	s.Points, s.Gaps, s.Stalls = points.points, spans.Gaps, spans.Stalls
	s.Medians, s.Overall = Medians(run.Statistics())
	for _, d := range pair.Directions() {
		s.Series[d], s.Stretches[d] = d.Arrow(), Stretches(run.Stretches(d))
	}
	if thinned = points.said(); thinned == "" {
		s.All = nil
	}
	return s, thinned
}

// simulated is what stands in the corner of a drawing that is not of AWS.
func simulated(origin report.Origin) string {
	switch {
	case origin.Simulated:
		return "simulated"
	case len(origin.Notes) > 0:
		return "not AWS"
	}
	return ""
}

// drawn says as what a sample is drawn.
type drawn int

const (
	drawnPoint drawn = iota
	drawnGap
	drawnFailure
	drawnNot
)

// pointOf is a sample as a point since the run's start. A failed probe measured
// nothing. A suspended one leaves a gap where the journal does not tell when
// the time was lost: older ones, which lack the run's own clock, too.
func pointOf(s probe.Sample, began time.Time) (chart.Point, drawn) {
	point := chart.Point{
		Series: int(s.Direction), Size: s.SizeBytes, At: s.SinceStart(began),
		Value: probe.Duration(s.DurationMS), Low: probe.Duration(s.BracketMS[0]), High: probe.Duration(s.BracketMS[1]),
	}
	switch {
	case s.Outcome == probe.Suspended && s.SinceStartMS > 0:
		return point, drawnNot
	case s.Outcome == probe.Suspended:
		return point, drawnGap
	case s.Outcome == probe.Failed:
		return point, drawnFailure
	case s.Outcome.Censored():
		point.Kind = chart.AtLeast
	case s.AtMost():
		point.Kind = chart.AtMost
	}
	return point, drawnPoint
}
