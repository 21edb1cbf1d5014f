package audit

import (
	"bytes"
	"context"
	"errors"

	"bothways/aws/audit/compare"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/listing"
	"bothways/aws/audit/spill"
	"bothways/aws/pair"
)

// joint goes through both sides' lanes together, key by key.
type joint struct {
	a, b  *lane
	to    string // the last key; "": the end
	rules compare.Rules
	dir   string // where keys of very many versions are kept
}

// newJoint begins a range. reach, where there is one, hears how far the lanes are,
// and may have the range end sooner.
func newJoint(wire *Wire, rules compare.Rules, q listing.Query, to string, reach func(string) string) *joint {
	j := &joint{to: to, rules: rules, dir: wire.dir()}
	j.a = newLane(wire, pair.A, q, &j.to, reach)
	j.b = newLane(wire, pair.B, q, &j.to, reach)
	return j
}

// begin asks both sides for their first pages at once.
func (j *joint) begin(ctx context.Context) {
	j.a.order(ctx, j.a.query)
	j.b.order(ctx, j.b.query)
}

// close waits for what was asked for in vain.
func (j *joint) close() {
	j.a.close()
	j.b.close()
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
	a, err := j.a.take(ctx, name, j.dir)
	defer a.close()
	if err != nil {
		return err
	}
	b, err := j.b.take(ctx, name, j.dir)
	defer b.close()
	if err != nil {
		return err
	}
	k := compare.NewKey(j.rules, name, counts, found)
	k.Current(pair.A, a.current)
	k.Current(pair.B, b.current)
	if a.many == nil && b.many == nil {
		k.Part(a.few, b.few)
	} else if err := j.inParts(k, a, b); err != nil {
		return err
	}
	k.End()
	return nil
}

// pass passes over a key.
func (j *joint) pass(ctx context.Context, key []byte) error {
	name := string(key) // its page may be turned
	return errors.Join(j.a.pass(ctx, name), j.b.pass(ctx, name))
}

// inParts compares a key of very many versions part by part.
func (j *joint) inParts(k *compare.Key, a, b *gathered) error {
	if err := errors.Join(a.toDisk(j.dir), b.toDisk(j.dir)); err != nil {
		return err
	}
	for i := range spill.Parts {
		ofA, err := a.many.Part(i)
		if err != nil {
			return err
		}
		ofB, err := b.many.Part(i)
		if err != nil {
			return err
		}
		k.Part(ofA, ofB)
	}
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
	if j.rules.Draw != nil {
		j.offer(n)
	}
	a.at += n
	b.at += n
	return true
}

// offer offers the next versions, which both sides have, to be drawn.
func (j *joint) offer(n int) {
	for i := j.a.at; i < j.a.at+n; i++ {
		one := &j.a.page.Entries[i]
		if judged, _ := j.judges(one.Modified); judged && !one.Marker {
			j.rules.Draw.Offer(j.a.page.Key(i), j.a.page.ID(i), one.Size)
		}
	}
}

// judges is the rules' for a time in milliseconds.
func (j *joint) judges(modified int64) (judged, young bool) {
	if !j.rules.Since.IsZero() && modified < j.rules.Since.UnixMilli() {
		return false, false
	}
	young = !j.rules.CutOff.IsZero() && modified > j.rules.CutOff.UnixMilli()
	return !young, young
}
