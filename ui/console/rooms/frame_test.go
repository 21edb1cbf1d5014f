package rooms

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"bothways/ui/console/host"
)

func TestTheRailMarksWhatIsFinishedAndWhereOneLeftIt(t *testing.T) {
	play(t, 120, 40, func(s *stage) {
		s.open().shows("▸ 1 Where", " 2 Side A").hides("✓ 1 Where")
		s.atPlan().shows("✓ 1 Where ─ ✓ 2 Side A ─ ✓ 3 Side B ─ ✓ 4 Options ─ ▸ 5 Plan ─ 6 Apply")
		s.press("d").at(host.Doctor).shows("✓ 4 Options ─ ▹ 5 Plan ─ 6 Apply")
		s.press("esc", "esc").at(host.Options).shows("✓ 3 Side B ─ ▸ 4 Options ─ 5 Plan") // which will be planned again
	})
	play(t, 120, 40, func(s *stage) {
		s.cfg.ASCII = true
		s.atPlan().shows("x 4 Options - > 5 Plan - 6 Apply")
	})
}

func TestANoticeIsGoneAfterAWhileAndAWarningIsNot(t *testing.T) {
	playScene(t, "plan", 100, 30, func(s *stage) {
		s.press("n").shows("nothing was changed").pass(10 * time.Second)
		s.shows("nothing was changed").press("n") // said again, it stands again
		s.pass(10 * time.Second)
		s.shows("nothing was changed").pass(6 * time.Second)
		s.hides("nothing was changed")
		s.Warn("there is no room for the journal")
		s.press("z").pass(time.Minute)
		s.shows("there is no room for the journal")
	})
}

// What is refused to those who only look on is promised nowhere: neither by the help
// line nor by what a screen says.
func TestReadOnlyPromisesNothingThatItRefuses(t *testing.T) {
	for _, sc := range scenes() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			changes := sc.name == "teardown" || sc.name == "teardown-naming" // no key leads there
			play(t, 120, 40, func(s *stage) {
				sc.play(s)
				changes = changes || s.changed() != ""
			})
			if changes {
				return
			}
			play(t, 120, 40, func(s *stage) {
				s.cfg.ReadOnly, s.cfg.SaveDir = true, t.TempDir()
				sc.play(s)
				for _, b := range s.Bindings() {
					if !strings.Contains(b.Off, "read-only") {
						continue
					}
					promise := regexp.MustCompile(`(?m)(^|[ :;(])` + b.Show() + ` (` + regexp.QuoteMeta(b.Does()) + `|here|tries|puts|removes|carries|applies|starts)`)
					if said := promise.FindString(s.text()); said != "" {
						t.Errorf("%q is promised and refused:\n%s", said, s.text())
					}
				}
			})
		})
	}
}
