package stats

import (
	"slices"
	"sort"
)

// chunkCap bounds the memory moved by one insertion: half of it on average.
const chunkCap = 512

// ordered keeps raw values in ascending order. Insertion costs a bounded move
// within one chunk; rank and selection cost O(log n), so that reading a
// quantile of a million values is as cheap as reading one of a hundred.
type ordered struct {
	chunks [][]float64
	// counts is a Fenwick tree over the chunks' lengths, from index 1. It is
	// rebuilt when a chunk splits, once in chunkCap/2 insertions at most.
	counts []int
	n      int
	far    *shelved // holds the values instead; nil: they are in memory
}

func (o *ordered) add(v float64) {
	if o.far != nil {
		o.far.add(v)
		o.n++
		return
	}
	if len(o.chunks) == 0 {
		o.chunks = [][]float64{make([]float64, 0, 16)}
		o.rebuild()
	}
	i := min(o.chunkFor(v), len(o.chunks)-1)
	chunk := o.chunks[i]
	at := sort.Search(len(chunk), func(k int) bool { return chunk[k] > v })
	o.chunks[i] = slices.Insert(chunk, at, v)
	o.n++
	if len(o.chunks[i]) < chunkCap {
		for k := i + 1; k < len(o.counts); k += k & -k {
			o.counts[k]++
		}
		return
	}
	full := o.chunks[i]
	upper := append(make([]float64, 0, chunkCap), full[chunkCap/2:]...)
	o.chunks[i] = full[:chunkCap/2]
	o.chunks = slices.Insert(o.chunks, i+1, upper)
	o.rebuild()
}

// chunkFor returns the first chunk whose largest value is at least v, or
// len(o.chunks).
func (o *ordered) chunkFor(v float64) int {
	return sort.Search(len(o.chunks), func(k int) bool {
		chunk := o.chunks[k]
		return len(chunk) > 0 && chunk[len(chunk)-1] >= v
	})
}

func (o *ordered) rebuild() {
	o.counts = slices.Grow(o.counts[:0], len(o.chunks)+1)[:len(o.chunks)+1]
	clear(o.counts)
	for i, chunk := range o.chunks {
		k := i + 1
		o.counts[k] += len(chunk)
		if parent := k + k&-k; parent < len(o.counts) {
			o.counts[parent] += o.counts[k]
		}
	}
}

// at returns the value with k smaller ones before it; 0 <= k < n.
func (o *ordered) at(k int) float64 {
	if o.far != nil {
		return o.far.at(k)
	}
	pos, step := 0, 1
	for step*2 < len(o.counts) {
		step *= 2
	}
	for ; step > 0; step /= 2 {
		if next := pos + step; next < len(o.counts) && o.counts[next] <= k {
			pos = next
			k -= o.counts[next]
		}
	}
	return o.chunks[pos][k]
}

// below counts the values smaller than v.
func (o *ordered) below(v float64) int {
	if o.far != nil {
		return o.far.count(func(x float64) bool { return x >= v })
	}
	i := o.chunkFor(v)
	if i == len(o.chunks) {
		return o.n
	}
	chunk := o.chunks[i]
	return o.before(i) + sort.Search(len(chunk), func(k int) bool { return chunk[k] >= v })
}

// upTo counts the values that are at most v.
func (o *ordered) upTo(v float64) int {
	if o.far != nil {
		return o.far.count(func(x float64) bool { return x > v })
	}
	i := sort.Search(len(o.chunks), func(k int) bool {
		chunk := o.chunks[k]
		return len(chunk) > 0 && chunk[len(chunk)-1] > v
	})
	if i == len(o.chunks) {
		return o.n
	}
	chunk := o.chunks[i]
	return o.before(i) + sort.Search(len(chunk), func(k int) bool { return chunk[k] > v })
}

// before counts the values in the first i chunks.
func (o *ordered) before(i int) int {
	sum := 0
	for ; i > 0; i -= i & -i {
		sum += o.counts[i]
	}
	return sum
}

// pieces counts the parts in which the values can be read one after the other.
func (o *ordered) pieces() int {
	if o.far != nil {
		return o.far.pieces()
	}
	return len(o.chunks)
}

// piece is one of them, in order, until the next is asked for.
func (o *ordered) piece(i int) []float64 {
	if o.far != nil {
		return o.far.piece(i)
	}
	return o.chunks[i]
}
