package rooms

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/session"
	"bothways/ui/console/host"
)

// The steps of the demo's plan: what it makes and what it proves.
const (
	demoMade  = "bucket-a bucket-b versioning-a versioning-b role-a-to-b role-b-to-a rule-a-to-b rule-b-to-a"
	demoProof = "canary-a-to-b canary-b-to-a"
)

// withProfile goes on to the plan with the credentials of a profile.
func (s *stage) withProfile(name string) *stage {
	s.t.Helper()
	s.profiles(account.Profile{Name: name})
	return s.open().press("down", "enter", "enter", "enter", "enter").at(host.Plan)
}

// undoes hears what an undo is told of the steps.
func (s *stage) undoes(hear func(map[string]step.Status)) {
	s.surveyed(func(found *session.Plans) {
		undo := found.Undo
		found.Undo = func(applied plan.Plan, states map[string]step.Status) plan.Plan {
			hear(states)
			return undo(applied, states)
		}
	})
}

func TestARunningStepIsFollowedUntilOneIsChosen(t *testing.T) {
	playScene(t, "apply", 100, 30, func(s *stage) {
		s.news("rule-b-to-a", step.Running, "", 0).shows("rule B → A   PutBucketReplication")
		s.press("up").shows("role B → A   CreateRole")
		s.news("canary-a-to-b", step.Running, "", 0).shows("role B → A   CreateRole")
		s.press("left").shows("role A → B   CreateRole")
	})
}

func TestRetryKeepsWhatSucceeded(t *testing.T) {
	playScene(t, "apply-failed", 100, 30, func(s *stage) {
		s.shows("✗ failed    rule")
		s.press("r").shows("8 of 10 steps done", "· waiting   rule").hides("✗ failed")
		if len(s.works) != 2 {
			t.Fatal("r did not start a run")
		}
		if n := strings.Count(s.text(), "✓ done      bucket"); n != 2 {
			t.Errorf("%d buckets are done now:\n%s", n, s.text())
		}
	})
}

// retried is a run that was stopped after everything was made, tried again,
// and found all of it in place.
func retried(s *stage, before step.Status) {
	s.t.Helper()
	s.withProfile("dev").press("y").news(demoMade, before, "", time.Second).end(context.Canceled)
	if s.press("r"); len(s.works) != 2 {
		s.t.Fatal("r did not start another try")
	}
	s.news(demoMade+" "+demoProof, step.Pending, "", 0)
	s.news(demoMade, step.Already, "already so", time.Second)
	s.news(demoProof, step.Done, "", time.Second).end(nil)
}

func TestWhatAnEarlierTryMadeCanBeUndoneAfterARetry(t *testing.T) {
	for _, before := range []step.Status{step.Done, step.Failed, step.Cancelled, step.Running} {
		play(t, 100, 30, func(s *stage) {
			var told map[string]step.Status
			s.undoes(func(states map[string]step.Status) { told = states })
			retried(s, before)
			s.shows("All 10 steps done in")
			if !strings.Contains(s.bye(), "With the buckets that bothways made") {
				t.Errorf("%s, then already: it made no buckets: %s", before, s.bye())
			}
			s.press("u").at(host.TearDown).shows("Undoes what this run made")
			for id := range strings.FieldsSeq(demoMade) {
				if told[id] != step.Done {
					t.Errorf("%s, then already: the undo is told that %s is %s", before, id, told[id])
				}
			}
		})
	}
}

func TestARetryThatDoesNotReachAStepKeepsWhatItMayHaveMade(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		var told map[string]step.Status
		s.undoes(func(states map[string]step.Status) { told = states })
		s.withProfile("dev").press("y").news("bucket-a bucket-b versioning-a versioning-b role-a-to-b role-b-to-a rule-b-to-a", step.Done, "", time.Second)
		s.news("rule-a-to-b", step.Failed, "not enabled", time.Second).end(nil)
		s.press("r").news("rule-a-to-b", step.Pending, "", 0).news("bucket-a", step.Failed, "no network", 0)
		s.news("rule-a-to-b", step.Skipped, "", 0).end(nil)
		if !strings.Contains(s.bye(), "With the buckets that bothways made") {
			t.Errorf("it made no buckets: %s", s.bye())
		}
		if s.press("u").at(host.TearDown); told["rule-a-to-b"] != step.Failed || told["bucket-a"] != step.Done {
			t.Errorf("the rule is %s, the bucket %s", told["rule-a-to-b"], told["bucket-a"])
		}
	})
}

