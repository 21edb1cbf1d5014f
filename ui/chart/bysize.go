package chart

import "math"

// BySize draws a column group for each file size: every point at its duration
// as a swarm, its own for each series, with the median as a cross. Rows with
// more points than fit show their share of the fullest row.
//
//	20 s ┤      ◆           ◆
//	10 s ┤     ━┿━        ◆━┿━
//	 5 s ┤  ●  ◆         ●  ◆
//	 2 s ┤ ━┿●━         ━┿━
//	     └─────┬──────────┬─────
//	        128 KiB    256 KiB
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
		parts := append(f.named(v), legendPart{marks: []glyph{{f.medianCentre, plain}}, words: "median"})
		f.legend(f.left, f.legendAt, append(parts, f.states(v)...))
	}
	if len(p.sizes) == 0 {
		f.nothingYet()
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
		if i := g.index(e.Size); i >= 0 && e.drawable() && e.Series >= 0 && e.Series < seriesCount {
			swarms[i*seriesCount+e.Series].median = s.row(e.Value)
			g.medianArms(i, e.Series, f.top+s.row(e.Value))
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
	return f.render(v)
}

// swarm is one series' points of one size by row.
type swarm struct {
	rows    [][kinds]int
	drawn   []int // places taken by row
	fullest int
	median  int // row of the median's cross, or -1
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
		w.rows, w.drawn, w.median = make([][kinds]int, s.rows), make([]int, s.rows), -1
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
		places := g.swarm
		taken := 0
		if row == w.median {
			taken = 1 // the cross has the middle
		}
		shown := all
		if fullest > places {
			shown = max(1, int(math.Round(float64(all)*float64(places)/float64(fullest))))
		}
		shown = min(shown, places-taken)
		w.drawn[row] = taken + shown
		for n := range shown {
			g.set(g.place(i, series, taken+n), g.top+row, g.kinds[series][kindAt(counts, n, shown)], seriesInk(series))
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
	n := min(w.drawn[row], g.swarm-1)
	if row != w.median || n > 0 {
		g.set(g.place(i, series, n), g.top+row, g.marks.flight[series], seriesInk(series))
	}
	w.drawn[row]++
}

// medianArms draws the median's cross over the swarm's whole width; points
// are drawn over its arms.
func (g *groups) medianArms(i, series, y int) {
	for n := range g.swarm {
		g.set(g.place(i, series, n), y, g.medianArm, seriesInk(series))
	}
	g.set(g.place(i, series, 0), y, g.medianCentre, seriesInk(series))
}
