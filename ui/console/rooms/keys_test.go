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

func TestReadOnlyRefusesEveryChange(t *testing.T) {
	for name, do := range map[string]func(s *stage){
		"plan":      named(t, "plan").play,
		"probe":     named(t, "probe-setup").play,
		"tear down": func(s *stage) { s.atPlan().run(s.GoTo(host.TearDown)) }, // no key leads there
	} {
		readOnly(t, name, do)
	}
}

func readOnly(t *testing.T, name string, do func(s *stage)) {
	t.Helper()
	play(t, 100, 30, func(s *stage) {
		s.cfg.ReadOnly = true
		do(s)
		if s.shows("READ-ONLY").press("y", "enter", "x"); len(s.works) != 0 {
			t.Errorf("%s started a run", name)
		}
	})
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
