package rooms

import (
	"context"
	"strings"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
	"bothways/ui/console/host"
)

// changingScenes are the screens of changing in the states that matter.
func changingScenes() []scene {
	return []scene{
		{"mfa-code", func(s *stage) {
			s.profiles(account.Profile{Name: "deploy", Coded: true})
			asks, device := make(chan struct{}), "arn:aws:iam::123456789012:mfa/jane"
			if s.hostile {
				device = hostile
			}
			s.do.Identify = func(_ context.Context, access account.Access, _ string) (account.Identity, error) {
				if access.Profile == "deploy" { // long after it was given up for the sandbox
					<-asks
					_, err := s.AskCode("deploy", device)
					return account.Identity{}, err
				}
				return operator(), nil
			}
			s.open().press("down", "enter", "esc", "up")
			s.applying()
			close(asks)
			s.settle()
			s.typed("1234")
		}},
		{"apply-paused", func(s *stage) {
			s.profiles(account.Profile{Name: "dev", SignsIn: true})
			s.cfg.OpenSandbox = func(context.Context) (account.Access, error) {
				access := sandboxAccess()
				access.Profile = "dev"
				return access, nil
			}
			s.applying().tell(step.Event{
				ID: "rule-b-to-a", Status: step.Running, Paused: true, Profile: "dev", Attempt: 1, ElapsedMS: 61000, At: noon,
				Detail: "The sign-in of profile dev has expired: sign in again with aws sso login --profile dev. It goes on by itself, and nothing is lost.",
			})
		}},
		{"apply-settling", func(s *stage) {
			s.surveyed(func(found *session.Plans) {
				found.SetUp.Steps = append(found.SetUp.Steps, step.Step{
					ID: "settle", Kind: step.KindSettle, Title: "settle", Change: step.Wait, What: "wait 15 min after versioning reads Enabled; can be skipped", Call: "none",
					Why: "Until versioning has settled everywhere, single reads of new objects may miss.", Target: "this computer", CLI: "sleep 900",
				})
			})
			s.applying().news("settle", step.Running, "11 min left, until 12:11:00", 4*time.Minute)
		}},
		{"plan-reading", func(s *stage) {
			s.do.Survey = func(ctx context.Context, _ account.Access, _ pair.Pair, _ pair.Consent) (session.Plans, error) {
				<-ctx.Done()
				return session.Plans{}, ctx.Err()
			}
			s.now = noon.Add(-1200 * time.Millisecond)
			s.atPlan()
			s.now = noon
		}},
		{"plan", func(s *stage) { s.atPlan().press(times(7, "down")...) }},
		{"plan-in-an-account", func(s *stage) { s.inAccounts("prod", "").atPlan() }},
		{"plan-in-two-accounts", func(s *stage) { s.inAccounts("prod", "partner").atPlan() }},
		{"plan-blocked", func(s *stage) {
			s.surveyed(first(survey.Finding{
				Severity: survey.Blocker, Side: pair.A, Title: "1 replication rule(s) that are not this pair's: nightly",
				Meaning: "S3 replaces the whole configuration at every write, and all its rules share one role, so bothways leaves it alone. Remove the rules, or choose another bucket.",
			}))
			s.atPlan()
		}},
		{"plan-consent", func(s *stage) {
			s.surveyed(first(survey.Finding{
				Severity: survey.Blocker, Side: pair.A, Title: "1 replication rule of others: nightly", Consent: pair.Merge,
				Meaning: "Agree, and ours is written beside it, which stays as it is. All rules of a bucket share one role, so theirs gets a policy of ours. On the command line: --merge.",
			}))
			s.atPlan()
		}},
		{"plan-merged", func(s *stage) {
			s.surveyed(func(found *session.Plans) {
				for i, st := range found.SetUp.Steps {
					if st.Kind == step.KindRule {
						found.SetUp.Steps[i].What = "beside 2 rules of others: all objects, delete markers, replica edits"
						found.SetUp.Steps[i].Others = "the replication configuration with nightly and logs, which stay in it as they are"
					}
				}
			})
			s.atPlan().press(times(5, "down")...)
		}},
		{"doctor", func(s *stage) { s.atPlan().press("d").tell(sick()...).end(nil) }},
		{"doctor-reading", func(s *stage) { s.atPlan().press("d") }},
		{"doctor-healthy", func(s *stage) { s.atPlan().press("d").tell(healthy()...).end(nil) }},
		{"apply", func(s *stage) { s.applying() }},
		{"apply-failed", func(s *stage) {
			s.now = noon.Add(-181 * time.Second)
			s.atPlan().press("y")
			s.now = noon
			s.midway()
			s.news("role-a-to-b role-b-to-a rule-b-to-a canary-b-to-a", step.Done, "done", 200*time.Millisecond)
			s.news("rule-a-to-b", step.Failed, "InvalidRequest: Destination bucket must have versioning enabled. (request 93A1) Check that nobody suspended it, then retry.", 3*time.Minute)
			s.news("canary-a-to-b", step.Skipped, "rule-a-to-b did not succeed", 0)
			s.end(nil)
		}},
		{"teardown", func(s *stage) { s.atPlan().press("x") }},
		{"teardown-naming", func(s *stage) { s.atPlan().press("x", "b", "y").typed("bo") }},
	}
}

