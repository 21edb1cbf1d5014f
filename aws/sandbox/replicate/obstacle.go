package replicate

import (
	"slices"
	"strings"
	"sync"
)

// Obstacle keeps deliveries back while it stands: what it holds stays PENDING
// and is delivered afterwards, with a delay drawn anew. All that is set must
// fit a delivery for it to be held; nothing set holds everything.
type Obstacle struct {
	// Region is cut off: nothing goes from it or to it, and requests to it are
	// refused.
	Region string
	// From and To are the regions of a direction.
	From, To string
	// Source is the bucket that is replicated.
	Source string
	// Destinations are buckets that are replicated to.
	Destinations []string
	// Prefixes are those of keys.
	Prefixes []string
	// Pause makes it one as AWS FIS puts it up; nil is any other.
	Pause *Pause
}

func (o *Obstacle) holds(t *task, toRegion string) bool {
	from := t.from.Region
	switch {
	case o.Pause != nil && !o.Pause.holds(t):
		return false
	case o.Region != "" && o.Region != from && o.Region != toRegion,
		o.From != "" && o.From != from,
		o.To != "" && o.To != toRegion,
		o.Source != "" && o.Source != t.from.Name,
		len(o.Destinations) > 0 && !slices.Contains(o.Destinations, t.to):
		return false
	}
	return len(o.Prefixes) == 0 ||
		slices.ContainsFunc(o.Prefixes, func(p string) bool { return strings.HasPrefix(t.key, p) })
}

// obstacles are those that stand and the deliveries that wait for them.
type obstacles struct {
	mu     sync.Mutex
	stand  []*Obstacle
	parked []*task
}

// Obstruct puts up an obstacle until lift, which may be called more than
// once.
func (e *Engine) Obstruct(o Obstacle) (lift func()) {
	e.obstacles.mu.Lock()
	defer e.obstacles.mu.Unlock()
	e.obstacles.stand = append(e.obstacles.stand, &o)
	return sync.OnceFunc(func() { e.lift(&o) })
}

// lift takes an obstacle away and resumes what waited for nothing else.
func (e *Engine) lift(gone *Obstacle) {
	o := &e.obstacles
	o.mu.Lock()
	o.stand = slices.DeleteFunc(o.stand, func(s *Obstacle) bool { return s == gone })
	var free []*task
	kept := o.parked[:0]
	for _, t := range o.parked {
		if o.held(t) {
			kept = append(kept, t)
		} else {
			free = append(free, t)
		}
	}
	clear(o.parked[len(kept):])
	o.parked = kept
	o.mu.Unlock()
	e.release(free, gone.Pause)
}

// held says whether a delivery must wait. The lock is held.
func (o *obstacles) held(t *task) bool {
	if len(o.stand) == 0 {
		return false
	}
	to := t.region()
	return slices.ContainsFunc(o.stand, func(s *Obstacle) bool { return s.holds(t, to) })
}

// park keeps a delivery that must wait.
func (o *obstacles) park(t *task) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.held(t) {
		return false
	}
	o.parked = append(o.parked, t)
	return true
}

// IsOut says whether a region is cut off altogether.
func (e *Engine) IsOut(region string) bool {
	o := &e.obstacles
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.ContainsFunc(o.stand, func(s *Obstacle) bool { return s.Region != "" && s.Region == region })
}
