package difference

import "time"

// Lists is what an audit went by that compared lists of both sides, and not the
// buckets.
type Lists struct {
	A time.Time `json:"a"` // when the scans of the lists began
	B time.Time `json:"b"`
	// Prefix is what was compared of them; "": all.
	Prefix string `json:"prefix,omitempty"`
	// Unlisted is what stood in the buckets where neither list had a row; nil:
	// they had rows, or nobody looked.
	Unlisted *Unlisted `json:"unlisted,omitempty"`
}

// Unlisted counts versions that neither list has, on the first page of a listing
// of each bucket.
type Unlisted struct {
	A int64 `json:"a"`
	B int64 `json:"b"`
	// MoreA and MoreB say that there were more than that page has.
	MoreA bool `json:"more_a,omitempty"`
	MoreB bool `json:"more_b,omitempty"`
}

// Older is the time of the older list: what is said of both holds as of then.
func (l Lists) Older() time.Time {
	if l.B.Before(l.A) {
		return l.B
	}
	return l.A
}

// Missed says that the buckets hold versions although the lists have none.
func (l *Lists) Missed() bool {
	return l != nil && l.Unlisted != nil && l.Unlisted.Any()
}

// Any says whether there was any.
func (u Unlisted) Any() bool { return u.A > 0 || u.B > 0 || u.MoreA || u.MoreB }
