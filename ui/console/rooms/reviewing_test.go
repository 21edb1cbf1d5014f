package rooms

import (
	"context"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func TestEnterOnAPlanChangesNothing(t *testing.T) {
	playScene(t, "plan", 100, 30, func(s *stage) {
		for _, key := range []string{"enter", "n", "N", "space", "z"} {
			if s.press(key).at(host.Plan); len(s.works) != 0 {
				t.Fatalf("%s started something", key)
			}
		}
	})
}

func TestAKeyThatIsOffSaysWhy(t *testing.T) {
	playScene(t, "plan-blocked", 100, 30, func(s *stage) {
		s.press("y").at(host.Plan).shows("1 thing stands in the way")
		if strings.Contains(widget.HelpLine(s.Look().Theme, s.Bindings(), 200), "apply") {
			t.Error("the help line shows a key that does nothing")
		}
	})
}

func TestANoticeStandsAboveTheKeysUntilAKeyDoesSomething(t *testing.T) {
	playScene(t, "plan", 100, 30, func(s *stage) {
		s.press("n").shows("nothing was changed", "Apply these 10 changes to the sandbox (simulated)?  y / N", "q quit")
		s.fits(100, 30)
		s.press("z").shows("nothing was changed")
		s.press("x").at(host.TearDown).hides("nothing was changed")
	})
}

func TestAPlanWithoutChangesGoesStraightToTheProbe(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.surveyed(without)
		s.atPlan().shows("Nothing to change").press("y").at(host.Plan).press("enter").at(host.Probe)
	})
}

func TestAgreeingToAMergePlansAgain(t *testing.T) {
	playScene(t, "plan-consent", 100, 30, func(s *stage) {
		s.press("y").at(host.Plan)
		s.Engines().Survey = func(ctx context.Context, _ account.Access, _ pair.Pair, agreed pair.Consent) (session.Plans, error) {
			if agreed != pair.Merge {
				t.Errorf("it is planned with %q", agreed)
			}
			<-ctx.Done()
			return session.Plans{}, ctx.Err()
		}
		s.press("a").shows("reading what is there")
		if s.Agreed() != pair.Merge {
			t.Errorf("agreed to %q", s.Agreed())
		}
	})
}

func TestAConsentIsTakenBackAndHoldsForItsPairAlone(t *testing.T) {
	play(t, 120, 40, func(s *stage) {
		s.do.Survey = func(_ context.Context, _ account.Access, p pair.Pair, agreed pair.Consent) (session.Plans, error) {
			found := demoSurvey(p)
			if agreed == 0 {
				found.SetUp.Findings = []survey.Finding{{Severity: survey.Blocker, Title: "rules of others", Consent: pair.ConvertV1}}
			}
			return found, nil
		}
		s.atPlan().press("v")
		if s.Agreed() != pair.ConvertV1 {
			t.Fatalf("agreed to %q", s.Agreed())
		}
		given := s.Pair
		s.Pair.B.Bucket += "-other"
		if agreed := s.Agreed(); agreed != 0 {
			t.Errorf("for another pair %q is agreed to", agreed)
		}
		s.Pair = given
		s.press("v")
		if agreed := s.Agreed(); agreed != 0 {
			t.Errorf("taken back, %q is agreed to", agreed)
		}
	})
}

// What is written beside the things of others is counted, named in the
// question, and told of each step.
func TestChangesToWhatOthersMadeAreNamedInTheQuestion(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.surveyed(func(found *session.Plans) {
			for i, st := range found.SetUp.Steps {
				if st.ID == "rule-a-to-b" {
					found.SetUp.Steps[i].Others = "the replication configuration of theirs, which has 2 rules of others"
				}
			}
		})
		s.atPlan().press(times(5, "down")...).shows("10 changes, 1 of them to what you have already", "1 to what others made?  y / N", "others the replication configuration of theirs")
	})
}

func TestAStepThatChangesNothingShowsNoRequest(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		call := ""
		s.surveyed(func(found *session.Plans) {
			st := &found.SetUp.Steps[7]
			st.Change, call = step.Nothing, st.Call
		})
		s.atPlan().press(times(7, "down")...).shows("already so, nothing is changed").hides("aws iam", "exactly this", "c copy CLI", call)
	})
}

func TestTheWholeRailShowsOnWideTerminalsOnly(t *testing.T) {
	playScene(t, "plan", 120, 40, func(s *stage) { s.shows("▸ 5 Plan").hides("5/8") })
	playScene(t, "plan", 100, 40, func(s *stage) { s.shows("5/8 Plan") })
}

func TestTheHelpOfAPlanExplainsNoFigures(t *testing.T) {
	playScene(t, "plan", 100, 30, func(s *stage) {
		if strings.Contains(s.helpRead(), "every look") {
			t.Error("the plan's help explains figures")
		}
	})
}
