package difference

import (
	"cmp"
	"slices"

	"bothways/aws/pair"
)

// Group is what is the matter with versions in one way: one line of an audit's
// table. Where somebody alone has them, and which way they should travel, tells
// groups apart.
type Group struct {
	Verdict Verdict       `json:"verdict"`
	Cause   Cause         `json:"cause,omitempty"`
	Remedy  Remedy        `json:"remedy,omitempty"`
	Way     Way           `json:"direction,omitempty"`
	Only    pair.SideName `json:"only,omitempty"` // the side that alone has them, or ""
}

// Way is a direction by its name, or "" where none is meant.
type Way string

// WayOf names a direction.
func WayOf(d *pair.Direction) Way {
	if d == nil {
		return ""
	}
	return Way(d.String())
}

// Direction is the direction; ok is false where none is meant.
func (w Way) Direction() (d pair.Direction, ok bool) {
	return d, d.UnmarshalText([]byte(w)) == nil
}

// Grouped is how much a group has.
type Grouped struct {
	Group
	Count
	// Keys are the objects' names that have such versions.
	Keys    int64 `json:"keys"`
	Markers int64 `json:"markers,omitempty"` // of the versions
	// Current are the versions, and no markers, that their side serves; Alone are
	// those of them whose key the other side does not serve at all.
	Current int64 `json:"current,omitempty"`
	Alone   int64 `json:"alone,omitempty"`

	last string // the key that was counted last
}

// GroupOf is the group that a difference belongs to.
func GroupOf(d Difference) Group {
	g := Group{Verdict: d.Verdict, Cause: d.Cause, Remedy: d.Remedy, Way: WayOf(d.Direction)}
	if d.Kind == OneSided {
		g.Only = d.Only()
	}
	return g
}

// Groups are counts by group, from what needs somebody to what needs nobody.
type Groups []Grouped

// Add counts one difference. Those of one key follow each other, so that each
// key counts once in a group.
func (gs *Groups) Add(d Difference) {
	at := gs.at(GroupOf(d))
	if at.Versions == 0 || at.last != d.Key {
		at.Keys++
	}
	at.last = d.Key
	at.Versions++
	e := d.Entry()
	at.Bytes += e.Size
	switch {
	case e.Marker:
		at.Markers++
	case e.Latest && d.Kind == OneSided:
		at.Current++
		if other := d.currentAt(d.Only().Other()); other == nil || other.Marker {
			at.Alone++
		}
	}
}

// Merge adds the counts of other keys.
func (gs *Groups) Merge(others Groups) {
	for _, o := range others {
		at := gs.at(o.Group)
		at.Versions += o.Versions
		at.Bytes += o.Bytes
		at.Keys += o.Keys
		at.Markers += o.Markers
		at.Current += o.Current
		at.Alone += o.Alone
	}
}

// at finds a group, or puts it where it belongs.
func (gs *Groups) at(g Group) *Grouped {
	i, found := slices.BinarySearchFunc(*gs, g, func(have Grouped, want Group) int { return have.compare(want) })
	if !found {
		*gs = slices.Insert(*gs, i, Grouped{Group: g})
	}
	return &(*gs)[i]
}

func (g Group) compare(o Group) int {
	return cmp.Or(
		cmp.Compare(g.Verdict.rank(), o.Verdict.rank()), cmp.Compare(g.Verdict, o.Verdict), cmp.Compare(g.Cause, o.Cause),
		cmp.Compare(g.Remedy, o.Remedy), cmp.Compare(g.Way, o.Way), cmp.Compare(g.Only, o.Only))
}

// rank is a verdict's place among those that are shown; one that is not known
// comes first.
func (v Verdict) rank() int { return slices.Index(Verdicts(), v) }
