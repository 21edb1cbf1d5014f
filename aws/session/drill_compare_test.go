package session

import (
	"testing"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// What a pause holds is PENDING, and so on its way: it is counted as missing, and the
// sides hold the same only once it has arrived. What is written later is on its way
// all the time.
func TestWhatAFaultHoldsIsMissingUntilItArrives(t *testing.T) {
	ended := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	way := pair.AtoB
	for name, c := range map[string]struct {
		moment  record.Moment
		written time.Time
		clean   bool
	}{
		"before the fault":            {record.Before, ended.Add(-time.Hour), true},
		"while it lasts":              {record.During, ended.Add(-time.Minute), false},
		"held, and it is over":        {record.After, ended.Add(-time.Minute), false},
		"written since it was undone": {record.After, ended.Add(time.Second), true},
	} {
		t.Run(name, func(t *testing.T) {
			found := differing{pair: pair.Pair{Options: pair.DefaultOptions()}, moment: c.moment, ended: ended}
			found.take(difference.Difference{
				Candidate: difference.Candidate{Key: "k", Kind: difference.OneSided, A: &difference.Entry{VersionID: "v", Size: 7, Modified: c.written, Latest: true}},
				Verdict:   difference.InFlight, Remedy: difference.Wait, Direction: &way,
			})
			got := found.compared()
			if got.Missing[way] != (record.Amount{Versions: 1, Bytes: 7}) {
				t.Errorf("missing: %v", got.Missing)
			}
			if len(got.Differences) != 1 || got.Differences[0] != (record.Differing{Key: "k", Version: "v", On: pair.A, Verdict: string(difference.InFlight)}) || got.Unlisted != 0 {
				t.Errorf("named: %+v and %d more", got.Differences, got.Unlisted)
			}
			if got.Clean != c.clean || (got.Why == "") != c.clean {
				t.Errorf("clean is %t: %q", got.Clean, got.Why)
			}
		})
	}
}
