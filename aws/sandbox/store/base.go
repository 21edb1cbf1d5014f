package store

import (
	"io"
	"time"
)

// Base is what a bucket holds from the beginning without keeping it: keys and
// versions that are worked out whenever they are asked for. What is written to a
// key first copies the key's versions into the bucket, which count from then on.
// Its methods are called by several goroutines at once.
type Base interface {
	// Keys returns how many keys there are. They have places from 0 on, in byte
	// order.
	Keys() uint64
	// Seek returns the place of the first key that is not below key, Keys if
	// there is none.
	Seek(key string) uint64
	// At returns the key at a place, as it is at that instant.
	At(place uint64, now time.Time) BaseKey
}

// BaseKey is a key of a Base with its versions, the current one first; there
// may be none.
type BaseKey interface {
	Key() string
	Len() int
	// Index finds a version by its id, -1 if there is none.
	Index(id string) int
	// List fills in what listings tell of a version.
	List(i int, into *Version)
	// Version returns all of a version, with a reference to its body.
	Version(i int) *Version
}

// Content is the bytes of a body that nothing keeps.
type Content interface {
	// WriteRange writes length bytes from offset.
	WriteRange(w io.Writer, offset, length int64) error
}

// NewBody makes a body of content that nothing keeps. It has one reference.
func NewBody(content Content, size int64) *Body {
	return newBody(&piece{content: content, size: size})
}

// SetBase lays a base beneath a bucket that nobody uses yet. It is kept in no
// log, so it is for stores without one.
func (b *Bucket) SetBase(base Base) { b.base = base }

// beneath returns a key of the base, nil if the base has none.
func (b *Bucket) beneath(key string) BaseKey {
	if b.base == nil {
		return nil
	}
	place := b.base.Seek(key)
	if place == b.base.Keys() {
		return nil
	}
	if found := b.base.At(place, time.Now()); found.Key() == key {
		return found
	}
	return nil
}

// copied returns the versions of a key of the base as the bucket keeps them.
func copied(from BaseKey) *object {
	o := &object{versions: make([]*Version, from.Len())}
	for i := range o.versions {
		o.versions[i] = from.Version(i)
	}
	o.written = uint64(len(o.versions))
	return o
}

// group is a key as listings and look-ups see it: of the bucket, or of its base.
type group struct {
	key    string
	object *object
	base   BaseKey
}

// group returns that of a key, without versions if there are none. The lock is
// held.
func (b *Bucket) group(key string) group {
	g := group{key: key, object: b.objects[key]}
	if g.object == nil {
		g.base = b.beneath(key)
	}
	return g
}

func (g group) len() int {
	switch {
	case g.object != nil:
		return len(g.object.versions)
	case g.base != nil:
		return g.base.Len()
	}
	return 0
}

func (g group) index(id string) int {
	switch {
	case g.object != nil:
		return g.object.index(id)
	case g.base != nil:
		return g.base.Index(id)
	}
	return -1
}

func (g group) version(i int) *Version {
	if g.object != nil {
		return g.object.versions[i]
	}
	return g.base.Version(i)
}

// newest returns the current version, nil if there is none.
func (g group) newest() *Version {
	if g.len() == 0 {
		return nil
	}
	return g.version(0)
}

// pass lets a check of the newest version, nil if there is none, refuse. The
// check may be nil.
func (g group) pass(check func(newest *Version) error) error {
	if check == nil {
		return nil
	}
	return check(g.newest())
}

// walker goes through the keys of a bucket in byte order, for as long as its
// lock is held. Those of the base that the bucket has a copy of come once.
type walker struct {
	bucket *Bucket
	now    time.Time

	stored string // the next key of the bucket's own, if more
	more   bool
	keys   cursor

	made  BaseKey // the next key of the base, nil if there is none
	place uint64
}

// walkFrom goes to the first key that is not below from.
func (b *Bucket) walkFrom(from string) walker {
	w := walker{bucket: b, now: time.Now(), keys: b.keys.seek(from)}
	w.stored, w.more = w.keys.next()
	if b.base != nil {
		w.place = b.base.Seek(from)
		w.nextMade()
	}
	return w
}

func (w *walker) nextMade() {
	w.made = nil
	if w.place < w.bucket.base.Keys() {
		w.made = w.bucket.base.At(w.place, w.now)
		w.place++
	}
}

// next returns the next key.
func (w *walker) next() (g group, more bool) {
	if w.made != nil && (!w.more || w.made.Key() < w.stored) {
		g = group{key: w.made.Key(), base: w.made}
		w.nextMade()
		return g, true
	}
	if !w.more {
		return group{}, false
	}
	g = group{key: w.stored, object: w.bucket.objects[w.stored]}
	if w.made != nil && w.made.Key() == w.stored {
		w.nextMade()
	}
	w.stored, w.more = w.keys.next()
	return g, true
}

// empty says whether nothing is in a bucket. The lock is held.
func (b *Bucket) empty() bool {
	if b.base == nil {
		return len(b.objects) == 0
	}
	var covered uint64
	for key, o := range b.objects {
		if len(o.versions) > 0 {
			return false
		}
		if b.beneath(key) != nil {
			covered++
		}
	}
	return covered == b.base.Keys()
}
