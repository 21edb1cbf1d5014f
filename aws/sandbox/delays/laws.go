package delays

import "math"

// alone draws each delay by itself, some of them longer by the time at which
// they begin.
type alone struct {
	// level is how many times as long delays are.
	level func(direction string, at float64) float64
}

func (a alone) seconds(d delivery) float64 {
	return d.spread(d.draw.NormFloat64(), a.level(d.direction, d.at))
}

func independent(*Source, [most]float64) process {
	return alone{func(string, float64) float64 { return 1 }}
}

// byTheHour is a wave, the same for all directions. It begins at the median and
// rises first.
func byTheHour(_ *Source, values [most]float64) process {
	period, swing := values[0], values[1]
	return alone{func(_ string, at float64) float64 {
		return math.Pow(swing, math.Sin(2*math.Pi*at/period))
	}}
}

// drifting goes up and down in a straight line of the logarithm, the same for
// all directions, and begins at its lowest.
func drifting(_ *Source, values [most]float64) process {
	over, factor := values[0], values[1]
	return alone{func(_ string, at float64) float64 {
		way := math.Mod(at/over, 2)
		return math.Pow(factor, min(way, 2-way)-0.5)
	}}
}

// chain is an autoregressive process of order 1 of the logarithms, a chain for
// each direction.
type chain struct {
	source *Source
	phi    float64
	last   map[string]float64 // standard deviations from the median
}

func takingAfter(s *Source, values [most]float64) process {
	return &chain{source: s, phi: values[0], last: map[string]float64{}}
}

func (c *chain) seconds(d delivery) float64 {
	last, begun := c.last[d.direction]
	if !begun {
		last = c.source.random(d.direction, 0).NormFloat64()
	}
	z := c.phi*last + math.Sqrt(1-c.phi*c.phi)*d.draw.NormFloat64()
	c.last[d.direction] = z
	return d.spread(z, 1)
}

// ticking lets replicas become visible at ticks, each direction with a phase of
// its own.
type ticking struct {
	source *Source
	every  float64 // seconds
}

func atTicks(s *Source, values [most]float64) process { return ticking{s, values[0]} }

// seconds goes to the nearest tick, so that the median stays where it is; what
// that would put before the commit waits for the next. Where ticks are further
// apart than delays are long, they alone make the median.
func (t ticking) seconds(d delivery) float64 {
	phase := t.every * t.source.random(d.direction, 0).Float64()
	committed := d.at - phase
	arrives := t.every * math.Round((committed+d.spread(d.draw.NormFloat64(), 1))/t.every)
	for arrives <= committed {
		arrives += t.every
	}
	return arrives - committed
}
