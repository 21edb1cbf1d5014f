package stats

import (
	"slices"
	"sync"

	"bothways/aws/pair"
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

// quantile is that of a direction's group, as wide as what lies below it is alike.
func (o *order) quantile(d pair.Direction, g *group, p float64) Quantile {
	alike := o.middle
	if value, known := g.times.quantile(p, true); p != .5 && known {
		alike = dependenceOf(o.times[d].upTo(value))
	}
	return g.quantile(p, alike)
}
