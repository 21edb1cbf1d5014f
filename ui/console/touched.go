package console

import (
	"slices"

	"bothways/aws/account"
	"bothways/aws/pair"
)

// touched is a pair that this session wrote to, with the access it was written
// through: what is chosen on the screens may be another one by now.
type touched struct {
	access   account.Access
	pair     pair.Pair
	applied  []*stepRun             // not undone
	left     func(pair.Pair) string // says what of a measurement may be left; nil: nothing was measured
	tornDown string                 // what is said of the removal that succeeded last, or ""
}

// ledger is what this session wrote to.
type ledger struct {
	touched    []*touched       // the pairs
	incomplete map[string]error // journals that could not be written to their end, by path
}

// touch finds or begins the record of a pair. The same two buckets are the
// same pair, whatever its options.
func (l *ledger) touch(access account.Access, p pair.Pair) *touched {
	for _, t := range l.touched {
		if t.pair.ID() == p.ID() && t.access.Sandbox == access.Sandbox && t.access.Profile == access.Profile && t.access.Of(pair.B).Profile == access.Of(pair.B).Profile && t.access.Endpoint == access.Endpoint {
			t.pair = p
			return t
		}
	}
	t := &touched{access: access, pair: p}
	l.touched = append(l.touched, t)
	return t
}

// apply notes that a plan is being carried out for the pair.
func (t *touched) apply(s *stepRun) {
	t.tornDown = ""
	if !slices.Contains(t.applied, s) {
		t.applied = append(t.applied, s)
	}
}

// measure notes that probe objects are being written, and who says what is
// left of them.
func (t *touched) measure(left func(pair.Pair) string) { t.tornDown, t.left = "", left }

// uncleaned says what of a measurement may be left, or nothing.
func (t *touched) uncleaned() string {
	if t.left == nil {
		return ""
	}
	return t.left(t.pair)
}

// remove notes a removal that succeeded: of what one run made, or of all when
// undone is nil. Both remove the probe objects.
func (t *touched) remove(undone *stepRun, said string) {
	t.left = nil
	t.applied = slices.DeleteFunc(t.applied, func(s *stepRun) bool { return undone == nil || s == undone })
	if !t.stays() {
		t.tornDown = said
	}
}

// stays says that something of this session may still be there. A run whose
// end was never heard of counts.
func (t *touched) stays() bool {
	return t.left != nil || slices.ContainsFunc(t.applied, func(s *stepRun) bool { return s.running() || s.changed() })
}

func (t *touched) madeBuckets() bool {
	return slices.ContainsFunc(t.applied, (*stepRun).madeBuckets)
}
