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
	for series := range seriesCount {
		p.lane(f, x, s, f.top, series)
	}
	f.bands(v, x, s, f.top, 0, 1)
	for series := range seriesCount {
		f.behind(v, x, s, f.top, series)
	}
	f.targetAcross(v, s, f.top)
	f.pick(v, x, s, f.top, 0, 1)
	if p.empty() {
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
		from := top
		if !v.Bare {
			f.laneTitle(v, series, top, v.Stretches[series])
			from++
		}
		s := newScale(p.rangeOf(v), top+rows-from)
		f.durationAxis(s, from)
		if v.Bare {
			f.nameLane(v.Series[series].Name, series, s, from)
		}
		f.gaps(v.Gaps, x, from, top+rows)
		f.stalls(v.Stalls, series, x, from, top+rows, from)
		p.lane(f, x, s, from, series)
		f.bands(v, x, s, from, series)
		f.behind(v, x, s, from, series)
		f.targetAcross(v, s, from)
		f.pick(v, x, s, from, series)
		top += rows
	}
}

// nameLane names a series left of the axis, on the row nearest to the middle that has
// no label.
func (f *frame) nameLane(name string, series int, s scale, top int) {
	taken := make([]bool, s.rows)
	for _, d := range s.ticks() {
		taken[s.row(d)] = true
	}
	for away := range s.rows {
		for _, row := range []int{s.rows/2 - away, s.rows/2 + away} {
			if row >= 0 && row < s.rows && !taken[row] {
				f.nameAt(name, series, top+row)
				return
			}
		}
	}
}

// nameAt names a series left of the axis.
func (f *frame) nameAt(name string, series, row int) {
	if runes := []rune(name); f.left > labelWidth && len(runes) <= labelWidth {
		f.text(labelWidth-len(runes), row, name, seriesInk(series))
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

// laneTitle says what a lane's numbers are: of its stretches where it draws
// them.
func (f *frame) laneTitle(v View, series, y int, stretches []Stretch) {
	e := v.Overall[series]
	parts := []legendPart{
		{marks: []glyph{{f.kinds[series][Measured], seriesInk(series)}}, words: v.Series[series].Name},
		{words: "n " + strconv.Itoa(e.N)},
	}
	if e.N > 0 {
		whole, short := medianWords(stretches, e)
		parts = append(parts, legendPart{words: "median " + whole, short: "median " + short})
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

// bands draws the ends of the series' intervals as broken lines that begin with a
// corner, and between them the medians as lines, each for its stretch of the run. No
// line goes through a mark, and the ends of intervals touch none.
func (f *frame) bands(v View, x timeAxis, s scale, top int, of ...int) {
	room := f.roomBeside(top, s.rows)
	draw := func(series, at, row int, r rune) {
		// The median shows between marks however many there are.
		if (r == f.medianLine || room[row*f.width+at]) && f.free(at, top+row) {
			f.set(at, top+row, r, seriesInk(series))
		}
	}
	for _, series := range of {
		all := pieces(v.Stretches[series], v.Overall[series])
		for i, piece := range all {
			from, to := f.left, f.width
			if piece.From > x.from {
				from = f.left + x.column(min(piece.From, x.to))
			}
			if i+1 < len(all) {
				to = f.left + x.column(min(max(all[i+1].From, x.from), x.to))
			}
			f.stretch(piece.Estimate, s, from, to, func(at, row int, r rune) { draw(series, at, row, r) })
		}
	}
}

// stretch draws one stretch's median and the ends of its interval; where an end lies
// beyond the plot, arrows.
func (f *frame) stretch(e Estimate, s scale, from, to int, draw func(at, row int, r rune)) {
	if !e.Known {
		return
	}
	median := -1
	if e.drawable() {
		median = s.row(e.Value)
		for at := from; at < to; at++ {
			draw(at, median, f.medianLine)
		}
	}
	edge := func(row int, corner, line rune, apart int) {
		if row == median {
			return
		}
		for at := from; at < to; at += apart {
			if at == from {
				draw(at, row, corner)
			} else {
				draw(at, row, line)
			}
		}
	}
	const arrowsApart = 8
	if e.Open || e.Upper > s.bounds.High {
		edge(0, f.above, f.above, arrowsApart)
	} else {
		edge(s.row(e.Upper), f.bandTop, f.interval, 2)
	}
	if e.Lower < s.bounds.Low {
		edge(s.rows-1, f.under, f.under, arrowsApart)
	} else {
		edge(s.row(e.Lower), f.bandBottom, f.interval, 2)
	}
}

// roomBeside says of the cells of some rows whether no series' mark is in them or
// beside them.
func (f *frame) roomBeside(top, rows int) []bool {
	room := make([]bool, rows*f.width)
	for row := range rows {
		for x := range f.width {
			room[row*f.width+x] = !f.marked(x-1, top+row) && !f.marked(x, top+row) && !f.marked(x+1, top+row)
		}
	}
	return room
}

// marked says whether a cell holds a series' mark.
func (f *frame) marked(x, y int) bool {
	return x >= f.left && x < f.width && y >= 0 && y < f.height && f.cells[y*f.width+x].ink >= series0
}

// behind draws all points faintly where nothing else is.
func (f *frame) behind(v View, x timeAxis, s scale, top, series int) {
	if v.Behind == nil {
		return
	}
	t := &v.Behind.timeline
	first, last := t.between(x.from, x.to)
	rows := s.binsOfRows()
	for i := first; i < last; i++ {
		column := x.column(t.middle(i))
		for kind := range kinds {
			if !t.slots[i].seen[series][kind] {
				continue
			}
			for row, in := range rows {
				if t.slots[i].sets[series][kind].any(in) {
					f.fill(f.left+column, top+row, f.faintPoint, label)
				}
			}
		}
	}
}

// pick marks the point that is picked.
func (f *frame) pick(v View, x timeAxis, s scale, top int, of ...int) {
	at := v.Cursor
	if at == nil || at.At < x.from || at.At > x.to {
		return
	}
	for _, series := range of {
		if series == at.Series {
			f.set(f.left+x.column(at.At), top+s.row(at.Value), f.cursor, picked)
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
