package rooms

import (
	"errors"
	"fmt"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/ui/console/host"
)

// comparingScenes are the screens of comparing in the states that matter.
func comparingScenes() []scene {
	return []scene{
		{"audit-asking", func(s *stage) { s.atAudit() }},
		{"audit-running", func(s *stage) { s.atAudit().found(3).tell(auditProgress(3, .42)) }},
		{"audit-waiting", func(s *stage) {
			p := auditProgress(0, .42)
			p.Waiting = "side B: connection refused"
			s.atAudit().tell(p)
		}},
		{"audit-same", func(s *stage) { s.audited(0) }},
		{"audit-found", func(s *stage) { s.audited(3) }},
		{"audit-interrupted", func(s *stage) {
			r := auditResult(3)
			r.Complete, r.Why = false, "it was interrupted"
			s.atAudit().found(3).tell(r).end(errors.New("context canceled"))
		}},
		{"audit-failed", func(s *stage) {
			s.atAudit().end(errors.New("side B: AccessDenied: no s3:ListBucketVersions on bothways-demo-b. Add it to the policy of your user."))
		}},
		{"audit-examples", func(s *stage) { s.audited(3).press("enter", "down") }},
	}
}

// atAudit goes to the audit, which begins by itself.
func (s *stage) atAudit() *stage {
	s.t.Helper()
	return s.atPlan().press("u").at(host.Audit).tell(audit.Started{Pair: demoPair(), CutOff: noon})
}

// audited is at an audit that found so many of each kind.
func (s *stage) audited(n int) *stage {
	s.t.Helper()
	return s.atAudit().found(n).tell(auditResult(n)).end(nil)
}

// found tells of so many differences of each kind.
func (s *stage) found(n int) *stage {
	s.t.Helper()
	var events []pair.Event
	for _, d := range differences(n) {
		events = append(events, d)
	}
	return s.tell(events...)
}

// differences are so many of each of four kinds.
func differences(n int) []difference.Difference {
	var all []difference.Difference
	toB, toA := pair.AtoB, pair.BtoA
	for i := range n {
		at := noon.Add(-time.Duration(i) * time.Hour)
		all = append(all, difference.Difference{
			Candidate: difference.Candidate{Key: fmt.Sprintf("holiday/img-%04d.jpg", i), Kind: difference.OneSided, A: &difference.Entry{VersionID: fmt.Sprintf("3sL4kqtJlcpXroDTDmJ.rmSpXd3dIb%02d", i), Latest: true, Modified: at, ETag: "d41d8cd98f00b204e9800998ecf8427e", Size: 2 << 20}},
			Verdict:   difference.Failed, Cause: difference.MissingRight, Remedy: difference.Repair, Direction: &toB, StatusA: "FAILED", Asked: true,
			Evidence: []string{"HEAD on A says FAILED", "the role lacks s3:ReplicateObject on side B"}, LookedAt: noon,
		}, difference.Difference{
			Candidate: difference.Candidate{Key: fmt.Sprintf("letters/%d.txt", i), Kind: difference.OneSided, B: &difference.Entry{VersionID: fmt.Sprintf("before-%d", i), Modified: at, Size: 300}},
			Verdict:   difference.NeverEligible, Cause: difference.BeforeRule, Remedy: difference.Replicate, Direction: &toA, Asked: true,
			Evidence: []string{"created on 2026-03-01, the rule stands since 2026-03-02"}, LookedAt: noon,
		})
	}
	if n > 0 {
		one, other := difference.Entry{VersionID: "one", Latest: true, Modified: noon, Size: 10}, difference.Entry{VersionID: "other", Latest: true, Modified: noon, Size: 12}
		all = append(all, difference.Difference{
			Candidate: difference.Candidate{Key: "index.html", Kind: difference.OtherCurrent, A: &one, B: &other},
			Verdict:   difference.Conflict, Cause: difference.BothWrote, Remedy: difference.ChooseWinner, LookedAt: noon,
		})
	}
	return all
}

func auditTally(n int) difference.Tally {
	t := difference.Tally{Keys: 9000, VersionsA: 9_087_310, VersionsB: 9_087_300, MarkersA: 10, MarkersB: 20}
	t.AddSame(9_087_310, 12<<40)
	t.AddCount(difference.Young, difference.Count{Versions: 112, Bytes: 3 << 20})
	for _, d := range differences(n) {
		t.Add(d)
	}
	return t
}

func auditProgress(n int, done float64) audit.Progress {
	return audit.Progress{
		Phase: audit.Listing, Tally: auditTally(n), Candidates: 17, Done: done, PerSecond: 410_000, Elapsed: 40 * time.Second,
		Left: 55 * time.Second, Requests: audit.Requests{Lists: 18_180, Heads: 7}, Workers: 16,
	}
}

func auditResult(n int) audit.Result {
	return audit.Result{
		Tally: auditTally(n), CutOff: noon, Began: noon, Finished: noon.Add(95 * time.Second),
		Requests: audit.Requests{Lists: 18_190, Heads: 7}, Complete: true,
	}
}
