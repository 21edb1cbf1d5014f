package rooms

import (
	"fmt"
	"image/color"
	"reflect"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"bothways/ui/console/widget"
)

// contrasting are the scenes that have most of the colours between them.
var contrasting = []string{"plan", "probe", "results-troubled", "audit-found", "drill-isolated"}

func TestHighContrastLooksAsDrawn(t *testing.T) {
	for _, name := range contrasting {
		for _, size := range [][2]int{{80, 24}, {120, 40}} {
			for on, background := range map[string]color.Color{"dark": color.Black, "light": color.White} {
				t.Run(fmt.Sprintf("%s-%dx%d-%s", name, size[0], size[1], on), func(t *testing.T) {
					t.Parallel()
					play(t, size[0], size[1], func(s *stage) {
						s.cfg.Theme = widget.HighContrast
						named(t, name).play(s)
						s.send(tea.BackgroundColorMsg{Color: background})
						golden.RequireEqual(s.t, strings.ReplaceAll(s.View().Content, "\x1b", "␛"))
					})
				})
			}
		}
	}
}

// The words are the same in all colours.
func TestASchemeChangesNoWord(t *testing.T) {
	t.Parallel()
	for _, name := range contrasting {
		texts, looks := map[string]bool{}, map[string]bool{}
		for _, scheme := range widget.Schemes() {
			play(t, 80, 24, func(s *stage) {
				s.cfg.Theme = scheme
				named(t, name).play(s)
				texts[s.text()], looks[s.View().Content] = true, true
			})
		}
		if len(texts) != 1 || len(looks) != 3 { // on a dark terminal auto is dark
			t.Errorf("%s has %d texts and %d looks", name, len(texts), len(looks))
		}
	}
}

func TestTheSchemeIsSwitchedByAKeyAndFromThePalette(t *testing.T) {
	t.Parallel()
	playScene(t, "plan", 80, 24, func(s *stage) {
		s.press("T").shows("colours: light until you quit")
		s.press(":").typed("colours").press("enter")
		s.shows("colours: dark until you quit")
		s.press("T", "T")
		if got := s.Look().Scheme; got != widget.Auto {
			s.t.Errorf("after all of them it is %s", got)
		}
	})
}

// A terminal that answers late changes nothing of what somebody asked for.
func TestASchemeThatIsAskedForStaysAsked(t *testing.T) {
	t.Parallel()
	playScene(t, "plan", 80, 24, func(s *stage) {
		s.press("T")
		light := s.Look().Theme
		s.send(tea.BackgroundColorMsg{Color: color.Black})
		if !reflect.DeepEqual(s.Look().Theme, light) {
			s.t.Error("the terminal's background has another theme drawn")
		}
	})
}
