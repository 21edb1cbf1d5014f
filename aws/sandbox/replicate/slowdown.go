package replicate

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Slowdown makes delays longer for those that are drawn while it lasts.
type Slowdown struct {
	// From and To are regions, "" any.
	From, To string
	// Factor multiplies the delay.
	Factor float64
	// Share is the part of all deliveries that it concerns, from 0 to 1; 0
	// means all.
	Share float64
}

type slowdowns struct {
	mu   sync.Mutex
	last []*Slowdown
}

// Slow makes delays longer until lift, which may be called more than once.
func (e *Engine) Slow(s Slowdown) (lift func()) {
	e.slowdowns.mu.Lock()
	defer e.slowdowns.mu.Unlock()
	e.slowdowns.last = append(e.slowdowns.last, &s)
	return func() {
		e.slowdowns.mu.Lock()
		defer e.slowdowns.mu.Unlock()
		e.slowdowns.last = slices.DeleteFunc(e.slowdowns.last, func(other *Slowdown) bool { return other == &s })
	}
}

// stretch makes a delay as long as the slowdowns want it.
func (s *slowdowns) stretch(d time.Duration, from, to string, draw *rand.Rand) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, slow := range s.last {
		if slow.From != "" && slow.From != from || slow.To != "" && slow.To != to {
			continue
		}
		if slow.Share == 0 || draw.Float64() < slow.Share {
			d = time.Duration(float64(d) * slow.Factor)
		}
	}
	return d
}
