package rooms

import (
	"strings"
	"testing"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// at80 plays a scene where there is least room.
func at80(t *testing.T, scene string, test func(s *stage)) {
	t.Helper()
	playScene(t, scene, 80, 24, test)
}

// Where nothing can be put right before the replication itself is, the screen
// leads to the doctor, and offers no backfill.
func TestAMissingRuleLeadsToTheDoctorAndNotToABackfill(t *testing.T) {
	at80(t, "audit-no-rule", func(s *stage) {
		if said := s.words(); !strings.Contains(said, "Press d first: copying from Ireland to Singapore is not set up, and nothing can be put right before that is.") {
			t.Errorf("it does not say what comes first:\n%s", s.text())
		}
		if _, bound := widget.BindingOf(s.Bindings(), "b"); bound {
			t.Error("b is offered")
		}
		s.press("d").at(host.Doctor)
	})
}

// What is mended at the doctor is waited for where somebody came from.
func TestTheDoctorLeadsBackToTheAuditAndToTheBackfill(t *testing.T) {
	at80(t, "audit-found", func(s *stage) {
		s.press("d").at(host.Doctor).press("esc").at(host.Audit)
	})
	at80(t, "backfill-much-alone", func(s *stage) {
		s.press("d").at(host.Doctor).press("esc").at(host.Backfill).press("esc").at(host.Audit)
	})
}

// What a plan leaves alone is said with the key that would do it.
func TestABackfillSaysWhichKeysDoMore(t *testing.T) {
	at80(t, "backfill-much-alone", func(s *stage) {
		said := s.words()
		for _, want := range []string{
			"More if you agree: a writes again 1,203 that are gone there, w says who wins in 7, t repeats 1 deletion there.",
			"61 wait until the replication itself is repaired: d says how.",
			"Left alone: 5 an older version, 2 archived; the list says why.",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("it does not say %q:\n%s", want, s.text())
			}
		}
		for _, key := range []string{"a", "w", "t", "d"} {
			if _, bound := widget.BindingOf(s.Bindings(), key); !bound {
				t.Errorf("%s does nothing", key)
			}
		}
	})
}

// Keys are offered where they do something, and the next thing to do is one of
// them.
func TestTheNextThingToDoIsAKeyThatDoesIt(t *testing.T) {
	for scene, want := range map[string]string{
		"audit-found": "d", "audit-no-rule": "d", "audit-interrupted": "r", "audit-unknown": "enter", "audit-prefix-of-nothing": "esc",
		"audit-failed": "r", "audit-same": "r",
	} {
		at80(t, scene, func(s *stage) {
			line := s.line("Press ")
			if !strings.Contains(line, "Press "+want+" ") {
				t.Errorf("%s: the next thing to do is %q, not %s:\n%s", scene, line, want, s.text())
			}
			b, bound := widget.BindingOf(s.Bindings(), want)
			if !bound || b.Off != "" {
				t.Errorf("%s: %s does nothing", scene, want)
			}
		})
	}
	for _, scene := range []string{"audit-running", "audit-waiting", "audit-asking", "audit-empty", "audit-same", "audit-interrupted", "audit-unknown"} {
		at80(t, scene, func(s *stage) {
			if _, bound := widget.BindingOf(s.Bindings(), "b"); bound {
				t.Errorf("%s offers b, which can do nothing", scene)
			}
		})
	}
}

func TestWhatWaitsForItsSecondLookIsNotCalledTheSame(t *testing.T) {
	at80(t, "audit-looking-again", func(s *stage) {
		s.hides("hold the same", " %").shows("So far 17 look different and are being looked at again", "not known yet")
	})
}

// No two columns of the table meet, however large the numbers are.
func TestTheColumnsOfAnAuditStayApart(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
		playScene(t, "audit-many", size[0], size[1], func(s *stage) {
			line := s.line("✗ missing: replicat")
			if !strings.Contains(line, " Ireland ") || strings.Count(strings.Join(strings.Fields(line), " "), " T") < 1 {
				t.Errorf("%v: %q", size, line)
			}
		})
	}
}

// The settings of both buckets can be compared, and the line that makes them alike
// copied.
func TestTheSettingsOfBothBucketsAreOnTheScreen(t *testing.T) {
	at80(t, "audit-settings", func(s *stage) {
		s.shows("After a failover to Singapore", "2 settings", "✗ CORS rules", "? bucket tags: could not be read", "✓ bucket ACL: alike", "c copy CLI")
		s.press("down")
		if _, bound := widget.BindingOf(s.Bindings(), "c"); bound {
			t.Error("words are offered as a line to copy")
		}
		s.shows("put the statements in by hand").press("esc").shows("listed in 1 min 35 s")
	})
}

func TestLookingCloselyDrawsSamplesAndSaysHowFewCanBeBad(t *testing.T) {
	at80(t, "audit-closely", func(s *stage) {
		if asked := s.last().audit; asked.Deep != 300 {
			t.Errorf("%+v was asked for", asked)
		}
		s.shows("✗ 300 random versions looked at, 1 bad: less than 1.85 %")
		s.press("i").shows("holiday/img-0007.jpg", `team is "x" on A`).press("esc")
		s.press("l")
		if asked := s.last().audit; asked.Deep != 3000 {
			t.Errorf("%+v was asked for next", asked)
		}
	})
}

// The audit can be reached from where a measurement ends, and leads back there.
func TestTheAuditIsReachedFromTheResultsAndAnEarlierOneFromTheRuns(t *testing.T) {
	at80(t, "results", func(s *stage) { s.press("u").at(host.Audit).press("esc").at(host.Results) })
	at80(t, "past-audit", func(s *stage) {
		s.shows("EARLIER RUN", "photos-dublin", "1 file is only in Ireland.", "An earlier audit").press("enter").shows("holiday/img-1.jpg").press("esc", "esc").at(host.Runs)
	})
}
