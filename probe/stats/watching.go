package stats

import (
	"slices"
	"time"

	"bothways/aws/pair"
)

// Watching summarises a direction as Direction does, with probes in flight as
// right-censored values at their ages: while nothing arrives the estimates
// grow instead of standing still.
func (c *Collector) Watching(d pair.Direction, ages []time.Duration) Summary {
	if d != pair.AtoB && d != pair.BtoA {
		return Summary{Direction: d}
	}
	g := c.directions[d]
	g.times.censored = g.times.censored.clone()
	for _, age := range ages {
		g.times.censored.add(float64(max(age, 0)) / float64(time.Millisecond))
		g.counts.N++
	}
	s := g.summary()
	s.Direction = d
	return s
}

// clone is a copy that can be added to.
func (o *ordered) clone() ordered {
	chunks := make([][]float64, len(o.chunks))
	for i, chunk := range o.chunks {
		chunks[i] = slices.Clone(chunk)
	}
	return ordered{chunks: chunks, counts: slices.Clone(o.counts), n: o.n}
}
