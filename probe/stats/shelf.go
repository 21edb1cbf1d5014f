package stats

import (
	"cmp"
	"container/heap"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
)

// Shelf is a file, or what else keeps bytes outside of memory.
type Shelf interface {
	io.ReaderAt
	io.WriterAt
}

// NewShelved returns an empty collector that keeps its values on a shelf, which is
// its own: all figures are exactly those of one that keeps them in memory, where
// it holds some KiB for each of its groups, however many samples there are, and
// of up to mostBrackets arrivals their brackets, up to 320 kB a group. It is for
// samples that all come before the first figure is read: each reading
// sorts what has come since the last. Err says whether the shelf has failed,
// after which no figure counts.
func NewShelved(on Shelf) *Collector {
	c := NewCollector()
	c.shelf = &shelf{to: on}
	for _, groups := range []*[2]group{&c.directions, &c.corrected, &c.planned} {
		for d := range groups {
			groups[d] = *c.newGroup()
		}
	}
	return c
}

// newGroup makes a group that keeps its values where the collector does.
func (c *Collector) newGroup() *group {
	g := &group{brackets: brackets{off: c.comparing}}
	if c.shelf != nil {
		for _, values := range []*ordered{&g.times.events, &g.times.censored, &g.earliest, &g.latest, &g.held} {
			values.far = &shelved{on: c.shelf}
		}
	}
	return g
}

// Err is why the shelf failed; nil where it did not, or there is none.
func (c *Collector) Err() error {
	if c.shelf == nil || c.shelf.failed == nil {
		return nil
	}
	return fmt.Errorf("keep values for the statistics on disk: %w", c.shelf.failed)
}

// shelf is what the groups of a collector share.
type shelf struct {
	to     Shelf
	end    int64 // where the next values go
	failed error // the first failure
}

const (
	valueBytes = 8
	// blockValues are read from a shelf at once, and found by the first of them.
	blockValues = 512
	// recentCap bounds the values of one kind that wait in memory.
	recentCap = 2048
	// mergedAtOnce bounds the stretches that are merged at once, and with them
	// the memory that it takes.
	mergedAtOnce = 256
)

// stretch is where a shelf has so many values in ascending order.
type stretch struct {
	at int64
	n  int
}

// write puts values behind what is there.
func (s *shelf) write(values []float64) {
	if s.failed != nil {
		return
	}
	bytes := make([]byte, 0, blockValues*valueBytes)
	for piece := range slices.Chunk(values, blockValues) {
		bytes = bytes[:0]
		for _, v := range piece {
			bytes = binary.LittleEndian.AppendUint64(bytes, math.Float64bits(v))
		}
		if _, err := s.to.WriteAt(bytes, s.end); err != nil {
			s.failed = err
			return
		}
		s.end += int64(len(bytes))
	}
}

// read fills values with those of a stretch from one on, as far as both go.
func (s *shelf) read(of stretch, from int, values []float64) []float64 {
	values = values[:min(cap(values), of.n-from)]
	if s.failed != nil {
		clear(values)
		return values
	}
	var bytes [blockValues * valueBytes]byte
	used := bytes[:len(values)*valueBytes]
	if _, err := s.to.ReadAt(used, of.at+int64(from)*valueBytes); err != nil {
		s.failed = err
		clear(values)
		return values
	}
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(used[i*valueBytes:]))
	}
	return values
}

// shelved are the values of one kind. Few of them never leave the memory.
type shelved struct {
	on      *shelf
	recent  []float64   // not on the shelf
	settled bool        // recent is in order, and holds all or nothing
	levels  [][]stretch // of values in order, each merged of mergedAtOnce of the level before
	all     stretch     // every value, where there are too many for the memory
	firsts  []float64   // of the blocks of all
	block   []float64   // the one that was read last
	blockAt int         // its place, from 1
}

func (s *shelved) add(v float64) {
	if s.settled && s.all.n > 0 {
		s.put(0, s.all)
		s.all = stretch{}
	}
	s.settled = false
	s.recent = append(s.recent, v)
	if len(s.recent) == recentCap {
		s.flush()
	}
}

// flush puts what waits in memory on the shelf.
func (s *shelved) flush() {
	slices.Sort(s.recent)
	run := stretch{s.on.end, len(s.recent)}
	s.on.write(s.recent)
	s.recent = s.recent[:0]
	s.put(0, run)
}

func (s *shelved) put(level int, run stretch) {
	if level == len(s.levels) {
		s.levels = append(s.levels, nil)
	}
	s.levels[level] = append(s.levels[level], run)
	if len(s.levels[level]) == mergedAtOnce {
		merged := s.on.merge(s.levels[level], nil)
		s.levels[level] = nil
		s.put(level+1, merged)
	}
}

