package stats

import (
	"maps"
	"slices"
	"time"

	"bothways/aws/pair"
)

// InFlight is a probe that was started and has yielded no sample yet.
type InFlight struct {
	Direction pair.Direction
	SizeBytes int64
	// LongerThan is what is known of its time: from the upload's end to its last
	// poll that missed; 0 where none did yet.
	LongerThan time.Duration
}

// Snapshot is the collector as it stands. It can be read while the collector
// takes more samples: the two share what neither changes any more.
func (c *Collector) Snapshot() *Collector {
	s := *c
	s.sizes, s.fitted = slices.Clone(c.sizes), maps.Clone(c.fitted)
	s.cells = make(map[cellKey]*group, len(c.cells))
	for key, cell := range c.cells {
		copied := cell.snapshot()
		s.cells[key] = &copied
	}
	for d := range s.directions {
		s.directions[d], s.corrected[d], s.planned[d] = c.directions[d].snapshot(), c.corrected[d].snapshot(), c.planned[d].snapshot()
	}
	return &s
}

// Underway is a snapshot in the middle of a run, with the probes in flight as
// right-censored values at their last polls that missed, for comparisons that are
// SoFar: without them slow probes would be missing until they arrive. It takes no
// samples.
func (c *Collector) Underway(inFlight []InFlight) *Collector {
	u := c.Snapshot()
	for d := range u.planned {
		u.planned[d].brackets.drop()
	}
	for _, cell := range u.cells {
		cell.brackets.drop()
	}
	for d := range u.directions {
		u.directions[d], u.corrected[d] = u.directions[d].underway(), u.corrected[d].underway()
	}
	copied := map[cellKey]bool{}
	for _, f := range inFlight {
		if f.Direction != pair.AtoB && f.Direction != pair.BtoA {
			continue
		}
		key := cellKey{f.Direction, f.SizeBytes}
		if !copied[key] {
			cell := group{}
			if there := u.cells[key]; there != nil {
				cell = *there
			}
			cell = cell.underway()
			u.cells[key], copied[key] = &cell, true
		}
		if at, known := slices.BinarySearch(u.sizes, f.SizeBytes); !known {
			u.sizes = slices.Insert(u.sizes, at, f.SizeBytes)
		}
		u.cells[key].flies(f.LongerThan)
		u.directions[f.Direction].flies(f.LongerThan)
		// Half a round trip is left out of this time: it was watched longer yet.
		u.corrected[f.Direction].flies(f.LongerThan)
		if f.SizeBytes > 0 {
			u.inFlight[f.Direction]++
		}
	}
	return u
}

// snapshot is the group as it stands.
func (g *group) snapshot() group {
	copied := *g
	copied.times = lifetimes{g.times.events.snapshot(), g.times.censored.snapshot()}
	copied.earliest, copied.latest = g.earliest.snapshot(), g.latest.snapshot()
	copied.held, copied.brackets = g.held.snapshot(), g.brackets.snapshot()
	if g.readable != nil {
		lows := g.readable.snapshot()
		copied.readable = &lows
	}
	return copied
}

// underway is a copy to which probes in flight can be added, as long as the
// group itself does not change.
func (g *group) underway() group {
	copied := *g
	copied.brackets.drop() // it is drawn anew with each poll
	ended := g.times.censored
	copied.times.censored, copied.ended = g.times.censored.snapshot(), &ended
	return copied
}

// endedCensored are the censored values but for what is in flight.
func (g *group) endedCensored() *ordered {
	if g.ended != nil {
		return g.ended
	}
	return &g.times.censored
}

// inFlight counts the probes in flight.
func (g *group) inFlight() int { return g.times.censored.n - g.endedCensored().n }

// flies adds a probe in flight.
func (g *group) flies(longerThan time.Duration) {
	g.times.censored.add(float64(max(longerThan, 0)) / float64(time.Millisecond))
	g.counts.N++
}

// Watching summarises a direction as Direction does, with probes in flight as
// right-censored values at their last polls that missed: while nothing arrives the
// estimates grow instead of standing still.
func (c *Collector) Watching(d pair.Direction, longerThan []time.Duration) Summary {
	if d != pair.AtoB && d != pair.BtoA {
		return Summary{Direction: d}
	}
	g := c.directions[d].underway()
	for _, known := range longerThan {
		g.flies(known)
	}
	s := g.summary(d, c.order(anySize))
	s.Direction = d
	return s
}

// snapshot is a copy; both can be added to. They share the chunks, which have
// no room left in either, so that the next value makes its chunk anew.
func (o *ordered) snapshot() ordered {
	if o.far != nil {
		return ordered{n: o.n, far: o.far.snapshot()}
	}
	for i := range o.chunks {
		o.chunks[i] = slices.Clip(o.chunks[i])
	}
	return ordered{chunks: slices.Clone(o.chunks), counts: slices.Clone(o.counts), n: o.n}
}
