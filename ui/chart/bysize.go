package chart

import (
	"math"
	"slices"
)

// BySize draws a column group for each file size: every point at its duration
// as a swarm, its own for each series, and through its middle the median with
// its 95 % interval. Rows with more points than fit show their share of the
// fullest row.
//
//	20 s ┤        ◆           ◆
//	10 s ┤       ◆┃         ◆◆╂
//	     │       ◆╂◆         ◆┃
//	 5 s ┤   ●┃   ┃       ●┃
//	 2 s ┤  ●●╂●          ●╂●
//	     └──────┬──────────┬─────
//	         128 KiB    256 KiB
//
// It returns "" where the view is too small to draw in.
func (p *Plot) BySize(v View) string {
	f := newFrame(v)
	if f == nil {
		return ""
	}
	s := newScale(p.rangeOf(v), f.bottom-f.top)
	f.durationAxis(s, f.top)
	f.baseline()
	if f.legendAt >= 0 {
		median := []legendPart{{marks: []glyph{{f.medianPoint, plain}, {f.medianSpan, plain}}, words: "median, 95 %", short: "median"}}
		f.legend(f.left, f.legendAt, slices.Concat(f.named(v), median, f.flying(v), p.unmeasured(f.marks, AtLeast, AtMost)))
	}
	if p.empty() {
		f.nothingYet()
	}
	if len(p.sizes) == 0 {
		return f.render(v)
	}
	g := newGroups(f, p.sizes)
	g.labels()
	swarms := p.swarms(s, len(g.sizes))
	fullest := 0
	for i := range swarms {
		fullest = max(fullest, swarms[i].fullest)
	}
	for _, e := range v.Medians {
		if i := g.index(e.Size); i >= 0 && e.Series >= 0 && e.Series < seriesCount {
			g.median(i, e, s, &swarms[i*seriesCount+e.Series])
		}
	}
	for i := range swarms {
		g.draw(i/seriesCount, i%seriesCount, &swarms[i], fullest)
	}
	for _, flight := range p.flights {
		if i := g.index(flight.Size); i >= 0 {
			g.flight(i, flight.Series, s.row(flight.Age), &swarms[i*seriesCount+flight.Series])
		}
	}
	f.targetAcross(v, s, f.top)
	if at := v.Cursor; at != nil {
		if i := g.index(at.Size); i >= 0 {
			f.set(g.place(i, at.Series, 0), f.top+s.row(at.Value), f.cursor, picked)
		}
	}
	return f.render(v)
}

// swarm is one series' points of one size by row.
type swarm struct {
	rows    [][kinds]int
	drawn   []int // points by row
	fullest int
	median  int // the median's row, or -1
	// highest and lowest are the rows of its interval, where there is one.
	highest, lowest int
}

// places is how many points have room in a row of so many columns: the median
// keeps the middle of its row.
func (w *swarm) places(row, columns int) int {
	if row == w.median {
		return columns - 1
	}
	return columns
}

// place is where the n-th point of a row goes, 0 the middle: over the median's
// interval only where every other place is taken.
func (w *swarm) place(row, n, columns int) int {
	if row == w.median || row >= w.highest && row <= w.lowest && n < columns-1 {
		return n + 1
	}
	if row >= w.highest && row <= w.lowest {
		return 0
	}
	return n
}

// swarms sorts the bins of the first sizes into rows: cell by cell, series
// after series.
func (p *Plot) swarms(s scale, sizes int) []swarm {
	rowOf := make([]int, bins)
	for bin := range rowOf {
		rowOf[bin] = s.rowOfBin(bin)
	}
	all := make([]swarm, sizes*seriesCount)
	for i := range all {
		w := &all[i]
		w.rows, w.drawn = make([][kinds]int, s.rows), make([]int, s.rows)
		w.median, w.highest, w.lowest = -1, 0, -1
		c := p.cells[cellKey{i % seriesCount, p.sizes[i/seriesCount]}]
		if c == nil {
			continue
		}
		for kind := range c {
			for bin, count := range c[kind] {
				if count > 0 {
					w.rows[rowOf[bin]][kind] += int(count)
				}
			}
		}
		for _, row := range w.rows {
			w.fullest = max(w.fullest, total(row))
		}
	}
	return all
}

func total(row [kinds]int) int { return row[Measured] + row[AtMost] + row[AtLeast] }

// draw places a swarm's points, from its middle outwards.
func (g *groups) draw(i, series int, w *swarm, fullest int) {
	for row, counts := range w.rows {
		all := total(counts)
		if all == 0 {
			continue
		}
		shown := all
		if fullest > g.swarm {
			shown = max(1, int(math.Round(float64(all)*float64(g.swarm)/float64(fullest))))
		}
		shown = min(shown, w.places(row, g.swarm))
		w.drawn[row] = shown
		for n := range shown {
			g.set(g.place(i, series, w.place(row, n, g.swarm)), g.top+row, g.kinds[series][kindAt(counts, n, shown)], seriesInk(series))
		}
	}
}

