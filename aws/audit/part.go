package audit

import (
	"cmp"
	"hash/maphash"
	"slices"

	"bothways/aws/audit/compare"
	"bothways/aws/audit/difference"
)

// Part is a piece of what both sides hold that was compared at first look. It
// becomes one checkpoint, so that it counts wholly or not at all.
type Part struct {
	// Slice names a part of a source other than the listings; else it is the
	// keys after From up to and with To, where "" is the end.
	Slice    string
	From, To string
	Counts   compare.Counts

	seed  maphash.Seed
	found []foundKey
	total int // candidates
}

// foundKey is a key that differed at first look. Of its differences no more is
// kept than tells them again.
type foundKey struct {
	key   string
	at    int64 // how many entries were listed before it, in its part
	marks []mark
	// all says that there were too many to keep.
	all   bool
	total int64
}

type mark struct {
	hash uint64
	size int64
}

// mostMarks of a key are kept.
const mostMarks = 1 << 17

// NewPart begins a part.
func NewPart(slice, from, to string) *Part {
	return &Part{Slice: slice, From: from, To: to, seed: maphash.MakeSeed()}
}

// Add takes a difference of the first look. Those of one key come one after
// another.
func (p *Part) Add(c difference.Candidate) {
	p.total++
	if len(p.found) == 0 || p.found[len(p.found)-1].key != c.Key {
		p.found = append(p.found, foundKey{key: c.Key, at: p.Counts.Entries()})
	}
	f := &p.found[len(p.found)-1]
	if f.total++; f.all {
		return
	}
	if len(f.marks) == mostMarks {
		f.marks, f.all = nil, true
		return
	}
	f.marks = append(f.marks, mark{p.hash(c), c.Entry().Size})
}

// Candidates is how many differences the first look found.
func (p *Part) Candidates() int { return p.total }

// hash tells a difference of a key from its others: which version it is about.
func (p *Part) hash(c difference.Candidate) uint64 {
	if c.Kind == difference.OtherCurrent {
		return maphash.String(p.seed, string(difference.OtherCurrent))
	}
	return maphash.String(p.seed, c.Entry().VersionID)
}

// sorted makes a key's differences ready for has.
func (f *foundKey) sort() {
	slices.SortFunc(f.marks, func(a, b mark) int { return cmp.Compare(a.hash, b.hash) })
}

// has says whether the first look had found a difference too.
func (f *foundKey) has(hash uint64) bool {
	if f.all {
		return true
	}
	_, found := slices.BinarySearchFunc(f.marks, hash, func(m mark, hash uint64) int { return cmp.Compare(m.hash, hash) })
	return found
}

// size is how many bytes the differences are about, as far as it was kept.
func (f *foundKey) size() int64 {
	var sum int64
	for _, m := range f.marks {
		sum += m.size
	}
	return sum
}
