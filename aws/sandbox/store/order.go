package store

import (
	"cmp"
	"strings"
)

// Order says how the versions of a key lie, and so which one is current. Within
// one bucket both are the same; they differ where both sides of a replication
// wrote to a key before they heard of each other, and there AWS does not say
// which holds. S3's page of listings says "in the order in which they were stored,
// most recently stored first" (S3 User Guide, Listing objects in a
// versioning-enabled bucket), which is as well one as the other.
type Order int

// The orders.
const (
	// ByCreation has buckets with the same versions agree: the youngest is
	// current, whenever it came.
	ByCreation Order = iota
	// ByArrival has the version that came last current, be it a replica of an
	// older one: each side of a conflict may go on to serve the other's version.
	ByArrival
)

// compare orders the versions of one key, the current one first. Where creation
// times are equal, ids decide, so that two buckets agree.
func (o Order) compare(a, b *Version) int {
	if o == ByArrival {
		return cmp.Compare(b.Ordinal, a.Ordinal)
	}
	return cmp.Or(b.Modified.Compare(a.Modified), strings.Compare(b.ID, a.ID))
}
