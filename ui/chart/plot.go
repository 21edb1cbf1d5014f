// Package chart draws replication times as text: by file size, over time, and
// as bars for small terminals. It is pure: values go in, text comes out.
//
// Durations span milliseconds to hours, so their axis is logarithmic, and a
// value is always drawn on the row that its axis label says. A Plot bins each
// point as it comes, so a frame costs the same after a million points as
// after a hundred.
package chart

import (
	"slices"
	"time"
)

// seriesCount is the number of series: one for each direction.
const seriesCount = 2

// Kind says what a point's value means.
type Kind int

// The kinds of points.
const (
	Measured Kind = iota // the value lies in the bracket
	AtMost               // left-censored: already there at the first look
	AtLeast              // right-censored: given up or interrupted at the value
	kinds    = 3
)

// Point is one finished probe.
type Point struct {
	Series int   // 0 or 1; a point of any other series is ignored
	Size   int64 // bytes
	// At is when it began, since the run's start.
	At time.Duration
	// Value is the duration; Low and High its bracket, both 0 if unknown.
	Value, Low, High time.Duration
	Kind             Kind
}

// Flight is a probe that has not ended: it shows at its growing age.
type Flight struct {
	Series  int
	Size    int64
	At, Age time.Duration
}

// Plot collects points. The zero value is an empty plot.
type Plot struct {
	cells    map[cellKey]*cell
	sizes    []int64 // ascending, flights included
	timeline timeline
	flights  []Flight
	has      [kinds]bool // points of each kind
	brackets bool        // points with one that has a length
	bounds   Range
	seen     Range // from the shortest to the longest point
}

type cellKey struct {
	series int
	size   int64
}

// cell counts one series' points of one size by duration bin.
type cell [kinds][bins]uint32

// Add takes one point, in constant time.
func (p *Plot) Add(point Point) {
	if point.Series < 0 || point.Series >= seriesCount || point.Kind < Measured || point.Kind > AtLeast {
		return
	}
	if p.cells == nil {
		p.cells = map[cellKey]*cell{}
	}
	key := cellKey{point.Series, point.Size}
	if p.cells[key] == nil {
		p.cells[key] = &cell{}
		p.know(point.Size)
	}
	p.cells[key][point.Kind][binOf(point.Value)]++
	p.has[point.Kind] = true
	p.brackets = p.brackets || point.Kind == Measured && binOf(point.High) > binOf(point.Low)
	p.timeline.add(point)
	if p.seen == (Range{}) {
		p.seen = Range{point.Value, point.Value}
	}
	p.seen = Range{min(p.seen.Low, point.Value), max(p.seen.High, point.Value)}
	if point.Kind == AtLeast {
		p.bounds = p.bounds.reach(point.Value)
	} else {
		p.bounds = p.bounds.Include(point.Value)
	}
}

// empty says whether there is nothing to draw.
func (p *Plot) empty() bool { return len(p.cells) == 0 && len(p.flights) == 0 }

// Plan keeps columns for sizes of which nothing has come yet, so that none moves
// when something does.
func (p *Plot) Plan(sizes ...int64) {
	for _, size := range sizes {
		p.know(size)
	}
}

// Clone is the plot as it is now, which no later point changes.
func (p *Plot) Clone() Plot {
	c := *p
	c.sizes, c.flights, c.timeline.slots = slices.Clone(p.sizes), slices.Clone(p.flights), slices.Clone(p.timeline.slots)
	c.cells = make(map[cellKey]*cell, len(p.cells))
	for key, of := range p.cells {
		same := *of
		c.cells[key] = &same
	}
	return c
}

// SetFlights replaces the probes that are in flight.
func (p *Plot) SetFlights(flights []Flight) {
	p.flights = p.flights[:0]
	for _, f := range flights {
		if f.Series < 0 || f.Series >= seriesCount {
			continue
		}
		p.flights = append(p.flights, f)
		p.know(f.Size)
		p.bounds = p.bounds.reach(f.Age)
	}
}

// Range is the duration axis, which only ever widens, in steps.
func (p *Plot) Range() Range { return p.bounds.orDefault() }

// rangeOf is what a view's axis of the durations shows.
func (p *Plot) rangeOf(v View) Range {
	if v.Close && len(p.cells) > 0 {
		return closeRange(p.seen, ladder)
	}
	return p.bounds
}

func (p *Plot) know(size int64) {
	if at, known := slices.BinarySearch(p.sizes, size); !known {
		p.sizes = slices.Insert(p.sizes, at, size)
	}
}