// settle brings all values into one order.
func (s *shelved) settle() {
	if s.settled {
		return
	}
	s.settled = true
	runs := slices.Concat(s.levels...)
	if len(runs) == 0 {
		slices.Sort(s.recent)
		return
	}
	if len(s.recent) > 0 {
		s.flush()
		runs = slices.Concat(s.levels...)
	}
	s.levels, s.firsts, s.blockAt, s.recent = nil, s.firsts[:0], 0, nil
	s.all = s.on.merge(runs, func(first float64) { s.firsts = append(s.firsts, first) })
}

// piece returns the values of a block, in order, until the next is asked for.
func (s *shelved) piece(i int) []float64 {
	s.settle()
	if s.all.n == 0 {
		return s.recent
	}
	if s.blockAt != i+1 {
		if s.block == nil {
			s.block = make([]float64, 0, blockValues)
		}
		s.block, s.blockAt = s.on.read(s.all, i*blockValues, s.block), i+1
	}
	return s.block
}

// pieces counts the blocks.
func (s *shelved) pieces() int {
	s.settle()
	if s.all.n == 0 {
		return min(1, len(s.recent))
	}
	return len(s.firsts)
}

func (s *shelved) at(k int) float64 {
	s.settle()
	if s.all.n == 0 {
		return s.recent[k]
	}
	return s.piece(k / blockValues)[k%blockValues]
}

// count counts the values before the first for which beyond holds; it holds for
// all that follow.
func (s *shelved) count(beyond func(float64) bool) int {
	s.settle()
	if s.all.n == 0 {
		return sort.Search(len(s.recent), func(k int) bool { return beyond(s.recent[k]) })
	}
	block := sort.Search(len(s.firsts), func(i int) bool { return beyond(s.firsts[i]) }) - 1
	if block < 0 {
		return 0
	}
	values := s.piece(block)
	return block*blockValues + sort.Search(len(values), func(k int) bool { return beyond(values[k]) })
}

// snapshot is a copy; both can be added to. What is on the shelf stays as it is.
func (s *shelved) snapshot() *shelved {
	copied := *s
	copied.recent, copied.firsts, copied.block, copied.blockAt = slices.Clone(s.recent), slices.Clone(s.firsts), nil, 0
	copied.levels = make([][]stretch, len(s.levels))
	for i, level := range s.levels {
		copied.levels[i] = slices.Clone(level)
	}
	return &copied
}

// merge puts the values of several stretches into one, and tells the first of
// each block.
func (s *shelf) merge(runs []stretch, first func(float64)) stretch {
	if len(runs) > mergedAtOnce { // those of several levels
		var fewer []stretch
		for some := range slices.Chunk(runs, mergedAtOnce) {
			fewer = append(fewer, s.merge(some, nil))
		}
		return s.merge(fewer, first)
	}
	var sources sources
	merged := stretch{at: s.end}
	for _, run := range runs {
		merged.n += run.n
		one := &source{shelf: s, left: run, buffer: make([]float64, 0, min(blockValues/2, run.n))}
		if one.next() {
			sources = append(sources, one)
		}
	}
	heap.Init(&sources)
	out := make([]float64, 0, blockValues)
	for len(sources) > 0 {
		out = append(out, sources[0].value)
		if len(out) == 1 && first != nil {
			first(out[0])
		}
		if len(out) == blockValues {
			s.write(out)
			out = out[:0]
		}
		if sources[0].next() {
			heap.Fix(&sources, 0)
		} else {
			heap.Pop(&sources)
		}
	}
	s.write(out)
	return merged
}

// source reads a stretch value by value.
type source struct {
	shelf  *shelf
	left   stretch
	buffer []float64
	at     int
	value  float64
}

func (r *source) next() bool {
	if r.at == len(r.buffer) {
		if r.left.n == 0 {
			return false
		}
		r.buffer, r.at = r.shelf.read(r.left, 0, r.buffer), 0
		r.left.at += int64(len(r.buffer)) * valueBytes
		r.left.n -= len(r.buffer)
	}
	r.value = r.buffer[r.at]
	r.at++
	return true
}

// sources implements heap.Interface, the smallest value first.
type sources []*source

func (s sources) Len() int           { return len(s) }
func (s sources) Less(i, j int) bool { return cmp.Less(s[i].value, s[j].value) }
func (s sources) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *sources) Push(x any)        { *s = append(*s, x.(*source)) }

func (s *sources) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}
