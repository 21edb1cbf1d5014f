package compare

import (
	"slices"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// Key is the comparison of one key, in parts where its versions are too many to
// be held at once. A version's part must go by its ID alone.
type Key struct {
	rules  Rules
	key    string
	counts *Counts
	found  func(difference.Candidate)

	current [2]*difference.Entry
	// partner is the version ID of the other side's that the current one was
	// matched with; "": none.
	partner [2]string
	// markers have no fellow of their ID: they may still have one of their time.
	markers [2][]difference.Entry
}

// NewKey begins the comparison of a key.
func NewKey(rules Rules, key string, counts *Counts, found func(difference.Candidate)) *Key {
	counts.Keys++
	return &Key{rules: rules, key: key, counts: counts, found: found}
}

func index(side pair.SideName) int {
	if side == pair.A {
		return 0
	}
	return 1
}

// Current tells what a side serves, before the parts; nil: nothing.
func (k *Key) Current(side pair.SideName, e *difference.Entry) { k.current[index(side)] = e }

// fewVersions are looked through faster than found by a table.
const fewVersions = 12

// Part compares the entries of both sides whose IDs belong to one part.
func (k *Key) Part(a, b []difference.Entry) {
	for i := range a {
		k.counts.Listed(pair.A, a[i].Marker, a[i].Size)
	}
	for i := range b {
		k.counts.Listed(pair.B, b[i].Marker, b[i].Size)
	}
	find := finder(b)
	matched := make([]bool, len(b))
	seen := finder(a)
	for i := range a {
		if seen(a[i].VersionID) != i {
			continue // a page that repeats what the one before it had
		}
		j := find(a[i].VersionID)
		if j < 0 {
			k.alone(pair.A, &a[i])
			continue
		}
		matched[j] = true
		k.both(&a[i], &b[j])
	}
	for j := range b {
		if !matched[j] && find(b[j].VersionID) == j {
			k.alone(pair.B, &b[j])
		}
	}
}

// finder finds the first entry of an ID, or -1.
func finder(all []difference.Entry) func(id string) int {
	if len(all) <= fewVersions {
		return func(id string) int {
			return slices.IndexFunc(all, func(e difference.Entry) bool { return e.VersionID == id })
		}
	}
	places := make(map[string]int, len(all))
	for i := range all {
		if _, known := places[all[i].VersionID]; !known {
			places[all[i].VersionID] = i
		}
	}
	return func(id string) int {
		if i, ok := places[id]; ok {
			return i
		}
		return -1
	}
}

func (k *Key) alone(side pair.SideName, e *difference.Entry) {
	if e.Marker {
		k.markers[index(side)] = append(k.markers[index(side)], *e)
		return
	}
	k.oneSided(side, e)
}

func (k *Key) oneSided(side pair.SideName, e *difference.Entry) {
	if !k.judges(e.Modified, e.Size) {
		return
	}
	one := *e
	c := difference.Candidate{Kind: difference.OneSided}
	if side == pair.A {
		c.A = &one
	} else {
		c.B = &one
	}
	k.differs(c)
}

// judges counts what is too young, and says whether a version is judged.
func (k *Key) judges(modified time.Time, size int64) bool {
	judged, young := k.rules.Judges(modified)
	if young {
		k.counts.Young++
		k.counts.YoungBytes += size
	}
	return judged
}

func (k *Key) both(a, b *difference.Entry) {
	k.pairs(a, b)
	newer := a.Modified
	if b.Modified.After(newer) {
		newer = b.Modified
	}
	if !k.judges(newer, a.Size) {
		return
	}
	kind := Differs(a, b)
	if kind == "" {
		k.counts.Same++
		k.counts.SameBytes += a.Size
		if k.rules.Draw != nil && !a.Marker {
			k.rules.Draw.Offer([]byte(k.key), []byte(a.VersionID), a.Size)
		}
		return
	}
	oneA, oneB := *a, *b
	k.differs(difference.Candidate{Kind: kind, A: &oneA, B: &oneB})
}

// Differs says in what two entries of one version ID differ; "": in nothing.
func Differs(a, b *difference.Entry) difference.Kind {
	switch {
	case a.Marker != b.Marker:
		return difference.OtherKind
	case a.Size != b.Size:
		return difference.OtherSize
	case a.ETag != b.ETag:
		return difference.OtherETag
	case a.VersionID == Null && a.Modified.Sub(b.Modified).Abs() > markerSlack:
		return difference.OtherTime
	}
	return ""
}

func (k *Key) pairs(a, b *difference.Entry) {
	if c := k.current[0]; c != nil && c.VersionID == a.VersionID {
		k.partner[0] = b.VersionID
	}
	if c := k.current[1]; c != nil && c.VersionID == b.VersionID {
		k.partner[1] = a.VersionID
	}
}

func (k *Key) differs(c difference.Candidate) {
	c.Key = k.key
	if current := k.current[0]; current != nil && (c.A == nil || c.A.VersionID != current.VersionID) {
		c.CurrentA = current
	}
	if current := k.current[1]; current != nil && (c.B == nil || c.B.VersionID != current.VersionID) {
		c.CurrentB = current
	}
	k.found(c)
}

// End matches the markers of other IDs by their times, and compares what the
// sides serve.
func (k *Key) End() {
	byTime := func(a, b difference.Entry) int { return a.Modified.Compare(b.Modified) }
	a, b := k.markers[0], k.markers[1]
	slices.SortStableFunc(a, byTime)
	slices.SortStableFunc(b, byTime)
	for len(a) > 0 && len(b) > 0 {
		switch apart := a[0].Modified.Sub(b[0].Modified); {
		case apart.Abs() <= markerSlack:
			k.both(&a[0], &b[0])
			a, b = a[1:], b[1:]
		case apart < 0:
			k.oneSided(pair.A, &a[0])
			a = a[1:]
		default:
			k.oneSided(pair.B, &b[0])
			b = b[1:]
		}
	}
	for i := range a {
		k.oneSided(pair.A, &a[i])
	}
	for i := range b {
		k.oneSided(pair.B, &b[i])
	}
	k.served()
}

// served compares what the sides serve, where both have both: else what one
// side lacks is the difference, and what they serve its evidence.
func (k *Key) served() {
	a, b := k.current[0], k.current[1]
	if a == nil || b == nil || k.partner[0] == "" || k.partner[1] == "" || k.partner[0] == b.VersionID {
		return
	}
	judgedA, youngA := k.rules.Judges(a.Modified)
	judgedB, youngB := k.rules.Judges(b.Modified)
	if youngA || youngB || !judgedA && !judgedB {
		return
	}
	k.differs(difference.Candidate{Kind: difference.OtherCurrent, A: a, B: b})
}
