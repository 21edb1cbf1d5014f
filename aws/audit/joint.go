package audit

import (
	"bytes"
	"context"

	"bothways/aws/audit/compare"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/listing"
	"bothways/aws/pair"
)

// joint goes through both sides' lanes together, key by key.
type joint struct {
	a, b  *lane
	rules compare.Rules
}

func newJoint(wire *Wire, rules compare.Rules, q listing.Query, to string) *joint {
	return &joint{newLane(wire, pair.A, q, to), newLane(wire, pair.B, q, to), rules}
}

// next is the next key of either side.
func (j *joint) next(ctx context.Context) (key []byte, more bool, err error) {
	a, moreA, err := j.a.head(ctx)
	if err != nil {
		return nil, false, err
	}
	b, moreB, err := j.b.head(ctx)
	switch {
	case err != nil:
		return nil, false, err
	case moreA && (!moreB || bytes.Compare(a, b) <= 0):
		return a, true, nil
	}
	return b, moreB, nil
}

// compare compares the next key, which next has just given.
func (j *joint) compare(ctx context.Context, key []byte, counts *compare.Counts, found func(difference.Candidate)) error {
	if j.alike(key, counts) {
		return nil
	}
	name := string(key) // its page may be turned
	a, err := j.a.take(ctx, name)
	if err != nil {
		return err
	}
	b, err := j.b.take(ctx, name)
	if err != nil {
		return err
	}
	compare.Group(j.rules, name, a, b, counts, found)
	return nil
}

// alike passes over a key of which both sides list the same: what nearly every
// key is. It says whether this one was.
func (j *joint) alike(key []byte, counts *compare.Counts) bool {
	a, b := j.a, j.b
	if a.at == len(a.page.Entries) || b.at == len(b.page.Entries) || !bytes.Equal(a.page.Key(a.at), b.page.Key(b.at)) || !bytes.Equal(a.page.Key(a.at), key) {
		return false
	}
	n, whole := a.here()
	if m, wholeB := b.here(); m != n || !whole || !wholeB {
		return false
	}
	var here compare.Counts
	here.Keys = 1
	for i := range n {
		one, other := &a.page.Entries[a.at+i], &b.page.Entries[b.at+i]
		if one.Size != other.Size || one.Modified != other.Modified || one.Marker != other.Marker || one.Latest != other.Latest ||
			!bytes.Equal(a.page.ID(a.at+i), b.page.ID(b.at+i)) || !bytes.Equal(a.page.ETag(a.at+i), b.page.ETag(b.at+i)) {
			return false
		}
		if i > 0 && bytes.Equal(a.page.ID(a.at+i), a.page.ID(a.at+i-1)) {
			return false
		}
		here.Listed(pair.A, one.Marker, one.Size)
		here.Listed(pair.B, one.Marker, one.Size)
		switch judged, young := j.judges(one.Modified); {
		case judged:
			here.Same++
			here.SameBytes += one.Size
		case young:
			here.Young++
			here.YoungBytes += one.Size
		}
	}
	counts.Add(here)
	a.at += n
	b.at += n
	return true
}

// judges is the rules' for a time in milliseconds.
func (j *joint) judges(modified int64) (judged, young bool) {
	if !j.rules.Since.IsZero() && modified < j.rules.Since.UnixMilli() {
		return false, false
	}
	young = !j.rules.CutOff.IsZero() && modified > j.rules.CutOff.UnixMilli()
	return !young, young
}
