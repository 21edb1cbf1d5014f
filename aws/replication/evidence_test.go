package replication_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/step"
)

// A healthy answer says what it rests on, and leaves open what only a canary proves.
func TestAHealthyAnswerShowsItsEvidence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		for _, canaries := range []bool{false, true} {
			for d, h := range l.examine(t, canaries).Health {
				if h.ReadAt.IsZero() {
					t.Errorf("%s: nothing says when it was read", d.Arrow())
				}
				for _, c := range h.Checks {
					want := doctor.Fine
					if c.What == "canary" && !canaries {
						want = doctor.Open
					}
					if c.Seen != want || c.Says == "" {
						t.Errorf("%s %s is %s: %q", d.Arrow(), c.What, c.Seen, c.Says)
					}
				}
				for what, says := range map[string]string{
					"versioning": "Enabled on both sides", "rule": testPair.RuleID(d) + " is Enabled: all objects", "role": "S3 may take it",
					"rights": "actions that S3 needs, as IAM simulates it", "canary": map[bool]string{false: "not tried", true: "read on the other side after"}[canaries],
				} {
					if !strings.Contains(saidOf(h, what), says) {
						t.Errorf("%s %s says %q, want %q", d.Arrow(), what, saidOf(h, what), says)
					}
				}
			}
		}
	})
}

// What is wrong stands in its check's place, and no check that was not made is fine.
func TestWhatIsWrongIsAmissInTheEvidence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		h := l.examine(t, false).Health[pair.AtoB] // nothing is there
		for _, c := range h.Checks {
			if c.Seen == doctor.Fine {
				t.Errorf("%s is fine: %q", c.What, c.Says)
			}
		}
		if !strings.Contains(saidOf(h, "buckets"), "there is no bucket") {
			t.Errorf("buckets says %q", saidOf(h, "buckets"))
		}
	})
}

func saidOf(h doctor.HealthEvent, what string) string {
	for _, c := range h.Checks {
		if c.What == what {
			return c.Says
		}
	}
	return ""
}