// kindAt says which kind the n-th of the shown marks has: the rarer kinds
// outside, in proportion, but at least one mark that took longer is shown.
func kindAt(counts [kinds]int, n, shown int) Kind {
	longer := counts[AtLeast] * shown / total(counts)
	if counts[AtLeast] > 0 {
		longer = max(longer, 1)
	}
	atMost := counts[AtMost] * shown / total(counts)
	if counts[Measured] == 0 {
		atMost = shown - longer
	}
	switch left := shown - 1 - n; { // marks further out
	case left < longer:
		return AtLeast
	case left < longer+atMost:
		return AtMost
	default:
		return Measured
	}
}

// flight draws a probe in flight beside the points of its row.
func (g *groups) flight(i, series, row int, w *swarm) {
	if n := min(w.drawn[row], w.places(row, g.swarm)-1); n >= 0 {
		g.set(g.place(i, series, w.place(row, n, g.swarm)), g.top+row, g.marks.flight[series], seriesInk(series))
	}
	w.drawn[row]++
}

// median draws an estimate's interval up the middle of its swarm, to the
// chart's edge where it has no end, and the median on it.
func (g *groups) median(i int, e Estimate, s scale, w *swarm) {
	if !e.Known {
		return
	}
	w.lowest = s.row(e.Lower)
	if !e.Open {
		w.highest = s.row(e.Upper)
	}
	x, ink := g.place(i, e.Series, 0), seriesInk(e.Series)
	for row := w.highest; row <= w.lowest; row++ {
		g.set(x, g.top+row, g.medianSpan, ink)
	}
	if e.Open || e.Upper > s.bounds.High {
		g.set(x, g.top, g.above, ink)
	}
	if e.Lower < s.bounds.Low {
		g.set(x, g.top+w.lowest, g.under, ink)
	}
	if e.drawable() {
		w.median = s.row(e.Value)
		g.set(x, g.top+w.median, g.medianPoint, ink)
	}
}

const (
	widestSwarm   = 11
	narrowestUnit = 2 // columns a group needs: one for each series
)

// groups are the column groups of the sizes.
type groups struct {
	*frame
	sizes []int64
	first int // column of the first group
	width int // columns of each
	swarm int // columns of one series' swarm, odd
	more  bool
}

func newGroups(f *frame, sizes []int64) *groups {
	g := &groups{frame: f, sizes: sizes}
	if most := f.columns() / narrowestUnit; len(sizes) > most {
		g.sizes, g.more = sizes[:most], true
	}
	g.width = f.columns() / len(g.sizes)
	g.first = f.left + (f.columns()-g.width*len(g.sizes))/2
	g.swarm = min(widestSwarm, max(1, (g.width-2)/2))
	if g.swarm%2 == 0 {
		g.swarm--
	}
	return g
}

// index finds a size's group, or returns -1.
func (g *groups) index(size int64) int {
	if i, found := slices.BinarySearch(g.sizes, size); found {
		return i
	}
	return -1
}

// centre is the column between the two swarms of a group.
func (g *groups) centre(i int) int { return g.first + i*g.width + g.width/2 }

// place is the column of a swarm's n-th place: the middle, then left and right
// of it in turn.
func (g *groups) place(i, series, n int) int {
	apart := 0 // groups too narrow for a column between the swarms
	if g.width > 2*g.swarm {
		apart = 1
	}
	x := g.centre(i) - (g.swarm+1)/2
	if series == 1 {
		x = g.centre(i) + g.swarm/2 + apart
	}
	if n%2 == 1 {
		return x - (n+1)/2
	}
	return x + n/2
}

// labels writes the sizes below the groups, as many as have room.
func (g *groups) labels() {
	write := g.words.Size
	if g.widest(write) >= g.width {
		write = g.words.ShortSize
	}
	every := 1
	for g.widest(write) >= g.width*every {
		every++
	}
	for i, size := range g.sizes {
		x := g.centre(i)
		g.set(x, g.bottom, g.below, axis)
		if i%every != 0 {
			continue
		}
		text := write(size)
		start := max(g.left, min(x-len(text)/2, g.canvas.width-len(text)))
		g.text(start, g.bottom+1, text, label)
	}
	if g.more {
		g.text(g.canvas.width-1, g.bottom+1, "+", label)
	}
}

func (g *groups) widest(write func(int64) string) int {
	widest := 0
	for _, size := range g.sizes {
		widest = max(widest, len(write(size)))
	}
	return widest
}
