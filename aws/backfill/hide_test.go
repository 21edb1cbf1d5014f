package backfill_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"bothways/aws/backfill"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
)

// inAnyOrder runs a test in worlds that tell the current version of a key in
// different ways, since AWS does not document how it does.
func inAnyOrder(t *testing.T, do func(*lab, sandbox.Current)) {
	t.Helper()
	for _, order := range sandbox.Currents() {
		t.Run(string(order), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLabOf(t, order)
				l.versioned()
				do(l, order)
			})
		})
	}
}

// deletedBefore makes files that were deleted before the pair was set up: one on
// both sides, and one on A alone.
func (l *lab) deletedBefore() []string {
	l.Helper()
	for _, side := range pair.Sides() {
		l.put(side, "both", "of "+string(side))
		l.settle()
		l.hide(side, "both")
		l.settle()
	}
	l.put(pair.A, "one", "first")
	l.put(pair.A, "one", "second")
	l.hide(pair.A, "one")
	l.settle()
	return []string{"both", "one"}
}

// What was deleted is not read again because its versions are brought to the other
// side: without an agreement they stay where they are.
func TestABackfillLeavesTheVersionsOfDeletedFiles(t *testing.T) {
	inAnyOrder(t, func(l *lab, _ sandbox.Current) {
		keys := l.deletedBefore()
		l.setUp()
		l.put(pair.A, "kept", "x")
		l.settle()
		p := l.prepare(l.asked())
		if p.Untried[backfill.NotAgreed] != 5 || p.Consents[backfill.ToMarkers] != 5 || !p.Nothing() {
			l.Errorf("%d steps, untried %v, %v", len(p.Steps), p.Untried, p.Consents)
		}
		for _, key := range keys {
			for _, side := range pair.Sides() {
				if got := l.serves(side, key); got != "" {
					l.Errorf("side %s serves %s of %s", side, got, key)
				}
			}
		}
	})
}

// With an agreement to markers they are brought, and the files stay deleted.
func TestABackfillKeepsDeletedFilesDeleted(t *testing.T) {
	inAnyOrder(t, func(l *lab, _ sandbox.Current) {
		keys := l.deletedBefore()
		l.setUp()
		asked := l.asked()
		asked.Markers = true
		result, seen := l.fill(asked)
		if result.Left() != 0 || result.Alone() != 0 {
			l.Errorf("%s; %v", result.Words(), of[backfill.Left](seen))
		}
		l.settle()
		for _, key := range keys {
			for _, side := range pair.Sides() {
				if got := l.serves(side, key); got != "" {
					l.Errorf("side %s serves %s of %s", side, got, key)
				}
			}
		}
		a, b := l.entries(pair.A), l.entries(pair.B)
		for at, e := range a {
			if _, both := b[at]; !both && !e.Marker {
				l.Errorf("%v is not on B", at)
			}
		}
	})
}

// A proof that nothing is left is one that both sides serve the same, too: where
// each side had written a key, they may serve different versions once both have both.
func TestTheProofLooksAtWhatIsServed(t *testing.T) {
	inAnyOrder(t, func(l *lab, order sandbox.Current) {
		const keys = 3
		for n := range keys {
			for _, side := range pair.Sides() {
				l.put(side, fmt.Sprint("k", n), "of "+string(side))
				l.settle()
			}
		}
		l.setUp()
		result, seen := l.fill(l.asked())
		l.settle()
		var unlike int64
		for n := range keys {
			if key := fmt.Sprint("k", n); l.serves(pair.A, key) != l.serves(pair.B, key) {
				unlike++
			}
		}
		if (unlike > 0) != (order == sandbox.Arrived) || (result.Left() > 0) != (unlike > 0) || result.Unlike != result.Left() {
			l.Errorf("%d keys are served differently; %s", unlike, result.Words())
		}
		if named := int64(len(of[backfill.Left](seen))); named != result.Left() {
			l.Errorf("%d are named of %d", named, result.Left())
		}
	})
}
