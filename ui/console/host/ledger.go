package host

import (
	"slices"

	"bothways/aws/account"
	"bothways/aws/pair"
)

// Touched is a pair that this session wrote to, with the access it was written
// through: what is chosen on the screens may be another one by now.
type Touched struct {
	Access   account.Access
	Pair     pair.Pair
	applied  []Trace                // not undone
	left     func(pair.Pair) string // says what of a measurement may be left; nil: nothing was measured
	TornDown string                 // what is said of the removal that succeeded last, or ""
}

// Trace is a run that carries out a plan, as far as it has to be known which of
// its works are left.
type Trace interface {
	// MayStay says that something that it did may still be there.
	MayStay() bool
	// MadeBuckets says that it made a bucket.
	MadeBuckets() bool
}

// Ledger is what this session wrote to.
type Ledger struct {
	Touched    []*Touched       // the pairs
	Incomplete map[string]error // journals that could not be written to their end, by path
}

// Touch finds or begins the record of a pair. The same two buckets are the
// same pair, whatever its options.
func (l *Ledger) Touch(access account.Access, p pair.Pair) *Touched {
	for _, t := range l.Touched {
		if t.Pair.ID() == p.ID() && t.Access.Sandbox == access.Sandbox && t.Access.Profile == access.Profile && t.Access.Of(pair.B).Profile == access.Of(pair.B).Profile && t.Access.Endpoint == access.Endpoint {
			t.Pair = p
			return t
		}
	}
	t := &Touched{Access: access, Pair: p}
	l.Touched = append(l.Touched, t)
	return t
}

// Apply notes that a plan is being carried out for the pair.
func (t *Touched) Apply(s Trace) {
	t.TornDown = ""
	if !slices.Contains(t.applied, s) {
		t.applied = append(t.applied, s)
	}
}

// Measure notes that probe objects are being written, and who says what is
// left of them.
func (t *Touched) Measure(left func(pair.Pair) string) { t.TornDown, t.left = "", left }

// Uncleaned says what of a measurement may be left, or nothing.
func (t *Touched) Uncleaned() string {
	if t.left == nil {
		return ""
	}
	return t.left(t.Pair)
}

// Remove notes a removal that succeeded: of what one run made, or of all when
// undone is nil. Both remove the probe objects.
func (t *Touched) Remove(undone Trace, said string) {
	t.left = nil
	t.applied = slices.DeleteFunc(t.applied, func(s Trace) bool { return undone == nil || s == undone })
	if !t.Stays() {
		t.TornDown = said
	}
}

// Clean notes that what a measurement left was removed, and nothing else.
func (t *Touched) Clean() { t.left = nil }

// Stays says that something of this session may still be there. A run whose
// end was never heard of counts.
func (t *Touched) Stays() bool {
	return t.left != nil || slices.ContainsFunc(t.applied, Trace.MayStay)
}

// MadeBuckets says that a run that was not undone made a bucket.
func (t *Touched) MadeBuckets() bool {
	return slices.ContainsFunc(t.applied, Trace.MadeBuckets)
}
