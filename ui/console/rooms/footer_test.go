package rooms

import (
	"strings"
	"testing"

	"bothways/ui/console/widget"
)

// What leads on and back is never what gives way on a narrow terminal.
func TestTheWayOnAndTheWayBackStayInTheFooter(t *testing.T) {
	inEachScene(t, func(s *stage) {
		footer := s.footer()
		if strings.Contains(footer, "any key") || strings.Contains(footer, "any other key") || strings.Contains(footer, "quits without") || strings.Contains(footer, "stop and quit") {
			return // a help or a question that is over it
		}
		for _, b := range s.Bindings() {
			if show := b.Show(); (show == "esc" || show == "enter") && b.Off == "" && strings.Contains(widget.HelpLine(s.Look().Theme, []widget.Binding{b}, 200), b.Does()) && !strings.Contains(footer+" ", " "+show+" ") {
				s.t.Errorf("%s %s is not in the footer: %q", show, b.Does(), footer)
			}
		}
	}, [2]int{80, 24}, [2]int{60, 16})
}
