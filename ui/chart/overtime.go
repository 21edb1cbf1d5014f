package chart

import (
	"slices"
	"strconv"
	"time"
)

// twoLanesFrom is the number of plot rows from which each series has a lane of
// its own.
const twoLanesFrom = 12

// OverTime draws every point at the time at which it began: dots with their
// brackets as thin bars where they span more than a row, ages of what is in
// flight, arrows where a probe took longer than it was watched, the median as
// a line and its 95 % interval as broken lines, gaps shaded, and stalls too, under
// a bar. Each series has its own lane if there is room. It returns "" where the
// view is too small to draw in.
func (p *Plot) OverTime(v View) string {
	f := newFrame(v)
	if f == nil {
		return ""
	}
	f.baseline()
	x := p.timeAxis(v, f.columns())
	f.timeTicks(x)
	if f.bottom-f.top >= twoLanesFrom {
		p.lanes(f, v, x)
		return f.render(v)
	}
	s := newScale(p.rangeOf(v), f.bottom-f.top)
	f.durationAxis(s, f.top)
	f.gaps(v.Gaps, x, f.top, f.bottom)
	for series := range seriesCount {
		f.stalls(v.Stalls, series, x, f.top, f.bottom, f.top+series)
	}
	if f.legendAt >= 0 {
		f.legend(f.left, f.legendAt, append(f.named(v), p.legendOverTime(f, v)...))
	}
	f.bands(v, s, f.top, 0, 1)
	for series := range seriesCount {
		p.lane(f, x, s, f.top, series)
	}
	if len(p.sizes) == 0 {
		f.nothingYet()
	}
	return f.render(v)
}

// lanes draws the series one above the other, each under a line that says
// what its numbers are.
func (p *Plot) lanes(f *frame, v View, x timeAxis) {
	rows := (f.bottom - f.top) / seriesCount
	top := f.top + (f.bottom-f.top)%seriesCount
	if f.legendAt >= 0 {
		f.legend(f.left, f.legendAt, p.legendOverTime(f, v))
	}
	for series := range seriesCount {
		s := newScale(p.rangeOf(v), rows-1)
		f.laneTitle(v, series, top)
		f.durationAxis(s, top+1)
		f.gaps(v.Gaps, x, top+1, top+rows)
		f.stalls(v.Stalls, series, x, top+1, top+rows, top+1)
		f.bands(v, s, top+1, series)
		p.lane(f, x, s, top+1, series)
		top += rows
	}
}

// legendOverTime explains the marks. The bracket stands behind the points, so
// only ends beyond a point's own row show.
func (p *Plot) legendOverTime(f *frame, v View) []legendPart {
	var bracket []legendPart
	if p.brackets {
		bracket = []legendPart{{marks: []glyph{{f.bracket, plain}}, words: "bracket: the true time lies in it", short: "bracket"}}
	}
	return slices.Concat(f.band(v), bracket, f.flying(v), p.unmeasured(f.marks, AtLeast, AtMost))
}

func (f *frame) laneTitle(v View, series, y int) {
	e := v.Overall[series]
	parts := []legendPart{
		{marks: []glyph{{f.kinds[series][Measured], seriesInk(series)}}, words: v.Series[series].Name},
		{words: "n " + strconv.Itoa(e.N)},
	}
	if e.N > 0 {
		parts = append(parts, legendPart{words: "median " + e.Whole})
	}
	f.legend(f.left, y, parts)
}

// lane draws one series from the row top on.
func (p *Plot) lane(f *frame, x timeAxis, s scale, top, series int) {
	rows := s.binsOfRows()
	first, last := p.timeline.between(x.from, x.to)
	// Later layers are drawn over earlier ones, whatever their slot.
	for _, l := range []int{bracket, int(AtMost), int(Measured), int(AtLeast)} {
		mark := f.bracket
		if l != bracket {
			mark = f.kinds[series][l]
		}
		for i := first; i < last; {
			if !p.timeline.slots[i].seen[series][l] {
				i++
				continue
			}
			column := x.column(p.timeline.middle(i))
			seen := p.timeline.slots[i].sets[series][l]
			for i++; i < last && x.column(p.timeline.middle(i)) == column; i++ {
				if p.timeline.slots[i].seen[series][l] {
					seen.merge(&p.timeline.slots[i].sets[series][l])
				}
			}
			for row, in := range rows {
				if l == bracket { // never drawn where its ends lie outside
					in = span{max(in.from, s.low), min(in.to, s.high)}
				}
				if seen.any(in) {
					f.set(f.left+column, top+row, mark, seriesInk(series))
				}
			}
		}
	}
	for _, flight := range p.flights {
		if flight.Series == series && flight.At >= x.from && flight.At <= x.to {
			f.set(f.left+x.column(flight.At), top+s.row(flight.Age), f.flight[series], seriesInk(series))
		}
	}
}

// bands draws the rows of the series' intervals as broken lines, and over all
// of them the medians as lines.
func (f *frame) bands(v View, s scale, top int, of ...int) {
	for _, series := range of {
		e := v.Overall[series]
		if !e.Known {
			continue
		}
		highest := 0
		if !e.Open {
			highest = s.row(e.Upper)
		}
		for row := highest; row <= s.row(e.Lower); row++ {
			for x := f.left + row%2; x < f.width; x += 2 {
				f.set(x, top+row, f.interval, seriesInk(series))
			}
		}
	}
	for _, series := range of {
		if e := v.Overall[series]; e.drawable() {
			for x := f.left; x < f.width; x++ {
				f.set(x, top+s.row(e.Value), f.medianLine, seriesInk(series))
			}
		}
	}
}

// gaps shades the times in which nothing was measured.
func (f *frame) gaps(gaps []Gap, x timeAxis, top, bottom int) {
	for _, gap := range gaps {
		f.shade(gap, x, top, bottom)
	}
}

// stalls shades a series' stalls, each under a bar on a row of its own.
func (f *frame) stalls(stalls []Stall, series int, x timeAxis, top, bottom, bar int) {
	for _, stall := range stalls {
		if stall.Series != series {
			continue
		}
		first, last := f.shade(stall.Gap, x, top, bottom)
		for column := first; column < last; column++ {
			f.set(column, bar, f.stall[series], seriesInk(series))
		}
	}
}

// shade fills the columns of a time and returns them; last is not among them.
func (f *frame) shade(gap Gap, x timeAxis, top, bottom int) (first, last int) {
	if gap.To < gap.From || gap.To < x.from || gap.From > x.to {
		return 0, 0
	}
	first, last = f.left+x.column(max(gap.From, x.from)), f.left+x.column(min(gap.To, x.to))+1
	for column := first; column < last; column++ {
		for y := top; y < bottom; y++ {
			f.set(column, y, f.gap, faint)
		}
	}
	return first, last
}

// middle is the time in the middle of a slot.
func (t *timeline) middle(slot int) time.Duration {
	return time.Duration(slot)*t.width + t.width/2
}

// between returns the slots that begin in the time from and to.
func (t *timeline) between(from, to time.Duration) (first, last int) {
	if t.width == 0 {
		return 0, 0
	}
	first = int((from + t.width - 1) / t.width)
	last = min(len(t.slots), int(to/t.width)+1)
	return min(first, last), last
}
