package rooms

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/host"
)

func TestNoKeyMeansTwoThingsInOneState(t *testing.T) {
	inEachScene(t, func(s *stage) {
		meaning := map[string]string{}
		for _, b := range s.Bindings() {
			if b.Show() == "" || b.Does() == "" || b.Run == nil {
				s.t.Errorf("there is an incomplete binding for %v", b.Keys())
			}
			for _, key := range b.Keys() {
				if other, taken := meaning[key]; taken {
					s.t.Errorf("%s means %q and %q", key, other, b.Does())
				}
				meaning[key] = b.Does()
			}
		}
	}, [2]int{100, 30})
}

func TestEveryBindingWaitsForAKeyThatATerminalCanSend(t *testing.T) {
	inEachScene(t, func(s *stage) {
		for _, b := range s.Bindings() {
			for _, key := range b.Keys() {
				if got := keyNamed(key).String(); got != key {
					s.t.Errorf("%s waits for %q, the key is called %q", b.Does(), key, got)
				}
			}
		}
	}, [2]int{100, 30})
}

func TestNothingTicksWhileIdle(t *testing.T) {
	inEachScene(t, func(s *stage) {
		s.send(tea.FocusMsg{})
		if s.Beats() != s.Moving() {
			s.t.Errorf("ticks %v, moves %v", s.Beats(), s.Moving())
		}
	}, [2]int{80, 24})
}

func TestOnlyQuittingWorksWhereTheScreenIsTooSmallToSeeAnything(t *testing.T) {
	for name, quits := range map[string]bool{"side-editing": true, "plan": true, "teardown": true, "probe": false} {
		playScene(t, name, 100, 30, func(s *stage) {
			before, at, works := s.text(), s.At(), len(s.works)
			s.resize(50, 15)
			s.press("y", "enter", "x", "b", "esc", "space", "?", "down", "s")
			s.send(tea.PasteMsg{Content: "pasted"})
			s.resize(100, 30)
			if after := s.text(); s.At() != at || len(s.works) != works || after != before {
				t.Errorf("%s: keys that nobody could see changed the screen:\n%s", name, after)
			}
			s.resize(50, 15)
			if s.quits("q") != quits {
				t.Errorf("%s: q quits at once: %v", name, s.quit)
			}
		})
	}
}

// Whoever looks on changes nothing, whatever key they press and whatever they
// say to a question: in every scene that needs no change to be reached.
func TestReadOnlyRefusesEveryChange(t *testing.T) {
	for _, sc := range scenes() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			var keys []string
			play(t, 100, 30, func(s *stage) {
				if sc.play(s); s.changed() != "" {
					return // on the way here something was changed
				}
				for _, b := range s.Bindings() {
					keys = append(keys, b.Keys()...)
				}
			})
			for _, key := range keys {
				readOnly(t, key, sc.play)
			}
		})
	}
	t.Run("the removal", func(t *testing.T) { // no key leads there
		for _, key := range []string{"y", "enter", "x", "b"} {
			readOnly(t, key, func(s *stage) { s.atPlan().run(s.GoTo(host.TearDown)) })
		}
	})
}

func readOnly(t *testing.T, key string, do func(s *stage)) {
	t.Helper()
	play(t, 100, 30, func(s *stage) {
		s.cfg.ReadOnly, s.cfg.SaveDir = true, t.TempDir()
		if do(s); s.Typing() == nil {
			s.shows("READ-ONLY")
		}
		if s.press(key); s.Asking() {
			s.press("y")
		}
		if what := s.changed(); what != "" {
			t.Errorf("%s %s", key, what)
		}
	})
}

// changed says what was set to work that changes something in AWS, or "".
func (s *stage) changed() string {
	s.settle()
	for _, w := range s.works {
		switch {
		case len(w.plan.Steps) > 0:
			return "carries a plan out"
		case w.prober != nil:
			return "measures"
		case w.backfill:
			return "backfills"
		case w.drill != nil && w.drill.Scope.Kind.Writes():
			return "drills"
		case w.canaries:
			return "writes canaries"
		}
	}
	return ""
}

func TestTheFooterOffersOnlyWhatWorksInAField(t *testing.T) {
	for _, name := range []string{"side-editing", "teardown-naming"} {
		playScene(t, name, 100, 30, func(s *stage) {
			if footer := s.footer(); strings.Contains(footer, "? help") || strings.Contains(footer, "q quit") || !strings.Contains(footer, "ctrl+c quit") {
				t.Errorf("%s: %s", name, footer)
			}
		})
	}
}

func TestQuittingIdleEndsAtOnce(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		playScene(t, "options", 80, 24, func(s *stage) {
			if !s.quits(key) {
				t.Errorf("%s does not quit", key)
			}
		})
	}
}