func TestWhatWasThereBeforeIsNotUndone(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.withProfile("dev").press("y")
		var unbegun []pair.Event
		for _, st := range s.last().plan.Steps {
			unbegun = append(unbegun, step.Event{ID: st.ID, Status: step.Cancelled})
		}
		s.tell(unbegun...).end(context.Canceled)
		s.press("r").news(demoMade+" "+demoProof, step.Already, "already so", 0).end(nil)
		s.press("u").at(host.Apply).shows("this run changed nothing", "already in place: nothing was changed")
		if s.bye() != "" {
			t.Errorf("there is something to take down: %s", s.bye())
		}
	})
}

func TestAPausedRunOffersTheSignInThatItWaitsFor(t *testing.T) {
	for profile, offered := range map[string]bool{"here": true, "there": true, "keys": false} {
		play(t, 100, 30, func(s *stage) {
			s.profiles(account.Profile{Name: "here", SignsIn: true}, account.Profile{Name: "there", SignsIn: true})
			signedIn := ""
			s.do.SignIn = func(_ context.Context, access account.Access, _ func(account.DeviceCode)) error {
				signedIn = access.Profile
				return nil
			}
			s.open().press("down", "enter", "enter").at(host.SideB).press("p", "down", "enter", "enter", "enter").at(host.Plan)
			s.press("y").tell(step.Event{ID: "rule-b-to-a", Status: step.Running, Paused: true, Profile: profile, Detail: "Sign in again.", At: noon})
			if got := strings.Contains(s.footer(), "l sign in here"); got != offered {
				t.Errorf("waiting for %s it offers a sign-in: %t", profile, got)
			}
			if s.press("l"); offered && signedIn != profile || !offered && signedIn != "" {
				t.Errorf("waiting for %s it signs in with %q", profile, signedIn)
			}
		})
	}
}

// What a screen marks, counts and asks for hangs on what steps are, never on
// what they are called.
func TestStepsInOtherWordsAreTreatedTheSame(t *testing.T) {
	var outcomes [2]string
	for i := range outcomes {
		play(t, 100, 30, func(s *stage) {
			s.undoes(func(states map[string]step.Status) { outcomes[i] += fmt.Sprint(states) })
			survey := s.do.Survey
			reword := func(p plan.Plan) plan.Plan {
				for j := range p.Steps {
					if i == 1 {
						p.Steps[j].Title, p.Steps[j].What, p.Steps[j].Why, p.Steps[j].Undo = "title", "what", "why", "undo"
					}
				}
				return p
			}
			s.do.Survey = func(ctx context.Context, access account.Access, p pair.Pair, agreed pair.Consent) (session.Plans, error) {
				found, err := survey(ctx, access, p, agreed)
				reword(found.SetUp)
				tearDown := found.TearDown
				found.TearDown = func(buckets bool) plan.Plan { return reword(tearDown(buckets)) }
				return found, err
			}
			line := func(n int) {
				outcomes[i] += strings.Split(s.text(), "\n")[bodyTop+n] + "\n"
			}
			s.withProfile("dev")
			line(0)
			detail := []string{"the words of every day", "other words"}[i]
			s.press("y").news(demoMade, step.Done, detail, time.Second).news(demoProof, step.Failed, detail, time.Second).end(nil)
			line(0)
			outcomes[i] += s.bye() + s.footer()
			s.press("u").at(host.TearDown)
			s.press("esc", "esc", "x").at(host.TearDown)
			s.press("b")
			line(0)
			s.press("y")
			outcomes[i] += s.text()
		})
	}
	if outcomes[0] != outcomes[1] || !strings.Contains(outcomes[0], "2 steps failed") {
		t.Errorf("in other words they are\n%s\nand not\n%s", outcomes[1], outcomes[0])
	}
}
