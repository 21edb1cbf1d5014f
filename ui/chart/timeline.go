package chart

import "time"

const (
	slots     = 1024
	firstSlot = 125 * time.Millisecond // 1024 of them: two minutes
	setWords  = bins / 64
	layers    = kinds + 1
	bracket   = kinds // the layer of the brackets
)

// timeline keeps which duration bins were seen in each slot of time. When a
// run outgrows its slots, each two become one and cover twice the time: the
// memory stays bounded, about a megabyte, and adding stays cheap.
type timeline struct {
	slots []slot
	width time.Duration // of a slot; 0 while empty
	last  time.Duration // the latest point's time
}

// layer is a set of duration bins.
type layer [setWords]uint64

type slot struct {
	sets [seriesCount][layers]layer
	seen [seriesCount][layers]bool // which of the sets are not empty
}

func (t *timeline) add(p Point) {
	if t.width == 0 {
		t.width = firstSlot
	}
	at := min(max(p.At, 0), longestRun)
	for at/t.width >= slots {
		t.halve()
	}
	i := int(at / t.width)
	for len(t.slots) <= i {
		t.slots = append(t.slots, slot{})
	}
	s := &t.slots[i]
	s.sets[p.Series][p.Kind].set(binOf(p.Value))
	s.seen[p.Series][p.Kind] = true
	if p.Kind == Measured && p.High > p.Low {
		s.sets[p.Series][bracket].setRange(binOf(p.Low), binOf(p.High))
		s.seen[p.Series][bracket] = true
	}
	t.last = max(t.last, at)
}

// halve merges the slots two by two.
func (t *timeline) halve() {
	t.width *= 2
	for i := range t.slots {
		if i%2 == 0 {
			t.slots[i/2] = t.slots[i]
		} else {
			t.slots[i/2].merge(&t.slots[i])
		}
	}
	t.slots = t.slots[:(len(t.slots)+1)/2]
}

func (s *slot) merge(other *slot) {
	for series := range s.sets {
		for l := range s.sets[series] {
			if other.seen[series][l] {
				s.sets[series][l].merge(&other.sets[series][l])
				s.seen[series][l] = true
			}
		}
	}
}

func (l *layer) merge(other *layer) {
	for w := range l {
		l[w] |= other[w]
	}
}

func (l *layer) set(bin int) { l[bin/64] |= 1 << (bin % 64) }

func (l *layer) setRange(from, to int) {
	for bin := from; bin <= to; {
		end, mask := maskOf(bin, to)
		l[bin/64] |= mask
		bin = end + 1
	}
}

// any says whether a bin of the span is in the set.
func (l *layer) any(in span) bool {
	for bin := in.from; bin <= in.to; {
		end, mask := maskOf(bin, in.to)
		if l[bin/64]&mask != 0 {
			return true
		}
		bin = end + 1
	}
	return false
}

// maskOf are the bits from a bin to another, or to the end of its word.
func maskOf(bin, to int) (end int, mask uint64) {
	end = min(to, bin|63)
	return end, ^uint64(0) >> (63 - (end - bin)) << (bin % 64)
}
