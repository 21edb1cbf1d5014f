package report

import (
	"bytes"
	"crypto/sha256"
	"fmt"
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
}

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

// Compare reads the rows of the earlier audit twice and those of the later one
// once, and keeps 17 bytes for each of the earlier.
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
	still := make([]bool, len(were))
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
