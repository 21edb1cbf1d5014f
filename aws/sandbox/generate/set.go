package generate

import (
	"time"

	"bothways/aws/sandbox/store"
)

// Set is what a document generates.
type Set struct {
	seed     uint64
	at       time.Time
	buckets  []Bucket
	families families
	total    uint64 // keys
	digests  digests
	plants   []plant // by place
}

const (
	// fallback is the size in bytes of a version that must have bytes where the
	// document's sizes give it too few; oddSize is that of one whose size
	// differs.
	fallback, oddSize = 1 << 10, 3 << 10
	// moreVersions is by how many a difference can lengthen a key.
	moreVersions = 2
	// apart is how far the versions of a key lie apart at least.
	apart = 4 * time.Second
)

// New works out what a document generates.
func New(d Document) (*Set, error) {
	if err := d.complete(); err != nil {
		return nil, err
	}
	s := &Set{seed: mix(uint64(d.Seed)), at: d.At.Truncate(time.Second), buckets: d.Buckets, digests: digests{}}
	s.families, s.total = newFamilies(d.Keys, s.seed)
	sizes := []int{fallback, oddSize}
	for _, keys := range d.Keys {
		sizes = append(sizes, keys.Sizes...)
	}
	for _, size := range sizes {
		if err := s.digests.add(int64(size)); err != nil {
			return nil, err
		}
	}
	return s, s.draw(d.Differences)
}

// Begin gives ages the instant that they count back from, if the document gives
// none. It is called before anything is asked.
func (s *Set) Begin(start time.Time) {
	if s.at.IsZero() {
		s.at = start.Truncate(time.Second)
	}
}

// Buckets returns the buckets of the document.
func (s *Set) Buckets() []Bucket { return s.buckets }

// Keys returns how many keys there are in all, in one bucket or several.
func (s *Set) Keys() uint64 { return s.total }

// Seek returns the place of the first key that is not below key.
func (s *Set) Seek(key string) uint64 { return s.families.seek(key, s.total) }

// Base returns what the bucket of that number holds.
func (s *Set) Base(bucket int) store.Base { return &base{s, bucket} }

// base is the view of one bucket.
type base struct {
	*Set
	bucket int
}

// At implements store.Base.
func (b *base) At(place uint64, now time.Time) store.BaseKey { return b.object(place, b.bucket, now) }

// count returns how many versions a key has, on a side that has them all.
func (s *Set) count(place uint64, p *plant) int {
	f := s.families.of(place)
	n := f.Versions.Least
	if more := f.Versions.Most - n; more > 0 {
		n += int(mix(f.seed+2*(place-f.first)) % uint64(more+1))
	}
	if p != nil {
		n = max(n, kinds[p.kind].least())
	}
	return n
}

// object returns a key as a bucket has it at an instant.
func (s *Set) object(place uint64, bucket int, now time.Time) *object {
	f := s.families.of(place)
	p := s.plantAt(place)
	var room [longestKey]byte
	o := &object{
		set: s, bucket: bucket, family: f, planted: p, hash: mix(f.seed + 2*(place-f.first) + 1),
		key: string(f.appendKey(room[:0], place-f.first)), count: s.count(place, p),
	}
	if p != nil {
		o.kind = kinds[p.kind]
		o.arrived = p.kind == "arriving" && !now.Before(s.at.Add(p.after))
		if o.kind.missing != nowhere && bucket == p.odd && !o.arrived {
			o.missing = p.version
		}
	}
	return o
}
