package chart

import (
	"slices"
	"strconv"
	"time"

	"charm.land/lipgloss/v2"
)

// View is how one frame is drawn.
type View struct {
	Width, Height int // cells; a chart is never wider or higher
	// ASCII draws without any rune beyond ASCII.
	ASCII bool
	// Title says on a line of its own what the durations are, if there is room.
	Title string
	// Legend adds a line that explains the marks, if there is room.
	Legend bool
	// Bare lanes have no line of their own for what their numbers are, which stands
	// beside the chart.
	Bare   bool
	Series [seriesCount]Series
	Words  Words
	// Axis, Label and Faint are the styles of the axes, of their labels and
	// of what lies behind the points. Empty styles draw plain text.
	Axis, Label, Faint lipgloss.Style
	Picked             lipgloss.Style // of the cursor
	// Medians are the estimates per series and size.
	Medians []Estimate
	// Overall are the estimates per series over all sizes.
	Overall [seriesCount]Estimate
	// Stretches are the parts of each series that kept their level, in time order:
	// OverTime draws the estimates of two or more in place of the overall one.
	Stretches [seriesCount][]Stretch
	// Now is the time since the run's start, the right edge of what has
	// happened. Only OverTime uses it, as it does Window and Gaps.
	Now time.Duration
	// Ended: nothing more will come, so OverTime's axis ends with the points.
	Ended bool
	// Close lays the axis of the durations close around the points instead of
	// keeping it still: for a run that is over and was not watched.
	Close bool
	// Window shows so much of the run only, up to Until, or where that is 0 up to
	// now; 0 shows all of it.
	Window, Until time.Duration
	// Target is what the durations are held against; 0: nothing.
	Target time.Duration
	// Cursor is the point that is picked, or nil.
	Cursor *Point
	// Behind are all points, drawn faintly behind those of a plot that has some of
	// them; nil: there are no others.
	Behind *Plot
	// Gaps are times in which nothing was measured.
	Gaps []Gap
	// Stalls are times in which nothing arrived.
	Stalls []Stall
}

// styles are those of all inks.
func (v View) styles() [inks]lipgloss.Style {
	all := [inks]lipgloss.Style{axis: v.Axis, label: v.Label, faint: v.Faint, picked: v.Picked}
	for s, series := range v.Series {
		all[seriesInk(s)] = series.Style
	}
	return all
}

// Series is how one direction is called and coloured.
type Series struct {
	Name  string // such as "A → B"
	Style lipgloss.Style
}

// Words write what stands in a chart beside its axes' ticks. They come from the
// caller, so that a chart says sizes and durations as the rest of a face does,
// and needs nothing else of it. What is missing is written as Go does.
type Words struct {
	Duration, Precise func(time.Duration) string // Precise: with a digit more
	Size, ShortSize   func(bytes int64) string   // ShortSize: in at most six cells
}

func (w Words) orPlain() Words {
	if w.Duration == nil {
		w.Duration = time.Duration.String
	}
	if w.Precise == nil {
		w.Precise = w.Duration
	}
	if w.Size == nil {
		w.Size = func(bytes int64) string { return strconv.FormatInt(bytes, 10) }
	}
	if w.ShortSize == nil {
		w.ShortSize = w.Size
	}
	return w
}

// Estimate is a median with its 95 % interval.
type Estimate struct {
	Series int
	Size   int64
	N      int
	// Text is the value as it may be quoted, and Whole the same with its
	// interval; where the median is not Known, what is said in its place.
	Text, Whole string
	// Known: there are enough samples for an interval, so Value, Lower and Upper
	// hold. Otherwise nothing is drawn.
	Known bool
	// Beyond: the median is more than Value, because too many gave up or were
	// interrupted.
	Beyond bool
	// AtMost: the median is at most Value, because the first poll found too many.
	AtMost              bool
	Value, Lower, Upper time.Duration
	// Open: the interval has no upper end.
	Open bool
}

// drawable says whether the median has a place of its own in a drawing.
func (e Estimate) drawable() bool { return e.Known && !e.Beyond && !e.AtMost }

// withN is the value and the number of samples behind it.
func (e Estimate) withN() string { return e.Text + ", n " + strconv.Itoa(e.N) }

// wholeWithN is the value with its interval and the number of samples.
func (e Estimate) wholeWithN() string { return e.Whole + ", n " + strconv.Itoa(e.N) }

// Gap is a stretch of the run, since its start.
type Gap struct{ From, To time.Duration }

// Stretch is an estimate from a time since the run's start on, until the next
// one begins.
type Stretch struct {
	From time.Duration
	Estimate
}

// pieces are what OverTime draws of a series: its stretches, the first from the
// start on, or the overall estimate.
func pieces(stretches []Stretch, overall Estimate) []Stretch {
	if len(stretches) < 2 {
		return []Stretch{{0, overall}}
	}
	all := slices.Clone(stretches)
	all[0].From = 0
	return all
}

// medianWords are a series' median in its title: with more than one stretch from
// first to last.
func medianWords(stretches []Stretch, overall Estimate) (whole, short string) {
	if len(stretches) < 2 {
		return overall.Whole, overall.Text
	}
	for i, s := range stretches {
		if i > 0 {
			whole, short = whole+", then ", short+", then "
		}
		whole, short = whole+s.Whole, short+s.Text
	}
	return whole, short
}
