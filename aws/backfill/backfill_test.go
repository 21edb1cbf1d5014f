package backfill_test

import (
	"testing"
	"testing/synctest"

	"bothways/aws/pair"
)

func TestWhatIsOlderThanTheRulesIsReplicatedBothWaysAndProven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		for n := range 20 {
			l.put(pair.A, keyOf("a", n), "of A")
			l.put(pair.B, keyOf("b", n), "of B")
		}
		l.setUp()
		l.settle()
		if n := len(l.differences()); n != 40 {
			t.Fatalf("%d differences before", n)
		}
		result, _ := l.fill(l.asked())
		if result.Left() > 0 || result.There != 40 || result.Tried != 40 || result.Alone() > 0 {
			t.Errorf("got %+v", result)
		}
		if rows := l.differences(); len(rows) > 0 {
			t.Errorf("%d differences after, such as %+v", len(rows), rows[0])
		}
		l.nothingOfOurs()
	})
}
