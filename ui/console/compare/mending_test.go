package compare

import (
	"strings"
	"testing"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
)

// What a rule in order leaves out is no fault of the replication: the doctor would
// find nothing, and it keeps back no choice of a winner.
func TestWhatARuleLeavesOutIsNotTakenForBroken(t *testing.T) {
	var out, more difference.Tally
	for _, to := range pair.Directions() {
		d := difference.Difference{Candidate: difference.Candidate{Key: "k", Kind: difference.OneSided, A: &difference.Entry{VersionID: "v"}}, Verdict: difference.NeverEligible, Cause: difference.KMSNotOptedIn, Remedy: difference.Widen, Direction: &to}
		out.Add(d)
		more.Add(d)
	}
	more.Add(difference.Difference{
		Candidate: difference.Candidate{Key: "c", Kind: difference.OtherCurrent, A: &difference.Entry{VersionID: "a"}, B: &difference.Entry{VersionID: "b"}},
		Verdict:   difference.Conflict, Cause: difference.BothWrote, Remedy: difference.ChooseWinner,
	})
	s := filled(t, 0)
	for _, c := range []struct {
		name, key, says string
		of              difference.Tally
	}{{"alone", "esc", "options", out}, {"beside a choice", "b", "which place has it right", more}} {
		m := mendingOf(c.of)
		if key, says := s.nextOf(m, words.Sum(c.of)); m.Broken() || key != c.key || !strings.Contains(says, c.says) {
			t.Errorf("%s: broken %v, %q %q", c.name, m.Broken(), key, says)
		}
	}
}
