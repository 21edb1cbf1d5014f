package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// Comparison holds a later audit of a pair against an earlier one: what was put
// right, what is new, what stays. A difference is the same in both where its key,
// its version and the side that has it are.
type Comparison struct {
	Before, After         Audit
	PutRight, New, Stays  difference.Tally        // of what is wrong, open or waiting
	PutRightRows, NewRows []difference.Difference // the first of them
	StaysRows             []difference.Difference
	// Changed counts those that stay and have another verdict than before, each
	// change by itself, and ChangedRows are the first of them, as they are now.
	Changed     map[Change]int64
	ChangedRows map[Change][]difference.Difference
}

// Change is a verdict that became another one.
type Change struct{ From, To difference.Verdict }

// mostNamed bounds the examples of each kind.
const mostNamed = 5

// NotComparableError says that two audits are of other things.
type NotComparableError struct{ Why string }

func (e *NotComparableError) Error() string { return "the audits can't be compared: " + e.Why }

// identity is what a difference is told by: a hash, of which two of 10^7 are alike
// by chance once in 10^24 comparisons.
type identity [16]byte

func identityOf(d difference.Difference) identity {
	h := sha256.New()
	part := func(text string) { fmt.Fprintf(h, "%d:%s", len(text), text) }
	part(d.Key)
	if d.Kind == difference.OtherCurrent { // of which each side has one
		part("current")
	} else {
		part(d.Entry().VersionID)
	}
	part(string(difference.GroupOf(d).Only))
	return identity(h.Sum(nil)[:16])
}

// counts says whether a difference is one to follow.
func counts(d difference.Difference) bool { return d.Verdict.Severity() != difference.Fine }

// Compare reads the rows of the earlier audit three times and those of the later one
// once, and keeps 18 bytes for each of the earlier.
func Compare(before, after Audit) (*Comparison, error) {
	if before.Started.Pair.ID() != after.Started.Pair.ID() {
		return nil, &NotComparableError{"one is of " + sides(before) + ", the other of " + sides(after)}
	}
	if before.Started.Pair.A != after.Started.Pair.A {
		return nil, &NotComparableError{"A and B have changed places"}
	}
	c := &Comparison{Before: before, After: after}
	var were []identity
	for d, err := range before.Rows {
		if err != nil {
			return nil, err
		}
		if counts(d) {
			were = append(were, identityOf(d))
		}
	}
	slices.SortFunc(were, func(a, b identity) int { return bytes.Compare(a[:], b[:]) })
	still, verdicts := make([]bool, len(were)), make([]uint8, len(were))
	order := difference.Verdicts()
	for d, err := range before.Rows {
		if err != nil {
			return nil, err
		}
		if counts(d) {
			at, _ := find(were, d)
			verdicts[at] = uint8(slices.Index(order, d.Verdict) + 1) // 0: one that is not known
		}
	}
	for d, err := range after.Rows {
		if err != nil {
			return nil, err
		}
		if !counts(d) {
			continue
		}
		at, found := find(were, d)
		if !found {
			c.New.Add(d)
			c.NewRows = some(c.NewRows, d)
			continue
		}
		still[at] = true
		c.Stays.Add(d)
		c.StaysRows = some(c.StaysRows, d)
		if was := verdicts[at]; was > 0 && order[was-1] != d.Verdict {
			c.change(Change{order[was-1], d.Verdict}, d)
		}
	}
	for d, err := range before.Rows {
		if err != nil {
			return nil, err
		}
		if !counts(d) {
			continue
		}
		if at, _ := find(were, d); !still[at] {
			c.PutRight.Add(d)
			c.PutRightRows = some(c.PutRightRows, d)
		}
	}
	return c, nil
}

func (c *Comparison) change(to Change, d difference.Difference) {
	if c.Changed == nil {
		c.Changed, c.ChangedRows = map[Change]int64{}, map[Change][]difference.Difference{}
	}
	c.Changed[to]++
	c.ChangedRows[to] = some(c.ChangedRows[to], d)
}

// changes are the changes of verdicts in the order of what they were, then of what
// they are.
func (c *Comparison) changes() []Change {
	order := difference.Verdicts()
	return slices.SortedFunc(maps.Keys(c.Changed), func(a, b Change) int {
		return cmp.Or(slices.Index(order, a.From)-slices.Index(order, b.From), slices.Index(order, a.To)-slices.Index(order, b.To))
	})
}

func find(were []identity, d difference.Difference) (int, bool) {
	return slices.BinarySearchFunc(were, identityOf(d), func(a, b identity) int { return bytes.Compare(a[:], b[:]) })
}

func some(rows []difference.Difference, d difference.Difference) []difference.Difference {
	if len(rows) < mostNamed {
		return append(rows, d)
	}
	return rows
}

func sides(a Audit) string {
	return a.Started.Pair.Side(pair.A).String() + " and " + a.Started.Pair.Side(pair.B).String()
}
