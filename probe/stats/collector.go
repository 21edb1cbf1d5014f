// Package stats summarises the samples of a probe run: medians with
// distribution-free intervals, tail quantiles, and verdicts that say only what
// the samples show. It does no I/O and keeps every raw duration, so every
// quantile is exact. Reading costs the same after a hundred samples as after a
// million.
//
// Probes that gave up or were interrupted are right-censored values, never
// dropped: the estimates are Kaplan and Meier's ("Nonparametric Estimation
// from Incomplete Observations", 1958).
//
// A probe that arrived is known by a bracket only. Its middle stands for it in
// estimates and comparisons. The interval of a quantile takes the brackets'
// ends instead: its lower end is an order statistic of the lower ends, which
// start at 0 where the first poll already hit, and its upper end one of the
// upper ends. No value lies outside of its bracket, so the interval covers with
// at least its 95 % however far apart the polls were. Of 100 to 20,000 arrivals of
// which the brackets are what makes it wide, what many of them say together
// makes it sharper (group.sharpen); not so in the middle of a run, nor with held
// answers. A quantile that falls
// among samples which the first poll found is only known to be at most so much.
//
// A held answer (probe.Sample) stands for its sample by its end, an upper bound: a
// quantile that falls on one is at most so much. Its bracket counts in full in
// the interval of a quantile. A comparison of groups takes its end for both ends:
// that is when anybody could first read the object, and what is compared is said.
// No line is laid through it.
//
// How wide the interval of a comparison must be depends on how often somebody
// may have looked before: see Looks.
package stats

