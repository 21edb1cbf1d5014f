package rooms

import (
	"errors"
	"strings"
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

func TestAHealthyAnswerIsAChecklist(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
		playScene(t, "doctor-healthy", size[0], size[1], func(s *stage) {
			s.shows("as of 12:00:00", "✓ buckets", "✓ versioning both   Enabled on both sides") // once, as it is the same both ways
			var read strings.Builder
			for range 20 {
				read.WriteString(s.text())
				s.press("down")
			}
			for _, text := range []string{"✓ rule       A → B  bothways-a-to-b", "✓ rule       B → A  bothways-b-to-a", "? rights", "? canary     both   not tried"} {
				if !strings.Contains(read.String(), text) {
					t.Errorf("at %v %q is nowhere:\n%s", size, text, s.text())
				}
			}
			s.fits(size[0], size[1])
		})
	}
	playScene(t, "doctor", 80, 24, func(s *stage) {
		s.shows("role copier may not").press("v").hides("▸ ✗ blocker").press("v").shows("▸ ✗ blocker")
	})
	playScene(t, "plan", 80, 24, func(s *stage) { s.shows("d doctor") })
}
