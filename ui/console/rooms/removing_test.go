package rooms

import (
	"context"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
	"bothways/ui/console/host"
)

// destroys is the command line that takes a pair down.
func destroys(p pair.Pair, rest string) string {
	return "bothways destroy --a " + p.A.String() + " --b " + p.B.String() + " " + rest + " --yes"
}

// applied carries the plan out, to its end or only to its buckets.
func (s *stage) applied(whole bool) *stage {
	s.t.Helper()
	s.at(host.Plan).press("y").at(host.Apply).news("bucket-a bucket-b", step.Done, "", time.Second)
	if whole {
		s.news(demoMade+" "+demoProof, step.Done, "", time.Second).end(nil)
	}
	return s
}

// removed carries out the removal that is asked about.
func (s *stage) removed() *stage {
	s.t.Helper()
	s.at(host.TearDown).press("y")
	if s.Typing() != nil {
		s.typed(s.Pair.A.Bucket).press("enter")
	}
	for _, st := range s.last().plan.Steps {
		s.news(st.ID, step.Done, "", time.Second)
	}
	return s.end(nil)
}

// says expects texts in the farewell, and others nowhere in it.
func (s *stage) says(texts []string, not ...string) {
	s.t.Helper()
	said := s.bye()
	for _, text := range texts {
		if !strings.Contains(said, text) {
			s.t.Errorf("the farewell lacks %q:\n%s", text, said)
		}
	}
	for _, text := range not {
		if strings.Contains(said, text) {
			s.t.Errorf("the farewell has %q:\n%s", text, said)
		}
	}
}

func TestTheFarewellNamesTheAccessThatWasAppliedWith(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.withProfile("prod eu").applied(true)
		s.press("esc", "esc", "esc", "esc", "esc", "esc", "esc").at(host.Where).press("up", "enter", "enter", "enter", "enter").at(host.Plan)
		const with = "--profile 'prod eu'"
		s.says([]string{destroys(demoPair(), with), destroys(demoPair(), with+" --buckets")}, "nothing to take down") // the sandbox was only looked at
		s.applied(true)
		s.says([]string{destroys(demoPair(), with), "The sandbox is gone"})
	})
}

func TestTheFarewellListsEveryPairThatWasAppliedAndNoOther(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.withProfile("dev").applied(true)
		first, other := s.Pair, s.Pair
		other.B.Bucket = "photos-oregon"
		s.press("esc", "esc", "esc", "e", "ctrl+u").typed("photos-oregon").press("enter", "enter").at(host.Plan)
		s.says([]string{destroys(first, "--profile dev")}, destroys(other, "--profile dev"))
		s.applied(false)
		s.says([]string{destroys(first, "--profile dev"), destroys(other, "--profile dev")})
	})
}

func TestARemovalIsSaidOfThePairThatWasRemovedAlone(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		first := demoPair()
		gone := "Everything that bothways made for " + first.A.String() + " and " + first.B.String() + " is gone."
		s.withProfile("dev").applied(true).press("esc", "x").removed()
		s.says([]string{gone}, "bothways destroy")
		s.press("enter").at(host.Plan).press("esc")
		s.Pair.B.Bucket = "photos-oregon"
		s.press("enter").applied(false).end(context.Canceled)
		s.says([]string{gone, destroys(s.Pair, "--profile dev --buckets")})
		s.press("esc", "esc")
		s.Pair = first
		s.press("enter").applied(false) // its end is not heard of
		s.says([]string{destroys(first, "--profile dev")}, gone)
	})
}

func TestAnUndoneRunLeavesWhatAnEarlierRunMade(t *testing.T) {
	for runs, said := range []string{"this run made is gone", destroys(demoPair(), "--profile dev")} {
		play(t, 100, 30, func(s *stage) {
			s.withProfile("dev")
			for range runs {
				s.applied(true).press("esc")
			}
			s.applied(true).press("u").removed()
			if s.says([]string{said}); runs == 0 {
				s.says(nil, "bothways destroy")
			}
		})
	}
}

func TestARemovalClaimsNoMoreThanItRemoved(t *testing.T) {
	for stays, says := range map[string]string{
		"": "Everything that bothways made", "bucket photos stays": "Gone, of what bothways made",
	} {
		play(t, 200, 30, func(s *stage) {
			s.surveyed(func(found *session.Plans) {
				tearDown := found.TearDown
				found.TearDown = func(buckets bool) plan.Plan {
					removal := tearDown(buckets)
					if stays != "" {
						removal.Findings = []survey.Finding{{Severity: survey.Note, Side: pair.A, Title: stays}}
					}
					return removal
				}
			})
			s.atPlan().press("x").removed().shows(says, stays)
			if stays != "" {
				s.hides("Everything")
			}
		})
	}
}

// What a removal takes out of the things of others is counted, too.
func TestWhatIsTakenOutOfTheThingsOfOthersIsCounted(t *testing.T) {
	play(t, 200, 30, func(s *stage) {
		s.surveyed(func(found *session.Plans) {
			found.TearDown = func(bool) plan.Plan {
				return plan.Plan{Pair: demoPair(), Purpose: pair.TearDown, Steps: []step.Step{{Change: step.Remove, Others: "theirs"}, {Change: step.Remove}}}
			}
		})
		s.atPlan().press("x").shows("2 things are removed, 1 of them out of what others made, which stays.")
	})
}

func TestEitherBucketsNameConfirmsTheRemovalOfBoth(t *testing.T) {
	both := []string{demoPair().A.Bucket, demoPair().B.Bucket}
	for _, name := range both {
		playScene(t, "teardown-naming", 100, 30, func(s *stage) {
			if s.shows(both...); len(s.works) != 0 {
				t.Fatal("it is removed already")
			}
			if s.press("ctrl+u").typed(name).press("enter"); len(s.works) != 1 {
				t.Errorf("%s did not confirm", name)
			}
		})
	}
}

func TestTearingDownWaitsForTheMeasurementToEnd(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.surveyed(without)
		s.atPlan().press("enter").at(host.Probe).press("enter", "x").at(host.TearDown)
		if s.stopped() {
			t.Fatal("looking at the removal stopped the measurement")
		}
		if s.press("y").shows("stopping the measurement first"); !s.stopped() || len(s.works) != 1 {
			t.Fatalf("stopped %v, at work %d times", s.stopped(), len(s.works))
		}
		if s.end(context.Canceled); len(s.works) != 2 || s.last().plan.Purpose != pair.TearDown {
			t.Error("the removal did not start after the measurement's end")
		}
	})
}