import (
	"math"
	"slices"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// Collector takes samples one by one and can be read at any time. It is not
// safe for concurrent use.
type Collector struct {
	directions [2]group
	corrected  [2]group // of the same samples, without the ways to the sides
	series     [2]series
	first      [2]float64 // the first start of each; 0 where there is no series
	orders     *orders
	planned    [2]group // of the same samples, from the planned instants
	unknown    [2]int   // samples whose correction is not known
	cells      map[cellKey]*group
	sizes      []int64 // ascending
	fit        [2]regression
	fitted     map[cellKey]int // the samples in the regression
	atLimit    [2]int          // give-ups in it, at their lower end
	atFirst    [2]int          // in it that the first poll found
	held       [2]int          // not in it: held answers
	brokenOff  [2]int          // not in it: interrupted while they were looked for
	inFlight   [2]int          // not in it: see Underway
	sizesApart bool            // between runs: see SizesApart
	comparing  bool            // no quantile is read of it
	shelf      *shelf          // where the values are kept; nil: in memory
}

type cellKey struct {
	direction pair.Direction
	size      int64
}

// group is what is kept of the samples that are summarised together.
type group struct {
	times            lifetimes
	middles          middles  // of those that arrived
	brackets         brackets // of those that arrived
	earliest, latest ordered  // ends of the brackets of those that arrived
	latestAtFirst    float64  // the highest upper end of a bracket that starts at 0
	held             ordered  // the ends of held answers
	readable         *ordered // earliest, but with the ends of held answers; nil: none was held
	ended            *ordered // of the censored ones, where some are in flight
	counts           Counts
	unreplicated     int // written, and S3 said that it will never replicate them
	last             Last
}

// NewCollector returns an empty collector.
func NewCollector() *Collector {
	return &Collector{cells: map[cellKey]*group{}, fitted: map[cellKey]int{}, orders: &orders{}}
}

// NewComparing returns an empty collector for verdicts. It keeps less: its
// intervals of quantiles go out to the brackets' ends.
func NewComparing() *Collector {
	c := NewCollector()
	c.comparing = true
	for d := range c.directions {
		c.directions[d].brackets.off, c.planned[d].brackets.off = true, true
	}
	return c
}

// Add takes one sample. A sample of an unknown direction is ignored.
func (c *Collector) Add(s probe.Sample) {
	if s.Direction != pair.AtoB && s.Direction != pair.BtoA {
		return
	}
	key := cellKey{s.Direction, s.SizeBytes}
	cell := c.cells[key]
	if cell == nil {
		cell = c.newGroup()
		c.cells[key] = cell
		if at, known := slices.BinarySearch(c.sizes, s.SizeBytes); !known {
			c.sizes = slices.Insert(c.sizes, at, s.SizeBytes)
		}
	}
	cell.add(s)
	c.directions[s.Direction].add(s)
	c.addInOrder(s)
	c.orders = &orders{}
	c.addCorrected(s)
	c.addPlanned(s)
	c.addToFit(s)
}

func (g *group) add(s probe.Sample) {
	ms := s.DurationMS
	if !(ms > 0) {
		ms = 0
	}
	g.counts.add(s)
	if unreplicated(s) {
		g.unreplicated++
	}
	g.last = Last{Outcome: s.Outcome, Duration: probe.Duration(ms), LeftCensored: s.LeftCensored}
	g.brackets.grows()
	switch {
	case s.Outcome == probe.Replicated:
		g.times.events.add(ms)
		low, high := bracketOf(s, ms)
		g.addReadable(s.Held, low, ms)
		g.middles.add(ms, low, high, s.Held || low == 0)
		g.earliest.add(low)
		g.latest.add(high)
		g.brackets.add(low, high)
		if low == 0 {
			g.latestAtFirst = max(g.latestAtFirst, high)
		}
	case s.Outcome.Censored() && ms > 0: // longer than nothing says nothing
		g.times.censored.add(ms)
	}
}

// addReadable takes the lower end of a bracket for comparisons, before earliest
// has it.
func (g *group) addReadable(held bool, low, end float64) {
	if held {
		g.held.add(end)
		if g.readable == nil {
			until := g.earliest.snapshot()
			g.readable = &until
		}
		low = end
	}
	if g.readable != nil {
		g.readable.add(low)
	}
}

// lows are the brackets' lower ends as they are compared.
func (g *group) lows() *ordered {
	if g.readable != nil {
		return g.readable
	}
	return &g.earliest
}

// at is the group's times with another point of each bracket.
func (g *group) at(events ordered) *lifetimes { return &lifetimes{events, g.times.censored} }

// vague says whether the middles of the brackets stand for nothing: the
// brackets are typically as long as the delays, so that their upper ends lie at
// twice the lower ones or more, or more than a tenth of them start at 0.
func (g *group) vague() bool {
	const mostEarly = 0.10
	return g.wide() || float64(g.earlyHits()) > mostEarly*float64(g.times.events.n)
}

// wide says whether the brackets are typically as long as the delays.
func (g *group) wide() bool {
	const typical = 2
	if g.times.events.n == 0 {
		return false
	}
	middle := g.times.events.n / 2
	return g.latest.at(middle) >= typical*g.lows().at(middle)
}

// earlyHits counts the samples whose bracket starts at 0, and whose answer was
// not held.
func (g *group) earlyHits() int { return g.lows().upTo(0) }

// bracketOf is a sample's bracket around its middle, or the middle alone where
// it has none.
func bracketOf(s probe.Sample, middle float64) (low, high float64) {
	low, high = min(middle, s.BracketMS[0]), max(middle, s.BracketMS[1])
	if s.BracketMS[1] == 0 || math.IsNaN(low+high) || math.IsInf(low+high, 0) {
		return middle, middle
	}
	return max(0, low), high
}

// Sizes lists the sizes seen, in bytes, ascending.
func (c *Collector) Sizes() []int64 { return slices.Clone(c.sizes) }

// Direction summarises all sizes of a direction together.
func (c *Collector) Direction(d pair.Direction) Summary {
	if d != pair.AtoB && d != pair.BtoA {
		return Summary{Direction: d}
	}
	s := c.directions[d].summary(d, c.order(anySize))
	s.Direction, s.FromPlan = d, c.fromPlan(d)
	return s
}

// Cell summarises one size in one direction.
func (c *Collector) Cell(d pair.Direction, sizeBytes int64) Summary {
	s := Summary{}
	if cell := c.cells[cellKey{d, sizeBytes}]; cell != nil {
		s = cell.summary(d, c.order(sizeBytes))
	}
	s.Direction, s.SizeBytes, s.OneSize = d, sizeBytes, true
	return s
}

// Cells summarises every direction and size seen, direction first, sizes
// ascending.
func (c *Collector) Cells() []Summary {
	var all []Summary
	for _, d := range pair.Directions() {
		for _, size := range c.sizes {
			if c.cells[cellKey{d, size}] != nil {
				all = append(all, c.Cell(d, size))
			}
		}
	}
	return all
}

// Counts are what happened to the probes of a group.
type Counts struct {
	// Probes counts every sample, whatever its outcome.
	Probes int
	// N counts those whose duration enters the estimates: replicated, gave
	// up and interrupted. One that was broken off before it was ever
	// looked for, such as in its upload, is not among them.
	N            int
	Replicated   int
	GaveUp       int
	Failed       int
	Interrupted  int
	Suspended    int
	LeftCensored int // of the replicated: the first poll already hit
	Held         int // of the replicated: the answer that showed it was held
	Late         int // started notably after the planned instant
	HEADs        int // all polls
	Unknowns     int // polls that proved nothing
}

func (c *Counts) add(s probe.Sample) {
	c.Probes++
	c.HEADs += s.HEADs
	c.Unknowns += s.Unknowns
	if s.Late {
		c.Late++
	}
	switch s.Outcome {
	case probe.Replicated:
		c.N++
		c.Replicated++
		if s.LeftCensored {
			c.LeftCensored++
		}
		if s.Held {
			c.Held++
		}
	case probe.GaveUp:
		c.GaveUp++
	case probe.Interrupted:
		c.Interrupted++
	case probe.Failed:
		c.Failed++
	case probe.Suspended:
		c.Suspended++
	}
	if s.Outcome.Censored() && s.DurationMS > 0 {
		c.N++
	}
}

// HEADsPerSample is the mean number of polls over all samples; 0 without any.
func (c Counts) HEADsPerSample() float64 {
	if c.Probes == 0 {
		return 0
	}
	return float64(c.HEADs) / float64(c.Probes)
}

// Last is the most recent sample of a group.
type Last struct {
	Outcome      probe.Outcome // empty without a sample
	Duration     time.Duration
	LeftCensored bool
}
