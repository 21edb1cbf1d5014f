package stats

import (
	"math"
	"slices"
	"sync"

	"bothways/aws/pair"
	"bothways/probe"
)

// orders keep the times in the order of their starts, and what follows from it,
// for the many figures of one moment. The next sample makes new ones.
type orders struct {
	mu  sync.Mutex
	all map[int64]*order
}

// order is that of one size, or of anySize.
type order struct {
	times  [2]series // by direction
	scores [2][]float64
	middle dependence // around the middle, to which both directions speak
}

// order is the times' of one size, or of anySize.
func (c *Collector) order(bytes int64) *order {
	c.orders.mu.Lock()
	defer c.orders.mu.Unlock()
	if found := c.orders.all[bytes]; found != nil {
		return found
	}
	o := &order{}
	for d := range o.times {
		o.times[d] = c.series[d].started(bytes)
		o.scores[d] = o.times[d].scores()
	}
	seen := slices.DeleteFunc([][]float64{o.scores[0], o.scores[1]}, func(s []float64) bool { return len(s) == 0 })
	o.middle = dependenceOf(seen...)
	if c.orders.all == nil {
		c.orders.all = map[int64]*order{}
	}
	c.orders.all[bytes] = o
	return o
}

func (c *Collector) addInOrder(s probe.Sample) {
	all := &c.series[s.Direction]
	before := len(*all)
	if all.add(s); len(*all) == before {
		return
	}
	if start := (*all)[len(*all)-1].start; before == 0 || start < c.first[s.Direction] {
		c.first[s.Direction] = start
	}
}

// spans is the shorter one of the times from a direction's first start to its last,
// in milliseconds. known: both have starts.
func (c *Collector) spans() (ms float64, known bool) {
	ms, known = math.Inf(1), true
	for d, latest := range c.order(anySize).times {
		if len(latest) == 0 {
			return 0, false
		}
		ms = min(ms, latest[len(latest)-1].start-c.first[d])
	}
	return ms, known
}

// quantile is that of a direction's group, as wide as what lies below it is alike.
func (o *order) quantile(d pair.Direction, g *group, p float64) Quantile {
	alike := o.middle
	if value, known := g.times.quantile(p, true); p != .5 && known {
		alike = dependenceOf(o.times[d].upTo(value))
		// So few are above it that they seldom show what the middle did.
		if o.middle.seen {
			alike = alike.atLeast(o.middle)
		}
	}
	q := g.quantile(p, alike)
	if p == .5 {
		o.openMedian(d, &q)
	}
	return q
}
