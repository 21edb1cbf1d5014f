package generate

import "bothways/aws/sandbox/store"

// object is a key in one bucket. Its versions have numbers from 1, the oldest, to
// count; one may be missing here.
type object struct {
	set     *Set
	bucket  int
	family  *family
	planted *plant // nil: the key is the same everywhere
	kind    kind   // of planted
	arrived bool   // what was planted as arriving is there
	missing int    // the number of the version that is not here, 0 for none
	hash    uint64
	key     string
	count   int
}

// Key implements store.BaseKey.
func (o *object) Key() string { return o.key }

// Len implements store.BaseKey.
func (o *object) Len() int {
	if o.missing > 0 {
		return o.count - 1
	}
	return o.count
}

// number returns the number of the version at a place of the list.
func (o *object) number(i int) int {
	n := o.count - o.exchanged(i)
	if n <= o.missing {
		n--
	}
	return n
}

// place returns where in the list the version of a number is.
func (o *object) place(number int) int {
	i := o.count - number
	if number < o.missing {
		i--
	}
	return o.exchanged(i)
}

// exchanged returns the place in the order of numbers of what is at a place of the
// list, and the other way round.
func (o *object) exchanged(i int) int {
	if o.kind.swapped > 0 && o.bucket == o.planted.odd {
		switch at := o.kind.swapped - 1; i {
		case at:
			return at + 1
		case at + 1:
			return at
		}
	}
	return i
}

// Index implements store.BaseKey.
func (o *object) Index(id string) int {
	if id == store.NullID {
		if o.missing != 1 && o.version(1).null() {
			return o.place(1)
		}
		return -1
	}
	number, issued := o.numberOf(id)
	if !issued || number < 1 || number > o.count || number == o.missing || o.version(number).id() != id {
		return -1
	}
	return o.place(number)
}

// List implements store.BaseKey.
func (o *object) List(i int, into *store.Version) { o.version(o.number(i)).list(into) }

// Version implements store.BaseKey.
func (o *object) Version(i int) *store.Version {
	v := o.version(o.number(i))
	whole := &store.Version{}
	v.list(whole)
	v.rest(whole)
	whole.Ordinal = uint64(o.Len() - i)
	return whole
}
