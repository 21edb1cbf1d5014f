// Package difference is the vocabulary of audits: what a listing says of a
// version, how two sides differ in a key, what became of it and why, and what
// puts it right. It computes nothing but counts, and asks nobody.
package difference

import (
	"time"

	"bothways/aws/pair"
)

// Entry is one version or delete marker as a listing of versions has it. A
// replica has the key, the version ID and the time of its original.
type Entry struct {
	// VersionID is "null" for what was written while versioning was off.
	VersionID string `json:"version_id"`
	Marker    bool   `json:"marker,omitempty"` // a delete marker: no ETag, no size, no class
	Latest    bool   `json:"latest,omitempty"` // what a GET without a version reads
	// Modified is when it was created, in whole seconds by S3's clock; of a
	// multipart upload when that began.
	Modified time.Time `json:"modified"`
	ETag     string    `json:"etag,omitempty"` // without its quotes
	Size     int64     `json:"size_bytes,omitempty"`
	Class    string    `json:"class,omitempty"`
}

// Kind is what the listings of both sides show, before anything is asked for.
type Kind string

// The kinds of differences between two listings.
const (
	// OneSided is a version or marker that one side alone has.
	OneSided Kind = "one side"
	// OtherETag is a version of one size on both sides whose ETags differ.
	OtherETag Kind = "other etag"
	// OtherSize is a version whose sizes differ.
	OtherSize Kind = "other size"
	// OtherKind is a version ID that is an object here and a marker there.
	OtherKind Kind = "other kind"
	// OtherTime is a null version of one content whose times differ.
	OtherTime Kind = "other time"
	// OtherCurrent is a key both of whose sides have the same versions and serve
	// different ones.
	OtherCurrent Kind = "other current"
)

// Candidate is a difference as the listings show it. It counts only once a
// second look has found it again.
type Candidate struct {
	Key  string `json:"key"`
	Kind Kind   `json:"kind"`
	// A and B are what each side's listing has; nil: it has nothing. Of
	// OtherCurrent they are what each side serves.
	A *Entry `json:"a,omitempty"`
	B *Entry `json:"b,omitempty"`
	// CurrentA and CurrentB are what each side served for this key, as far as
	// it is another version than A or B; nil: that one, or none.
	CurrentA *Entry `json:"current_a,omitempty"`
	CurrentB *Entry `json:"current_b,omitempty"`
}

// Only is the side that alone has it, of OneSided.
func (c Candidate) Only() pair.SideName {
	if c.A != nil {
		return pair.A
	}
	return pair.B
}

// At is what the listing of a side has.
func (c Candidate) At(side pair.SideName) *Entry {
	if side == pair.A {
		return c.A
	}
	return c.B
}

// currentAt is what a side that lacks the version serves for its key.
func (c Candidate) currentAt(side pair.SideName) *Entry {
	if side == pair.A {
		return c.CurrentA
	}
	return c.CurrentB
}

// Entry is what the one side has, or the first that there is.
func (c Candidate) Entry() Entry {
	if c.A != nil {
		return *c.A
	}
	if c.B != nil {
		return *c.B
	}
	return Entry{}
}

// Serves is what a side serves for the key, an object or a delete marker, as far
// as that is known; nil: nothing is known that it serves.
func (c Candidate) Serves(side pair.SideName) *Entry {
	if now := c.currentAt(side); now != nil {
		return now
	}
	if own := c.At(side); own != nil && own.Latest {
		return own
	}
	return nil
}

// Hidden says of an object that one side alone has that this side has deleted its
// key since, by a marker that the other side does not serve: replicated alone it
// could be served there.
func (c Candidate) Hidden() bool {
	if c.Kind != OneSided || c.Entry().Marker {
		return false
	}
	here, there := c.Serves(c.Only()), c.Serves(c.Only().Other())
	return here != nil && here.Marker && (there == nil || there.VersionID != here.VersionID)
}
