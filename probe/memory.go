package probe

import (
	"math/bits"
	"slices"
	"sync"
	"time"

	"bothways/aws/pair"
)

// memory keeps the recent results of every series, a direction and a size.
//
// A series that has fewer than five results of its own borrows those of its
// pool: all sizes up to 4 MiB of the same direction share one, because the
// delay hardly depends on the size there, and above that sizes of the same
// power of two share one. Borrowing changes how densely is polled, never what
// a poll proves.
type memory struct {
	mu     sync.Mutex
	series map[series]*window
	pools  map[series]*window
}

type series struct {
	direction pair.Direction
	size      int64
}

// pool is the series' representative: its smallest member, or 0.
func (s series) pool() series {
	if s.size <= 4<<20 {
		return series{s.direction, 0}
	}
	return series{s.direction, 1 << (bits.Len64(uint64(s.size)) - 1)}
}

func newMemory() *memory {
	return &memory{series: map[series]*window{}, pools: map[series]*window{}}
}

// add records a measured duration.
func (m *memory) add(s series, result time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	windowOf(m.series, s).add(result)
	windowOf(m.pools, s.pool()).add(result)
}

// outlook is what is known about the series now.
func (m *memory) outlook(s series) outlook {
	m.mu.Lock()
	defer m.mu.Unlock()
	if own := windowOf(m.series, s).outlook(); own.warm {
		return own
	}
	return windowOf(m.pools, s.pool()).outlook()
}

func windowOf(windows map[series]*window, s series) *window {
	if windows[s] == nil {
		windows[s] = &window{}
	}
	return windows[s]
}

// window is the last results in the order in which they came, and what they
// say.
type window struct {
	results []time.Duration
	says    outlook
}

func (w *window) add(result time.Duration) {
	if len(w.results) == windowResults {
		w.results = slices.Delete(w.results, 0, 1)
	}
	w.results = append(w.results, result)
	if n := len(w.results); n >= warmResults {
		sorted := slices.Sorted(slices.Values(w.results))
		w.says = outlook{warm: true, median: (sorted[(n-1)/2] + sorted[n/2]) / 2, curve: learn(sorted)}
	}
}

func (w *window) outlook() outlook { return w.says }
