package chart

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// Sheet is a finished run as it is drawn for a page, as SVG: every point at
// its own value instead of in a terminal's cells. The drawings carry their
// colours as attributes and classes to go over them by, see tinted, so that they
// are whole where no style sheet is allowed. They use no script, no font and no
// other file.
type Sheet struct {
	ID            string // begins the ids in the drawing; unique on the page
	Width, Height int    // in CSS pixels
	// Note stands in the corner of every drawing, such as "simulated".
	Note   string
	Words  Words
	Points []Point
	// All holds every point where Points are only some of them: the histogram
	// and the axes are of these. nil: Points are all there are.
	All      *Plot
	Failures []Failure
	Series   [seriesCount]string
	Medians  []Estimate
	Overall  [seriesCount]Estimate
	// Stretches are as those of a View.
	Stretches [seriesCount][]Stretch
	Gaps      []Gap
	Stalls    []Stall
}

// Stall is a time in which nothing arrived although something was in flight.
type Stall struct {
	Series int
	Gap
}

// Failure is a probe that measured nothing.
type Failure struct {
	Series int
	At     time.Duration
}

const (
	sheetLeft   = 58.0 // room for the labels of the durations
	sheetRight  = 12.0
	sheetBottom = 40.0 // the labels below, and what they are of
	laneGap     = 30.0 // a lane's title
	tickHeight  = 24.0 // from label to label
	markRadius  = 3.2
	// titledPoints is the number of points up to which each says its numbers
	// when it is pointed at.
	titledPoints = 2500
)

// sheetLadder is the ladder with steps of 3 between: nothing more will come, so
// the axis can lie close around the points.
var sheetLadder = func() []time.Duration {
	all := slices.Concat(ladder, steps(time.Millisecond, 3, 30, 300), steps(time.Second, 3, 30), steps(time.Minute, 3, 30), steps(time.Hour, 3, 30))
	slices.Sort(all)
	return all
}()

// bounds is the axis that holds every point.
func (s *Sheet) bounds() Range {
	if s.All != nil && len(s.All.cells) > 0 {
		return closeRange(s.All.seen, sheetLadder)
	}
	if len(s.Points) == 0 {
		return startRange
	}
	low, high := s.Points[0].Value, s.Points[0].Value
	for _, p := range s.Points {
		low, high = min(low, p.Value), max(high, p.Value)
	}
	return closeRange(Range{low, high}, sheetLadder)
}

// logAxis maps durations to pixels, from start for the range's low end on.
type logAxis struct {
	bounds     Range
	start, end float64
}

func (a logAxis) at(d time.Duration) float64 {
	share := math.Log(float64(max(d, 1))/float64(a.bounds.Low)) / math.Log(float64(a.bounds.High)/float64(a.bounds.Low))
	return a.start + (a.end-a.start)*min(max(share, 0), 1)
}

// ticks are the values that get a label, where labels need so many pixels.
func (a logAxis) ticks(apart float64) []time.Duration { return ticksOf(a.bounds, apart, a.at) }

// durations draws the axis of the durations on the left of a lane.
func (s *Sheet) durations(out *svg, y logAxis) {
	right := float64(s.Width) - sheetRight
	for _, d := range y.ticks(tickHeight) {
		out.line(gridLines, sheetLeft, y.at(d), right, y.at(d))
		out.text(labels, sheetLeft-6, y.at(d)+4, "end", tickLabel(d))
	}
	out.line(axes, sheetLeft, y.start, sheetLeft, y.end)
}

// describe puts the numbers of the drawing in words.
func (s *Sheet) describe(what string) string {
	words := what
	for series, e := range s.Overall {
		words += " " + s.Series[series] + ": n " + strconv.Itoa(e.N)
		if e.N > 0 {
			words += ", median " + e.Whole
		}
		words += "."
	}
	if s.Note != "" {
		words += " " + s.Note + "."
	}
	return words
}

// heading is what stands above a series' lane: as much as there is room for.
func (s *Sheet) heading(series int, stretches []Stretch) string {
	e := s.Overall[series]
	name := s.Series[series] + "  ·  n " + strconv.Itoa(e.N)
	if e.N == 0 {
		return name
	}
	whole, short := medianWords(stretches, e)
	if whole = name + "  ·  median " + whole; textWidth(whole) > float64(s.Width)-sheetLeft-sheetRight {
		return name + "  ·  median " + short
	}
	return whole
}

// title says what a point is when it is pointed at.
func (s *Sheet) title(p Point) string {
	write := s.Words.orPlain()
	words := s.Series[p.Series] + ", " + write.Size(p.Size) + ", started at " + write.Duration(p.At) + ": "
	switch p.Kind {
	case AtLeast:
		return words + "longer than " + write.Duration(p.Value)
	case AtMost:
		return words + "at most " + write.Duration(p.High)
	default:
		return words + write.Precise(p.Value) + " (" + write.Precise(p.Low) + " to " + write.Precise(p.High) + ")"
	}
}
