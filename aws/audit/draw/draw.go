// Package draw draws versions at random while they are being listed, each with
// the same chance: those are drawn whose hash under a random seed is among the
// smallest. That holds in whatever order they come, from however many goroutines,
// and where some come twice.
package draw

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cespare/xxhash/v2"
)

// Version is one that was drawn.
type Version struct {
	Key       string `json:"key"`
	VersionID string `json:"version_id"`
	Size      int64  `json:"size_bytes"`
}

// Draw draws at most so many versions. A nil Draw draws none. Its methods may be
// called from several goroutines.
type Draw struct {
	most int
	seed uint64
	// limit is the largest hash that is drawn now.
	limit atomic.Uint64

	mu    sync.Mutex
	drawn drawn
	known map[uint64]bool // the hashes of those
}

// New draws at most so many versions. The seed has to be a random one: who knows
// it knows what will be drawn.
func New(most int, seed uint64) *Draw {
	d := &Draw{most: most, seed: seed, known: map[uint64]bool{}}
	d.limit.Store(math.MaxUint64)
	return d
}

// Offer offers a version. What was offered before counts once.
func (d *Draw) Offer(key, versionID []byte, size int64) {
	if d == nil || d.most <= 0 {
		return
	}
	hash := d.hash(key, versionID)
	if hash > d.limit.Load() {
		return
	}
	d.take(hash, Version{string(key), string(versionID), size})
}

// hash is that of a version, under the seed.
func (d *Draw) hash(key, versionID []byte) uint64 {
	return mix(mix(xxhash.Sum64(key)^d.seed) + xxhash.Sum64(versionID))
}

// mix is the output function of SplitMix64 (Steele, Lea, Flood: "Fast splittable
// pseudorandom number generators", 2014): a bijection that spreads every bit.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (d *Draw) take(hash uint64, v Version) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if hash > d.limit.Load() || d.known[hash] {
		return
	}
	d.known[hash] = true
	heap.Push(&d.drawn, ticket{hash, v})
	if len(d.drawn) > d.most {
		out, _ := heap.Pop(&d.drawn).(ticket)
		delete(d.known, out.hash)
	}
	if len(d.drawn) == d.most {
		d.limit.Store(d.drawn[0].hash)
	}
}

// Drawn are the versions that were drawn so far, in the order of their keys.
func (d *Draw) Drawn() []Version {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]Version, len(d.drawn))
	for i, t := range d.drawn {
		all[i] = t.version
	}
	slices.SortFunc(all, func(a, b Version) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.VersionID, b.VersionID))
	})
	return all
}

// ticket is a version with its hash.
type ticket struct {
	hash    uint64
	version Version
}

// drawn is a heap whose first has the largest hash.
type drawn []ticket

// Len implements heap.Interface.
func (h drawn) Len() int { return len(h) }

// Less implements heap.Interface.
func (h drawn) Less(i, j int) bool { return h[i].hash > h[j].hash }

// Swap implements heap.Interface.
func (h drawn) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *drawn) Push(x any) {
	t, _ := x.(ticket)
	*h = append(*h, t)
}

// Pop implements heap.Interface.
func (h *drawn) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	*h = (*h)[:last]
	return t
}
