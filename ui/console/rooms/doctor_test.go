package rooms

import (
	"errors"
	"testing"
)

func TestTheDoctorWritesNothingUnlessAsked(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.atPlan().press("d").end(nil)
		s.press("t", "n")
		if len(s.works) != 1 || s.last().canaries {
			t.Fatalf("examined %d times, with canaries: %v", len(s.works), s.last().canaries)
		}
		s.press("t", "y").end(nil)
		if len(s.works) != 2 || !s.last().canaries {
			t.Errorf("examined %d times, with canaries: %v", len(s.works), s.last().canaries)
		}
	})
}

// What a change may have put right is looked at again, and so is what others'
// credentials show, and what others may have changed.
func TestTheDoctorLooksAgainAfterAChange(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.atPlan().press("d").end(nil)
		if s.press("esc", "d"); len(s.works) != 2 {
			t.Fatalf("somebody else may have changed it, and it looked %d times", len(s.works))
		}
		s.press("esc").applied(true).press("esc", "d")
		if len(s.works) != 4 {
			t.Errorf("after a change it looked %d times", len(s.works)-1)
		}
	})
}

func TestAnExaminationThatFailsSaysWhy(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.atPlan().press("d").end(errors.New("the network is down")).shows("the network is down", "r looks again")
	})
}
