package console

import (
	"strings"
	"testing"
)

func TestTheWholeHelpCanBeReadOnASmallTerminal(t *testing.T) {
	for _, scene := range scenes {
		a := scene.build(t, 60, 16)
		if a.screens[a.at].typing() != nil || a.question != nil {
			continue
		}
		var read strings.Builder
		keys(a, "?")
		for range 60 {
			read.WriteString(text(a))
			keys(a, "j")
		}
		if !a.help {
			continue // it fits, and any key closed it
		}
		for _, b := range a.bindings() {
			if want := strings.Fields(b.does)[0]; !b.twin && !strings.Contains(read.String(), want) {
				t.Errorf("%s: the help never shows %q", scene.name, b.does)
			}
		}
		keys(a, "x")
		if a.help {
			t.Errorf("%s: x did not close the help", scene.name)
		}
	}
}
