package backfill_test

import (
	"testing"
	"testing/synctest"

	"bothways/aws/audit/difference"
	"bothways/aws/backfill"
	"bothways/aws/pair"
)

// A task for what no rule takes would fail, and be paid for.
func TestWhatTheRuleDoesNotTakeIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.put(pair.A, "under kms", "old")
		l.put(pair.A, "beside the prefix", "old")
		l.put(pair.A, "plain", "old")
		l.setUp()
		l.settle()
		asked := l.asked()
		rows := asked.Rows
		asked.Rows = func(yield func(difference.Difference, error) bool) {
			for d, err := range rows {
				switch d.Key { // of which a rule for all keys takes one by now
				case "under kms":
					d.Cause, d.Remedy = difference.KMSNotOptedIn, difference.Widen
				case "beside the prefix":
					d.Cause, d.Remedy = difference.OutsideFilter, difference.Widen
				}
				if !yield(d, err) {
					return
				}
			}
		}
		p := l.prepare(asked)
		if p.Untried[backfill.Untaken] != 1 || p.Ways[pair.AtoB].Versions != 2 {
			t.Errorf("left alone are %v, replicated %+v", p.Untried, p.Ways)
		}
	})
}
