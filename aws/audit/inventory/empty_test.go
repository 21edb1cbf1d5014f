package inventory_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/inventory"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
)

// Lists that were made before anything was written say nothing of what was
// written since, and an audit of nothing says so.
func TestEmptyListsAreNotTakenForEmptyBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		lists := l.found()
		run := func() (audit.Result, string) {
			t.Helper()
			result, err := audit.Run(t.Context(), audit.Config{
				World: l.world, CutOff: lists.CutOff(), Lists: lists.Basis(),
				Source: inventory.Join{World: l.world, Lists: lists, Dir: t.TempDir()}.Source,
			}, func(pair.Event) {})
			l.do(result, err)
			return result, words.Headline(result.Tally, result.Complete, result.Lists)
		}
		result, said := run()
		if result.Lists.Missed() || !strings.Contains(said, "A page of each bucket's listing has nothing, either") {
			t.Errorf("of empty buckets: %s", said)
		}
		l.put(pair.A, "k", "x")
		l.put(pair.A, "l", "x")
		<-time.After(time.Minute)
		result, said = run()
		if !result.Lists.Missed() || !strings.Contains(said, "Both lists are empty, as of "+lists.A.At.UTC().Format(time.RFC3339)) || !strings.Contains(said, "A 2, B none") {
			t.Errorf("%+v: %s", result.Lists, said)
		}
	})
}