// atPlan goes on to the plan.
func (s *stage) atPlan() *stage {
	s.t.Helper()
	if s.App == nil {
		s.open()
	}
	return s.press("enter", "enter", "enter", "enter").at(host.Plan)
}

// surveyed changes what a survey finds.
func (s *stage) surveyed(change func(found *session.Plans)) {
	s.do.Survey = func(_ context.Context, _ account.Access, p pair.Pair, _ pair.Consent) (session.Plans, error) {
		found := demoSurvey(p)
		change(&found)
		return found, nil
	}
}

// first puts something before all that a survey found.
func first(finding survey.Finding) func(*session.Plans) {
	return func(found *session.Plans) {
		found.SetUp.Findings = append([]survey.Finding{finding}, found.SetUp.Findings...)
	}
}

// applying carries the plan out up to its roles.
func (s *stage) applying() *stage {
	s.t.Helper()
	s.now = noon.Add(-4 * time.Second)
	s.atPlan().press("y").at(host.Apply)
	s.now = noon
	return s.midway()
}

// midway is how far the steps have come.
func (s *stage) midway() *stage {
	s.t.Helper()
	s.news("bucket-a bucket-b", step.Done, "created", 310*time.Millisecond)
	s.news("versioning-a versioning-b", step.Done, "Enabled", 120*time.Millisecond)
	s.news("role-b-to-a", step.Running, "waiting until IAM knows the role everywhere", 1200*time.Millisecond)
	return s.news("role-a-to-b", step.Running, "S3 says: the role cannot be assumed yet; trying again for up to 60 s", 1200*time.Millisecond)
}

// news is what the engine that works tells of steps.
func (s *stage) news(ids string, status step.Status, detail string, elapsed time.Duration) *stage {
	s.t.Helper()
	var events []pair.Event
	for id := range strings.FieldsSeq(ids) {
		events = append(events, step.Event{ID: id, Status: status, Detail: detail, Attempt: 1, ElapsedMS: elapsed.Milliseconds(), At: noon})
	}
	return s.tell(events...)
}

// sick is what a doctor finds of a pair that replicates one way.
func sick() []pair.Event {
	toB, toA := pair.AtoB, pair.BtoA
	return []pair.Event{
		doctor.Trouble{
			Severity: survey.Blocker, Direction: &toB, Side: pair.A, Cause: "policy", Certainty: doctor.Certain, Missing: "s3:ReplicateObject",
			Title: "role copier may not s3:ReplicateObject on side B", Meaning: "S3 can't write the replicas: every object reads FAILED, for ever.",
			Todo: "Allow it in a policy of the role.", CLI: "aws iam put-role-policy --role-name copier --policy-name replicate",
		},
		doctor.Trouble{
			Severity: survey.Warning, Direction: &toA, Side: pair.B, Cause: "rule", Certainty: doctor.Certain,
			Title: "edits of replicas are not sent back", Meaning: "The two sides drift apart.", Todo: "Switch replica modifications on in both rules.", Apply: true,
		},
		doctor.HealthEvent{Direction: toB, State: doctor.Broken, Detail: "role copier may not s3:ReplicateObject on side B"},
		doctor.HealthEvent{Direction: toA, State: doctor.Proven, Detail: "A canary was read after 4.2 s."},
		doctor.DiagnosisEvent{Troubles: 2},
	}
}

// healthy is what a doctor finds of a pair in whose way nothing is.
func healthy() []pair.Event {
	const fine = "Nothing is in the way, as far as can be told without trying."
	var events []pair.Event
	for _, d := range pair.Directions() {
		events = append(events, doctor.HealthEvent{Direction: d, State: doctor.Plausible, Detail: fine, ReadAt: noon, Checks: []doctor.Check{
			{What: "buckets", Seen: doctor.Fine, Says: "both are there, in eu-west-1 and ap-southeast-1"},
			{What: "versioning", Seen: doctor.Fine, Says: "Enabled on both sides"},
			{What: "rule", Seen: doctor.Fine, Says: "bothways-" + d.Slug() + " is Enabled: all objects, delete markers, edits of replicas"},
			{What: "role", Seen: doctor.Fine, Says: "copier-" + d.Slug() + " is there, and S3 may take it"},
			{What: "rights", Seen: doctor.Open, Says: "what role copier may do can't be read with these credentials"},
			{What: "policies", Seen: doctor.Fine, Says: "neither bucket has a policy"},
			{What: "canary", Seen: doctor.Open, Says: "not tried: only an object that arrives proves that all of this is in force"},
		}})
	}
	return events
}

// without is a plan in which nothing is left to change.
func without(found *session.Plans) {
	for i := range found.SetUp.Steps {
		found.SetUp.Steps[i].Change = step.Nothing
	}
}
