package rooms

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/audit/deep"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/draw"
	"bothways/aws/audit/parity"
	"bothways/aws/backfill"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/session"
	"bothways/probe/cost"
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
		{"audit-looking-again", func(s *stage) {
			p := auditProgress(0, -1)
			p.Left = -1
			s.atAudit().tell(p)
		}},
		{"audit-no-rule", func(s *stage) { s.auditedOnly(unset(3)...) }},
		{"audit-unknown", func(s *stage) { s.auditedOnly(unknown(2)...) }},
		{"audit-empty", func(s *stage) {
			s.atAudit().tell(audit.Result{CutOff: noon, Began: noon, Finished: noon, Complete: true}).end(nil)
		}},
		{"audit-prefix-of-nothing", func(s *stage) {
			s.cfg.Pair.Options.Prefix = "2025/"
			s.atAudit().tell(audit.Result{CutOff: noon, Began: noon, Finished: noon, Complete: true}).end(nil)
		}},
		{"audit-many", func(s *stage) {
			r := auditResult(3)
			for i := range r.Tally.Groups {
				r.Tally.Groups[i].Versions, r.Tally.Groups[i].Keys = 1_234_567_890_123, 987_654_321_012
			}
			s.atAudit().found(3).tell(r).end(nil)
		}},
		{"audit-settings", func(s *stage) { s.audited(0).press("p") }},
		{"audit-closely", func(s *stage) {
			s.audited(0).press("l").tell(audit.Started{Pair: demoPair(), CutOff: noon}, auditResult(0), deep.Sampled{
				Version: draw.Version{Key: "holiday/img-0007.jpg", VersionID: "v7"}, Differences: map[deep.Aspect]string{deep.Tags: "team is \"x\" on A and \"y\" on B"},
			}, deep.Result{Asked: 300, Drawn: 300, Whole: deep.Tally{Looked: 300, Bad: 1}, Says: "300 random versions looked at, 1 bad: less than 1.85 % of all are, with 95 % confidence"}).end(nil)
		}},
		{"audit-samples", func(s *stage) {
			named(s.t, "audit-closely").play(s)
			s.press("i")
		}},
		{"past-audit", func(s *stage) {
			s.cfg.RunsDir = "testdata/audits"
			s.open().press("esc", "esc", "r").at(host.Runs).press("enter").at(host.PastAudit)
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
		{"backfill", func(s *stage) { s.audited(3).press("b").at(host.Backfill) }},
		{"backfill-reading", func(s *stage) {
			s.do.Backfill = func(ctx context.Context, _ account.Access, _ pair.Pair, _ session.BackfillOptions) (host.Backfiller, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			s.audited(3).press("b")
		}},
		{"backfill-looking-again", func(s *stage) {
			s.do.Backfill = func(ctx context.Context, _ account.Access, _ pair.Pair, options session.BackfillOptions) (host.Backfiller, error) {
				options.Asked.Tell(1234)
				<-ctx.Done()
				return nil, ctx.Err()
			}
			s.audited(3).press("b")
		}},
		{"backfill-some-stand", func(s *stage) {
			planned(s, func(p *backfill.Plan) { p.Looked = backfill.Looked{Versions: 40, Stand: 37, Heads: 80, At: noon} })
			s.audited(3).press("b")
		}},
		{"backfill-all-stands", func(s *stage) {
			planned(s, func(p *backfill.Plan) {
				*p = backfill.Plan{
					Plan:   plan.Plan{Pair: p.Pair, Purpose: p.Purpose, Accounts: p.Accounts},
					Looked: backfill.Looked{Versions: 40, Stand: 40, Heads: 80, At: noon, Proven: noon.Add(-time.Hour), By: "20261130-110000-demo"},
				}
			})
			s.audited(3).press("b")
		}},
		{"backfill-much-alone", func(s *stage) {
			planned(s, func(p *backfill.Plan) {
				p.Untried = map[backfill.Reason]int64{backfill.NoWinner: 7, backfill.NotAgreed: 1204, backfill.Unhealthy: 61, backfill.NotCurrent: 5, backfill.Archived: 2}
				p.Consents = map[backfill.Consent]int64{backfill.ToWinner: 7, backfill.ToCopies: 1203, backfill.ToMarkers: 1}
			})
			s.audited(3).press("b")
		}},
		{"backfill-failed", func(s *stage) {
			s.do.Backfill = func(context.Context, account.Access, pair.Pair, session.BackfillOptions) (host.Backfiller, error) {
				return nil, errors.New("AccessDenied: no s3:ListJobs in account 111122223333")
			}
			s.audited(3).press("b")
		}},
		{"backfill-running", func(s *stage) { s.audited(3).press("b", "y").backfilling() }},
		{"backfill-done", func(s *stage) {
			s.audited(3).press("b", "y").backfilling().news("job-a-to-b", step.Done, "Complete", time.Minute).
				tell(backfill.Result{Tried: 3, There: 3, At: noon}).end(nil)
		}},
		{"backfill-left", func(s *stage) {
			toB := pair.AtoB
			s.audited(3).press("b", "y").backfilling().news("job-a-to-b", step.Done, "Complete", time.Minute).tell(
				backfill.Left{Number: 1, Direction: &toB, Key: "holiday/img-0001.jpg", Code: "DstObjectHardDeleted", Words: "It was deleted on side B by its version ID.", Todo: "Agree to copies in place."},
				backfill.Result{Tried: 3, There: 2, Missing: 1, Untried: map[backfill.Reason]int64{backfill.NoWinner: 1}, At: noon}).end(nil)
		}},
		{"audit-examples", func(s *stage) { s.audited(3).press("enter", "down") }},
	}
}

// demoBackfill is a backfill of one direction.
func demoBackfill(p pair.Pair, _ session.BackfillOptions) backfill.Plan {
	toB := pair.AtoB
	return backfill.Plan{
		Plan: plan.Plan{
			Pair: p, Purpose: pair.SetUp, Accounts: map[pair.SideName]string{pair.A: "111122223333", pair.B: "111122223333"},
			Steps: []step.Step{
				{ID: "manifest-a-to-b", Title: "manifest", Direction: &toB, Change: step.Create, What: "3 versions, 6 MiB", Call: "PutObject", Why: "The job replicates exactly what it lists.", Target: "bothways-7k2m-backfill", Undo: "it is removed again", CLI: "aws s3api put-object --bucket b --key manifest.csv"},
				{ID: "job-a-to-b", Title: "job", Direction: &toB, Change: step.Create, What: "S3 Batch Replication of 3 versions", Call: "CreateJob", Why: "S3 replicates what it is told to.", Target: "account 111122223333", Undo: "aws s3control update-job-status", CLI: "aws s3control create-job", Needs: []string{"manifest-a-to-b"}},
			},
		},
		Ways:    map[pair.Direction]backfill.Way{pair.AtoB: {Versions: 3, Bytes: 6 << 20}},
		Untried: map[backfill.Reason]int64{backfill.NoWinner: 1}, Consents: map[backfill.Consent]int64{backfill.ToWinner: 1},
		Price: cost.BatchEstimate{Jobs: 1, Tasks: 3, Dollars: .25, DollarsAtMost: .25, Priced: true, PricesAsOf: "2026"},
	}
}

// planned changes what the next backfill is planned as.
func planned(s *stage, change func(*backfill.Plan)) {
	s.do.Backfill = func(_ context.Context, access account.Access, p pair.Pair, options session.BackfillOptions) (host.Backfiller, error) {
		made := demoBackfill(p, options)
		change(&made)
		return &backfiller{stage: s, access: access, plan: made}, nil
	}
}

// backfiller is a backfill whose course the test tells.
type backfiller struct {
	stage  *stage
	access account.Access
	plan   backfill.Plan
}

func (b *backfiller) Plan() backfill.Plan { return b.plan }

func (b *backfiller) Run(ctx context.Context, emit pair.Emit) (backfill.Result, error) {
	return backfill.Result{}, b.stage.work(&work{ctx: ctx, emit: emit, access: b.access, backfill: true})
}

// backfilling is how far a backfill has come.
func (s *stage) backfilling() *stage {
	s.t.Helper()
	s.news("manifest-a-to-b", step.Done, "written", 200*time.Millisecond)
	s.news("job-a-to-b", step.Running, "Active", time.Second)
	return s.tell(backfill.Progress{Direction: pair.AtoB, JobID: "j", State: "Active", Done: 1200, Failed: 2, Total: 4800, PerSecond: 310, Elapsed: 4 * time.Second, Left: 11 * time.Second})
}

// auditedOnly is at an audit that found just these.
func (s *stage) auditedOnly(all ...difference.Difference) *stage {
	s.t.Helper()
	r := auditResult(0)
	events := make([]pair.Event, 0, len(all)+1)
	for _, d := range all {
		r.Tally.Add(d)
		events = append(events, d)
	}
	return s.atAudit().tell(append(events, r)...).end(nil)
}

// unset are differences of a direction that has no rule.
func unset(n int) []difference.Difference {
	all := differences(n)[:2*n]
	var found []difference.Difference
	for _, d := range all {
		if d.A != nil {
			d.Verdict, d.Cause, d.StatusA = difference.NeverEligible, difference.NoRule, ""
			d.Evidence = []string{"bucket bothways-demo-7k2m-eu-west-1 has no replication configuration"}
			found = append(found, d)
		}
	}
	return found
}

// unknown are differences of which a missing right keeps the cause.
func unknown(n int) []difference.Difference {
	all := unset(n)
	for i := range all {
		all[i].Verdict, all[i].Cause, all[i].Remedy, all[i].Direction = difference.Unknown, difference.Undetermined, difference.Look, nil
		all[i].Evidence = []string{"asking failed: AccessDenied: no s3:GetObjectVersion on bothways-demo-7k2m-eu-west-1"}
	}
	return all
}

// demoSettings are two that differ, one that could not be read, and one alike.
func demoSettings() []parity.Setting {
	return []parity.Setting{
		{Name: "acl", Title: "bucket ACL", Judgement: parity.Alike},
		{
			Name: "cors", Title: "CORS rules", Judgement: parity.Differs, Means: "Web pages of other sites that read from A could not read from B.", Differences: []string{"CORSRules: A has 1, B has none"},
			A: parity.Reading{Document: []byte(`{"CORSRules":[{"AllowedMethods":["GET"],"AllowedOrigins":["*"]}]}`)}, LikeA: []parity.Line{{CLI: "aws s3api put-bucket-cors --region ap-southeast-1 --bucket b --cors-configuration '{}'"}},
			LikeB: []parity.Line{{CLI: "aws s3api delete-bucket-cors --region eu-west-1 --bucket a"}},
		},
		{Name: "policy", Title: "bucket policy", Judgement: parity.Differs, Means: "Other people could not read from B.", Differences: []string{"only A has one"}, LikeA: []parity.Line{{Words: "it names others: put the statements in by hand"}}},
		{Name: "tags", Title: "bucket tags", Judgement: parity.Unknown, B: parity.Reading{Unread: "s3:GetBucketTagging is missing on side B"}},
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
