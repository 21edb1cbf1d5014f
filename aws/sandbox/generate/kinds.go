package generate

import (
	"maps"
	"slices"
	"strings"

	"bothways/aws/sandbox/store"
)

// side says on which side of a difference a version is not.
type side int

const (
	nowhere side = iota // it is on all
	other               // not where it was replicated to
	origin              // not where it was written
	either              // on one that is drawn
)

// kind is a kind of difference.
type kind struct {
	says        string
	wantsPrefix bool
	missing     side
	status      store.Status // at the origin, towards the side that has it not
	marker      bool         // the version is a delete marker
	newest      bool         // it is the newest version of its key
	null        bool         // it is the null version, and the oldest of its key
	class       string
	kms         bool
	// swapped exchanges, on one side, two versions in the order of their key: the
	// one at this place from the top and the next. 0: none, 1: the two newest.
	swapped int
}

// kinds are what differences there are. Those that replication or a lifecycle
// rule would leave behind look as they do after that: nothing of it was done.
var kinds = map[string]kind{
	"completed":    {says: "one side has it not, where it was written it is COMPLETED", missing: other, status: store.Completed},
	"pending":      {says: "one side has it not, PENDING, and stays so", missing: other, status: store.Pending},
	"failed":       {says: "one side has it not, FAILED", missing: other, status: store.Failed},
	"none":         {says: "one side has it not, no status: never eligible", missing: other},
	"replica":      {says: "it is gone where it was written, the other side has the REPLICA", missing: origin},
	"young":        {says: "written seconds before at, PENDING, and stays so", missing: other, status: store.Pending, newest: true},
	"arriving":     {says: "written seconds before at, PENDING; on the other side, and COMPLETED, once after has passed since at", missing: other, status: store.Pending, newest: true},
	"hard_deleted": {says: "as completed: deleted by its version id on one side, which Batch Replication refuses to bring back", missing: other, status: store.Completed},
	"expired":      {says: "gone on one side, as a lifecycle rule for the prefix would leave it; put such a rule yourself", missing: either, status: store.Completed, wantsPrefix: true},
	"outside":      {says: "one side has it not, no status: outside a filter's prefix, which the prefix here is", missing: other, wantsPrefix: true},
	"archived":     {says: "one side has it not, no status: GLACIER", missing: other, class: "GLACIER"},
	"kms":          {says: "one side has it not, no status: encrypted with SSE-KMS", missing: other, kms: true},

	"marker_missing":  {says: "a delete marker that one side has not", missing: other, marker: true},
	"marker_other_id": {says: "a delete marker of the same second under another version id", marker: true},

	"reencrypted": {says: "the same bytes, encrypted with SSE-KMS on one side: another ETag, the same checksum"},
	"different":   {says: "other bytes of the same size: another ETag, another checksum"},
	"size":        {says: "another size"},

	"conflict":         {says: "the same versions, another one current: written on both sides within a second", swapped: 1},
	"conflict_deleted": {says: "the same, and what one side has current is a delete marker", swapped: 1},
	"order":            {says: "the same versions, the same one current, two below it in another order", swapped: 2},

	"null_same":  {says: "the null version of a key, the same on both sides: no difference", null: true},
	"null_later": {says: "null versions of the same content and different times", null: true},
	"null_other": {says: "null versions of different content and times", null: true},
}

// Kinds names the kinds of differences.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// Help says what each kind is, in a line each.
func Help() string {
	var lines strings.Builder
	for _, name := range Kinds() {
		lines.WriteString("  " + name + ": " + kinds[name].says + "\n")
	}
	return strings.TrimSuffix(lines.String(), "\n")
}

// least is how many versions a key must have for a difference of a kind.
func (k kind) least() int {
	if k.swapped > 0 {
		return k.swapped + 1
	}
	return 1
}
