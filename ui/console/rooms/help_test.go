package rooms

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bothways/ui/console/widget"
)

// helpRead is all that the help of a screen shows, scrolled through.
func (s *stage) helpRead() string {
	var read strings.Builder
	s.press("?")
	for {
		read.WriteString(s.text() + "\n")
		if seen, scrolls := seenIn(s.text()); !scrolls || seen.to == seen.of {
			return read.String()
		}
		s.press("j")
	}
}

// helpless leaves the help where a scene has it open, and says whether there is
// a help: where one types, or is asked something, there is none.
func (s *stage) helpless() bool {
	if strings.Contains(s.text(), "key closes this help") {
		s.press("esc")
	}
	return s.Typing() != nil || s.Asking()
}

func TestEveryKeyThatWorksIsInTheHelpAtEverySize(t *testing.T) {
	inEachScene(t, func(s *stage) {
		if s.helpless() {
			return
		}
		line := widget.HelpLine(s.Look().Theme, s.Bindings(), s.width)
		if !strings.Contains(line, "help") || !strings.Contains(line, "quit") {
			s.t.Errorf("%d wide: nothing on the screen says that there is a help: %s", s.width, line)
		}
		words := strings.Fields(strings.NewReplacer("↑↓", "↑ ↓", "←→", "← →", ",", " ").Replace(s.helpRead()))
		for _, b := range s.Bindings() {
			if !b.Twin && !slices.Contains(words, strings.Fields(strings.ReplaceAll(b.Does(), ",", " "))[0]) {
				s.t.Errorf("%d wide: the help never says %q", s.width, b.Does())
			}
			for _, key := range b.Keys() {
				if key != strings.ToLower(key) {
					continue // the same with shift
				}
				if name := cmp.Or(widget.KeyNames[key], key); !slices.Contains(words, name) && (key != "=" || !slices.Contains(words, "+")) {
					s.t.Errorf("%d wide: %s does %q, which the help never shows", s.width, name, b.Does())
				}
			}
		}
	}, [2]int{60, 16}, [2]int{80, 24}, [2]int{120, 40})
}

func TestTheHelpSaysHowItIsLeft(t *testing.T) {
	inEachScene(t, func(s *stage) {
		if s.helpless() {
			return
		}
		s.press("?")
		frame := s.text()
		if scrolls := regexp.MustCompile(`lines 1 to \d+ of \d+`).MatchString(frame); scrolls != strings.Contains(frame, "↑↓ scroll   any other key closes this help") {
			s.t.Errorf("%s", frame)
		}
		if !strings.Contains(frame, "key closes this help") {
			s.t.Errorf("nothing says how the help is left:\n%s", frame)
		}
		s.press("x").hides("key closes this help")
	}, [2]int{60, 16})
}

func TestTheHelpListsEveryKeyOfAFieldWhereThereIsOneToTypeIn(t *testing.T) {
	t.Parallel()
	for name, has := range map[string]bool{
		"where": true, "side-a": true, "options": true, "teardown": true, "plan": false, "apply": false, "doctor": false,
		"probe-setup": true, "results": true, "probe": false,
	} {
		playScene(t, name, 100, 30, func(s *stage) {
			help := s.helpRead()
			if got := strings.Contains(help, "While you type"); got != has {
				t.Errorf("%s: the keys of a field are there: %v", name, got)
			}
			words := strings.Fields(help)
			for _, e := range widget.FieldBindings() {
				if has && !strings.Contains(help, e.Does()) {
					t.Errorf("%s: nothing says %q", name, e.Does())
				}
				for _, key := range e.Keys() {
					if has && !slices.Contains(words, cmp.Or(widget.KeyNames[key], key)) {
						t.Errorf("%s: %s is missing", name, key)
					}
				}
			}
		})
	}
}

func TestTheHelpScrollsToItsEnds(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"where", "plan-merged"} {
		playScene(t, name, 100, 30, func(s *stage) {
			s.press("?")
			s.scrolls()
		})
	}
}

func TestTheHelpExplainsWhatStandsOnTheScreenOfAMeasurement(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"probe", "probe-time", "probe-table", "results", "past"} {
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
			playScene(t, name, size[0], size[1], func(s *stage) {
				words := s.helpRead()
				for _, w := range []string{"95 % at every look", "too few", "COMPLETED", "per doubling", "2.3 times as long", "╂ ┃", "┄"} {
					if !strings.Contains(words, w) {
						t.Errorf("%s at %v: the help does not explain %q", name, size, w)
					}
				}
				if strings.Contains(words, "…") {
					t.Errorf("%s at %v: something is cut", name, size)
				}
			})
		}
	}
}
