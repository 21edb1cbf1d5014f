package rooms

import (
	"testing"

	"bothways/ui/console/host"
)

// A measurement that costs more than anybody expects is asked for again, on
// every store that may bill.
func TestADearMeasurementIsAskedForAgain(t *testing.T) {
	dear := func(s *stage, profile string) *stage {
		s.surveyed(without)
		if profile != "" {
			s.withProfile(profile)
		} else {
			s.atPlan()
		}
		s.press("enter").at(host.Probe).press("space", "ctrl+u").typed("5TB").press("enter")
		return s.press("enter")
	}
	play(t, 100, 30, func(s *stage) {
		dear(s, "prod").shows("This may cost", "USD", "y / N")
		if s.press("n"); len(s.works) > 0 {
			t.Error("it was started all the same")
		}
		s.hides("This may cost").shows("asked for again before it starts")
		if s.press("enter", "y"); len(s.works) != 1 || s.last().cfg.Sizes[0] < 5e12 {
			t.Errorf("agreed to, and not started:\n%s", s.text())
		}
	})
	play(t, 100, 30, func(s *stage) { // which costs nothing
		if dear(s, ""); len(s.works) != 1 {
			t.Errorf("the sandbox asks:\n%s", s.text())
		}
	})
}
