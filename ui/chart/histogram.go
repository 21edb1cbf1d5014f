package chart

import (
	"math"
	"slices"
	"strconv"
	"time"
)

const (
	// narrowestBar is how many bins a bar of the histogram holds at least: a
	// quarter of a doubling, 19 %. Bars lie at fixed places, whatever the
	// samples are, and join two by two where there is no room for them.
	narrowestBar = binsPerDoubling / 4
	// bandRowsFrom is the number of a lane's rows from which the topmost
	// shows the median and its interval.
	bandRowsFrom = 3
	eighths      = 8 // of a cell, the height of the lowest bar
)

// Histogram draws how often each duration was seen: a lane of bars for each
// series over one logarithmic axis, above them the median with its interval.
// What took longer than it was watched is stacked on the bars, at its full count, in
// marks of its own.
//
//	      ● A → B   n 42   median 4.1 s (3.6 s to 4.7 s)
//	        ━┿━
//	10 ┤   ▂█▆▁
//	   │ ▁▅█████▃ ▁
//
// It returns "" where the view is too small to draw in.
func (p *Plot) Histogram(v View) string {
	f := newFrame(v)
	if f == nil {
		return ""
	}
	f.baseline()
	x := newBarAxis(p.rangeOf(v), f.columns())
	f.barTicks(x)
	rows := (f.bottom - f.top) / seriesCount
	if f.legendAt >= 0 {
		parts := []legendPart{{marks: []glyph{{f.bars[eighths-1], plain}}, words: "arrived"}}
		if rows > bandRowsFrom {
			parts = append(parts, legendPart{marks: []glyph{{f.medianCentre, plain}, {f.medianArm, plain}}, words: "median, 95 %"})
		}
		f.legend(f.left, f.legendAt, slices.Concat(parts, f.flying(v), p.unmeasured(f.marks, AtLeast))) // what was at most this is counted as arrived
	}
	var counts [seriesCount]barCounts
	highest := 0
	for series := range counts {
		counts[series] = p.barCounts(x, series)
		for bar, arrived := range counts[series].arrived {
			highest = max(highest, arrived+counts[series].longer[bar])
		}
	}
	top := f.top + (f.bottom-f.top)%seriesCount
	for series := range counts {
		l := barLane{frame: f, axis: x, series: series, top: top, rows: rows, full: fullCount(highest)}
		l.draw(v, &counts[series])
		top += rows
	}
	if p.empty() {
		f.nothingYet()
	}
	return f.render(v)
}

// barAxis maps durations to bars, and bars to columns.
type barAxis struct {
	bounds  Range
	first   int // bin at which the first bar begins
	bins    int // of each bar
	bars    int
	columns int // of each bar
}

func newBarAxis(bounds Range, columns int) barAxis {
	bounds = bounds.orDefault()
	low, high := binOf(bounds.Low), binOf(bounds.High)
	for width := narrowestBar; ; width *= 2 {
		x := barAxis{bounds: bounds, first: low / width * width, bins: width}
		x.bars = (high-x.first)/width + 1
		if x.columns = columns / x.bars; x.columns > 0 {
			return x
		}
	}
}

// bar is the bar that holds a bin; those outside go to the ends.
func (x barAxis) bar(bin int) int { return min(max((bin-x.first)/x.bins, 0), x.bars-1) }

// column is where a duration lies on the axis.
func (x barAxis) column(d time.Duration) int {
	return min(max((binOf(d)-x.first)*x.columns/x.bins, 0), x.bars*x.columns-1)
}

// from is the duration at which a bar begins.
func (x barAxis) from(bar int) time.Duration {
	return time.Duration(float64(shortest) * math.Exp2(float64(x.first+bar*x.bins)/binsPerDoubling))
}

// barCounts is what one series has in each bar.
type barCounts struct {
	arrived, longer, flying []int
}

func (p *Plot) barCounts(x barAxis, series int) barCounts {
	c := barCounts{make([]int, x.bars), make([]int, x.bars), make([]int, x.bars)}
	for _, size := range p.sizes {
		cell := p.cells[cellKey{series, size}]
		if cell == nil {
			continue
		}
		for bin := range bins {
			bar := x.bar(bin)
			c.arrived[bar] += int(cell[Measured][bin]) + int(cell[AtMost][bin])
			c.longer[bar] += int(cell[AtLeast][bin])
		}
	}
	for _, flight := range p.flights {
		if flight.Series == series {
			c.flying[x.bar(binOf(flight.Age))]++
		}
	}
	return c
}

// fullCount is the count at which a bar is full: it grows in steps, so that the
// bars keep their scale for as long as there is room.
func fullCount(highest int) int {
	if highest <= 5 {
		return 5
	}
	for ten := 10; ; ten *= 10 {
		for _, full := range []int{ten, ten + ten/2, ten * 2, ten * 3, ten * 5} {
			if highest <= full {
				return full
			}
		}
	}
}

