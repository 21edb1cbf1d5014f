package polling

import (
	"math"
	"math/bits"
	"slices"
	"sync"
	"time"

	"bothways/aws/pair"
)

// Memory keeps the recent results of every series, a direction and a size.
//
// A series that has fewer than five results of its own borrows those of its
// pool: all sizes up to 4 MiB of the same direction share one, because the
// delay hardly depends on the size there, and above that sizes of the same
// power of two share one. Borrowing changes how densely is polled, never what
// a poll proves.
type Memory struct {
	mu     sync.Mutex
	series map[Series]*window
	pools  map[Series]*window
}

// Series is what one law of delays is learned for.
type Series struct {
	Direction pair.Direction
	Size      int64 // bytes
}

// pool is the series' representative: its smallest member, or 0.
func (s Series) pool() Series {
	if s.Size <= 4<<20 {
		return Series{s.Direction, 0}
	}
	return Series{s.Direction, 1 << (bits.Len64(uint64(s.Size)) - 1)}
}

// NewMemory knows nothing yet.
func NewMemory() *Memory {
	return &Memory{series: map[Series]*window{}, pools: map[Series]*window{}}
}

// Add records the bracket of a measured duration.
func (m *Memory) Add(s Series, result Bracket) {
	m.mu.Lock()
	defer m.mu.Unlock()
	windowOf(m.series, s).add(result)
	windowOf(m.pools, s.pool()).add(result)
}

// Outlook is what is known about the series now.
func (m *Memory) Outlook(s Series, now time.Time) Outlook {
	m.mu.Lock()
	defer m.mu.Unlock()
	if own := windowOf(m.series, s).recent(now); own.Warm {
		return own
	}
	return windowOf(m.pools, s.pool()).recent(now)
}

// Renew is the outlook that a probe goes on with, which went by the given one
// so far. One of a whole window stays: where hundreds of results a second
// replace the window again and again, a probe that followed every new plan
// would ask less often than each of them means it to, because the longest gap
// of several plans lasts the longest.
func (m *Memory) Renew(s Series, known Outlook, now time.Time) Outlook {
	if known.whole {
		return known
	}
	return m.Outlook(s, now)
}

// LongestMedian is that of the direction's pools, of those that are known; 0
// where none is.
func (m *Memory) LongestMedian(d pair.Direction, now time.Time) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	longest := time.Duration(0)
	for pool, window := range m.pools {
		if known := window.recent(now); pool.Direction == d && known.Warm {
			longest = max(longest, known.median)
		}
	}
	return longest
}

// learnGap is the least time between learning twice. With thousands of probes
// in flight results come faster than that, and learning costs as much as a
// hundred polls.
const learnGap = 250 * time.Millisecond

func windowOf(windows map[Series]*window, s Series) *window {
	if windows[s] == nil {
		windows[s] = &window{}
	}
	return windows[s]
}

// window is the last results in the order in which they came, and what they
// say.
type window struct {
	results []Bracket
	older   []Bracket // before these, for a trend
	says    Outlook   // of learned results
	learned bool      // nothing came since
	at      time.Time
}

// recent is the outlook as it was a moment ago, or now.
func (w *window) recent(now time.Time) Outlook {
	if !w.learned && w.says.Warm && now.Sub(w.at) < learnGap {
		return w.says
	}
	if !w.learned {
		w.at = now
	}
	return w.outlook()
}

// add takes a result.
func (w *window) add(result Bracket) {
	if len(w.results) == windowResults {
		w.older = append(w.older, w.results[0])
		w.results = slices.Delete(w.results, 0, 1)
	}
	if len(w.older) > trendBefore {
		w.older = slices.Delete(w.older, 0, 1)
	}
	w.results = append(w.results, result)
	w.learned = false
}

// forget leaves the last results alone where they show that the delays have
// become others. It is asked before learning and not with every result: with
// hundreds of results a second, what happens by chance once in some hundreds
// would leave the series with a handful of them, and odd ones, for much of the
// time.
func (w *window) forget() {
	if !w.learned && changed(w.results) {
		w.results, w.older = slices.Delete(w.results, 0, len(w.results)-WarmResults), nil
	}
}

// outlook learns when it is asked: results may come faster than polls.
func (w *window) outlook() Outlook {
	w.forget()
	n := len(w.results)
	if n < WarmResults {
		return Outlook{}
	}
	if !w.learned {
		results := detrended(w.older, w.results)
		middles := make([]time.Duration, n)
		for i, r := range results {
			middles[i] = r.middle()
		}
		slices.Sort(middles)
		w.says = Outlook{Warm: true, whole: n == windowResults, median: (middles[(n-1)/2] + middles[n/2]) / 2, curve: learn(results)}
		w.learned = true
	}
	return w.says
}

// changed says whether the last results are so much longer or shorter than
// those before them that they are of another law: Mann and Whitney's test, by
// its normal approximation, at three standard deviations. By chance that
// happens once in some hundreds of results, and costs no more than learning
// anew from the last five.
func changed(results []Bracket) bool {
	const last, deviations = WarmResults, 3.0
	before := len(results) - last
	if before < last {
		return false
	}
	longer := 0.0
	for _, old := range results[:before] {
		for _, young := range results[before:] {
			switch {
			case young.middle() > old.middle():
				longer++
			case young.middle() == old.middle():
				longer += 0.5
			}
		}
	}
	pairs := float64(before * last)
	spread := math.Sqrt(pairs * float64(before+last+1) / 12)
	return math.Abs(longer-pairs/2) >= deviations*spread
}
