package delays

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// Source draws the delays of one sandbox. What a law remembers is drawn from its
// seed; all times count from its start, in the sandbox's own time. It is safe
// for concurrent use.
type Source struct {
	seed    uint64
	mu      sync.Mutex
	process process
}

// delivery is what a delay is drawn for.
type delivery struct {
	direction string     // from one region to another
	at        float64    // when its way begins, in seconds since the start
	median    float64    // seconds
	transfer  float64    // seconds that its size takes
	draw      *rand.Rand // of this delivery alone
}

// process is a law at work. It returns the time in seconds from
// the beginning of its way to the visible replica, and is asked for one delivery after the other.
type process interface {
	seconds(d delivery) float64
}

// New makes a source of delays.
func (l Law) New(seed uint64) *Source {
	s := &Source{seed: seed}
	s.process = kinds[l.kind].begin(s, l.values)
	return s
}

// Delay draws the time from when the way of a version out of one region begins,
// at its commit or where it goes on after an outage or a restart, until the replica
// can be read in another. Size is in bytes, at is that beginning in seconds since
// the start. The same
// deliveries in the same order have the same delays; only ar1 cares for the
// order.
func (s *Source) Delay(from, to string, size int64, at float64, draw *rand.Rand) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	seconds := s.process.seconds(delivery{
		direction: from + ">" + to, at: at, median: Median(from, to), transfer: float64(size) / throughput, draw: draw,
	})
	return time.Duration(seconds * float64(time.Second))
}

// random makes the random numbers of one thing that a law knows of a direction.
func (s *Source) random(direction string, of int64) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(direction))
	return rand.New(rand.NewPCG(s.seed^h.Sum64(), uint64(of)))
}

// spread draws a delay whose logarithm lies z standard deviations from the
// median's.
func (d delivery) spread(z, level float64) float64 {
	return d.median*level*math.Exp(sigma*z) + d.transfer
}
