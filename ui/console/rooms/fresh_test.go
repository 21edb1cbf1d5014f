package rooms

import (
	"context"
	"errors"
	"testing"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/session"
)

// Somebody changes something outside while the console stands open: whatever
// judges says when it read, and reads again on the next visit.
func TestWhatJudgesReadsAgainOnEveryVisit(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		play(t, size[0], size[1], func(s *stage) {
			surveys, survey := 0, s.do.Survey
			s.do.Survey = func(ctx context.Context, access account.Access, p pair.Pair, agreed pair.Consent) (session.Plans, error) {
				surveys++
				return survey(ctx, access, p, agreed)
			}
			s.atPlan().shows("as of 12:00:00")
			later := func(minutes int) { s.now = noon.Add(time.Duration(minutes) * time.Minute) }

			later(1)
			s.press("d").tell(healthy()...).end(nil).shows("as of 12:01:00", "Nothing was found")
			later(2)
			s.press("esc").shows("as of 12:02:00")
			if surveys != 2 {
				t.Errorf("the plan was read %d times on two visits", surveys)
			}
			later(3)
			s.press("d").hides("Nothing was found").tell(sick()...).end(nil).shows("as of 12:03:00", "broken")
			if len(s.works) != 2 || s.last().canaries {
				t.Errorf("on two visits the doctor looked %d times, with canaries: %v", len(s.works), s.last().canaries)
			}
			later(4)
			s.press("esc", "x").shows("as of 12:04:00")
		})
	}
}

// Canaries that were broken off with their visit are not waited for on the next.
func TestTheNextVisitToTheDoctorLooksAnewAfterCanariesWereBrokenOff(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.atPlan().press("d").end(nil)
		s.press("t", "y")
		trial := s.last()
		s.press("esc", "d")
		if !s.works[1].canaries || trial.ctx.Err() == nil {
			t.Fatal("the canaries go on")
		}
		trial.ends <- errors.New("broken off")
		s.settle()
		s.tell(sick()...).end(nil).hides("broken off").shows("broken")
		if len(s.works) != 3 || s.last().canaries {
			t.Errorf("examined %d times, with canaries: %v", len(s.works), s.last().canaries)
		}
	})
}
