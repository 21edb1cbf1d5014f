package rooms

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func TestAPaletteFindsACommandByItsWords(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
		play(t, size[0], size[1], func(s *stage) {
			s.atPlan().press(":").shows("What can be done now", "c          copy CLI", "enter do it").hides("y / N")
			s.fits(size[0], size[1])
			s.typed("doct").shows("▸ d          doctor").hides("copy CLI").press("enter").at(host.Doctor).hides("What can be done now")
		})
	}
	playScene(t, "plan", 80, 24, func(s *stage) {
		s.press("ctrl+p").typed("apply").shows("nothing matches").press("enter").at(host.Plan) // an answer is given to the question alone
		if s.press("esc").shows("y / N"); len(s.works) > 0 {
			t.Error("something was begun")
		}
		s.press(":", "end", "esc", "q")
		if !s.quit {
			t.Error("it is not shut")
		}
	})
	playScene(t, "side-editing", 80, 24, func(s *stage) { s.press(":").hides("What can be done now") }) // there it is text
}

// Whatever works now, and needs no list in view, is in the palette, and nothing else.
func TestThePaletteHasWhatTheBindingsHave(t *testing.T) {
	inEachScene(t, func(s *stage) {
		if s.Typing() != nil || s.Asking() || strings.Contains(s.text(), "closes this help") {
			return
		}
		bindings := slices.Clone(s.Bindings())
		if _, opens := widget.BindingOf(bindings, ":"); !opens { // a sign-in waits
			return
		}
		s.press(":")
		rows := s.text()
		for range 40 {
			rows += s.press("down").text()
		}
		for _, b := range bindings {
			row := widget.Pad(b.Show(), 10) + " " + b.Does()
			if works := b.Off == "" && len(b.Show()) == 1 && !slices.Contains([]string{":", "y", "n", "J", "K", "↓"}, b.Show()); works && !strings.Contains(rows, row) {
				s.t.Errorf("%q is not in it", row)
			}
			if b.Off != "" && strings.Contains(rows, row) {
				s.t.Errorf("%q is in it, and off: %s", row, b.Off)
			}
		}
	}, [2]int{120, 40})
}

func TestTheRailLeadsBackByItsNumbersAndByTheMouse(t *testing.T) {
	play(t, 120, 40, func(s *stage) {
		s.atPlan().press("2").at(host.SideA)
		if s.press("4").At() != host.SideA { // what lies ahead is reached by going there
			t.Errorf("4 leads to %s", s.At())
		}
	})
	play(t, 120, 40, func(s *stage) {
		s.atPlan()
		rail := strings.Split(s.text(), "\n")[1]
		column := func(text string) int { return ansi.StringWidth(rail[:strings.Index(rail, text)]) }
		s.send(tea.MouseClickMsg{Button: tea.MouseLeft, X: column("6 Apply"), Y: 1})
		s.at(host.Plan)
		s.send(tea.MouseClickMsg{Button: tea.MouseLeft, X: column("3 Side B") + 2, Y: 1})
		s.at(host.SideB)
	})
	playScene(t, "apply", 120, 40, func(s *stage) { s.press("2").at(host.Apply) }) // it runs with what was chosen
}

func TestAHintIsPressedByTheMouse(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
		play(t, size[0], size[1], func(s *stage) {
			s.atPlan()
			on := func(text string) int { return ansi.StringWidth(s.footer()[:strings.Index(s.footer(), text)]) }
			if strings.Contains(s.footer(), "y / N") {
				s.send(tea.MouseClickMsg{Button: tea.MouseLeft, X: on("y / N"), Y: size[1] - 1})
				if len(s.works) > 0 {
					t.Fatal("a click agreed to something")
				}
			}
			s.send(tea.MouseClickMsg{Button: tea.MouseLeft, X: on("u audit") + 3, Y: size[1] - 1})
			s.at(host.Audit)
		})
	}
}