// barLane is one series' part of the histogram.
type barLane struct {
	*frame
	axis      barAxis
	series    int
	top, rows int
	full      int
}

func (l barLane) draw(v View, counts *barCounts) {
	titled := !v.Bare && l.rows >= bandRowsFrom
	if titled {
		l.laneTitle(v, l.series, l.top, nil)
		l.top, l.rows = l.top+1, l.rows-1
	}
	if l.rows >= bandRowsFrom {
		l.band(v.Overall[l.series])
		l.top, l.rows = l.top+1, l.rows-1
	}
	for row := range l.rows {
		l.set(l.left-1, l.top+row, l.vertical, axis)
	}
	l.tick(0, l.full)
	if l.rows >= 4 && l.rows%2 == 0 && l.full%2 == 0 {
		l.tick(l.rows/2, l.full/2)
	}
	if !titled {
		l.nameAt(v.Series[l.series].Name, l.series, l.top+l.rows-1) // of one row only in place of the count
	}
	for bar := range l.axis.bars {
		arrived, longer := counts.arrived[bar], counts.longer[bar]
		height := l.height(arrived)
		from, to := (height+eighths-1)/eighths, 0 // the rows of the stack, from below
		if longer > 0 {
			to = max(from+1, int(math.Round(float64(arrived+longer)/float64(l.full)*float64(l.rows))))
		}
		for column := bar * l.axis.columns; column < (bar+1)*l.axis.columns; column++ {
			l.bar(column, height)
			for row := min(from, l.rows-1); row < min(to, l.rows); row++ {
				l.set(l.left+column, l.top+l.rows-1-row, l.kinds[l.series][AtLeast], seriesInk(l.series))
			}
		}
		if counts.flying[bar] > 0 {
			middle := bar*l.axis.columns + (l.axis.columns-1)/2
			l.set(l.left+middle, l.top+max(0, l.rows-1-max(from, to)), l.flight[l.series], seriesInk(l.series))
		}
	}
	l.targetBeside(v)
}

// targetBeside draws the target up the lane, where nothing else is.
func (l barLane) targetBeside(v View) {
	if !l.axis.holds(v.Target) {
		return
	}
	for row := range l.rows {
		l.fill(l.left+l.axis.column(v.Target), l.top+row, l.targetUp, label)
	}
}

// holds says whether a duration has a place on the axis.
func (x barAxis) holds(d time.Duration) bool { return d > 0 && d >= x.bounds.Low && d <= x.bounds.High }

// height is a count's in eighths of a row: one that is not nothing shows.
func (l barLane) height(count int) int {
	if count == 0 {
		return 0
	}
	return max(1, int(math.Round(float64(count)/float64(l.full)*float64(l.rows*eighths))))
}

func (l barLane) bar(column, height int) {
	for row := l.rows - 1; row >= 0 && height > 0; row-- {
		l.set(l.left+column, l.top+row, l.bars[min(height, eighths)-1], seriesInk(l.series))
		height -= eighths
	}
}

// tick labels the row up to whose upper edge a bar of the count reaches.
func (l barLane) tick(row, count int) {
	l.set(l.left-1, l.top+row, l.tickLeft, axis)
	if text := strconv.Itoa(count); l.left > labelWidth && len(text) <= labelWidth {
		l.text(labelWidth-len(text), l.top+row, text, label)
	}
}

// band draws the median with its interval to the scale of the axis.
func (l barLane) band(e Estimate) {
	if !e.Known {
		return
	}
	end, ink := l.axis.bars*l.axis.columns-1, seriesInk(l.series)
	first, last := l.axis.column(e.Lower), end
	beyond := e.Open || e.Upper > l.axis.bounds.High
	if !beyond {
		last = l.axis.column(e.Upper)
	}
	for column := first; column <= last; column++ {
		l.set(l.left+column, l.top, l.medianArm, ink)
	}
	if beyond {
		l.set(l.left+end, l.top, l.beyondRight, ink)
	}
	if e.Lower < l.axis.bounds.Low {
		l.set(l.left, l.top, l.beyondLeft, ink)
	}
	if e.drawable() {
		l.set(l.left+l.axis.column(e.Value), l.top, l.medianCentre, seriesInk(l.series))
	}
}

// barTicks labels the durations below the bars: the ends first, then the round
// values, then the rest of the ladder, as far as labels keep their distance.
func (f *frame) barTicks(x barAxis) {
	const apart = 2
	var taken [][2]int
	for _, d := range tickOrder(x.bounds) {
		text := tickLabel(d)
		column := f.left + x.column(d)
		start := max(0, min(column-len(text)/2, f.width-len(text)))
		if slices.ContainsFunc(taken, func(t [2]int) bool { return start < t[1]+apart && t[0] < start+len(text)+apart }) {
			continue
		}
		taken = append(taken, [2]int{start, start + len(text)})
		f.set(column, f.bottom, f.below, axis)
		f.text(start, f.bottom+1, text, label)
	}
}
