// Package compare compares what two listings of versions say of a key: as sets,
// because the order of versions within a key is not to be trusted. It asks
// nobody.
package compare

import (
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/draw"
	"bothways/aws/pair"
)

// Null is the ID of what was written while versioning was off. Its content may
// change under it.
const Null = "null"

// markerSlack is how far apart the times of a delete marker and its replica may
// lie where their IDs differ. AWS does not say whether a replicated marker keeps
// its ID; times are listed in whole seconds.
const markerSlack = time.Second

// Rules say which versions are judged.
type Rules struct {
	Since  time.Time // leaves out what is older; zero: nothing
	CutOff time.Time // what is younger is counted only; zero: nothing is too young
	// Draw is offered every object's version that the sides agree in; nil: none is.
	Draw *draw.Draw
}

// Judges says whether a version of a time is judged, and whether it is counted
// as too young.
func (r Rules) Judges(modified time.Time) (judged, young bool) {
	if !r.Since.IsZero() && modified.Before(r.Since) {
		return false, false
	}
	young = !r.CutOff.IsZero() && modified.After(r.CutOff)
	return !young, young
}

// Counts is what was listed, and what of it needs no second look.
type Counts struct {
	Keys                 int64
	VersionsA, VersionsB int64
	MarkersA, MarkersB   int64
	BytesA, BytesB       int64
	Same, SameBytes      int64
	Young, YoungBytes    int64
}

// Listed counts an entry of a side.
func (c *Counts) Listed(side pair.SideName, marker bool, size int64) {
	switch {
	case side == pair.A && marker:
		c.MarkersA++
	case side == pair.A:
		c.VersionsA++
		c.BytesA += size
	case marker:
		c.MarkersB++
	default:
		c.VersionsB++
		c.BytesB += size
	}
}

// Add adds other counts.
func (c *Counts) Add(o Counts) {
	c.Keys += o.Keys
	c.VersionsA += o.VersionsA
	c.VersionsB += o.VersionsB
	c.MarkersA += o.MarkersA
	c.MarkersB += o.MarkersB
	c.BytesA += o.BytesA
	c.BytesB += o.BytesB
	c.Same += o.Same
	c.SameBytes += o.SameBytes
	c.Young += o.Young
	c.YoungBytes += o.YoungBytes
}

// Entries is how many versions and markers were listed, both sides counted.
func (c Counts) Entries() int64 { return c.VersionsA + c.VersionsB + c.MarkersA + c.MarkersB }

// Tally is the same as a tally of verdicts.
func (c Counts) Tally() difference.Tally {
	t := difference.Tally{
		Keys: c.Keys, VersionsA: c.VersionsA, VersionsB: c.VersionsB, MarkersA: c.MarkersA, MarkersB: c.MarkersB,
		BytesA: c.BytesA, BytesB: c.BytesB,
	}
	if c.Same > 0 {
		t.AddSame(c.Same, c.SameBytes)
	}
	if c.Young > 0 {
		t.AddCount(difference.Young, difference.Count{Versions: c.Young, Bytes: c.YoungBytes})
	}
	return t
}

// Group compares all that both sides have of a key. found gets what differs.
func Group(rules Rules, key string, a, b []difference.Entry, counts *Counts, found func(difference.Candidate)) {
	k := NewKey(rules, key, counts, found)
	k.Current(pair.A, latest(a))
	k.Current(pair.B, latest(b))
	k.Part(a, b)
	k.End()
}

// Minus is what came since other, earlier counts.
func (c Counts) Minus(o Counts) Counts {
	return Counts{
		c.Keys - o.Keys, c.VersionsA - o.VersionsA, c.VersionsB - o.VersionsB, c.MarkersA - o.MarkersA, c.MarkersB - o.MarkersB,
		c.BytesA - o.BytesA, c.BytesB - o.BytesB, c.Same - o.Same, c.SameBytes - o.SameBytes, c.Young - o.Young, c.YoungBytes - o.YoungBytes,
	}
}

func latest(all []difference.Entry) *difference.Entry {
	for i := range all {
		if all[i].Latest {
			one := all[i]
			return &one
		}
	}
	return nil
}
