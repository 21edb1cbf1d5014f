package console

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// helpRead is all that the help of a screen shows, scrolled through.
func helpRead(a *app) string {
	var read strings.Builder
	keys(a, "?")
	for range 60 {
		read.WriteString(text(a) + "\n")
		keys(a, "j")
	}
	return read.String()
}

func TestEveryKeyThatWorksIsInTheHelpAtEverySize(t *testing.T) {
	for _, scene := range scenes {
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
			a := scene.build(t, size[0], size[1])
			a.help = false
			if a.typing() != nil || a.question != nil {
				continue
			}
			line := helpLine(a.theme, a.bindings(), size[0])
			if !strings.Contains(line, "help") || !strings.Contains(line, "quit") {
				t.Errorf("%s at %v: nothing on the screen says that there is a help: %s", scene.name, size, line)
			}
			words := strings.Fields(strings.NewReplacer("↑↓", "↑ ↓", ",", " ").Replace(helpRead(a)))
			for _, b := range a.bindings() {
				if !b.twin && !slices.Contains(words, strings.Fields(strings.ReplaceAll(b.does, ",", " "))[0]) {
					t.Errorf("%s at %v: the help never says %q", scene.name, size, b.does)
				}
				for _, key := range b.keys {
					if key != strings.ToLower(key) {
						continue // the same with shift
					}
					if name := cmp.Or(keyNames[key], key); !slices.Contains(words, name) && (key != "=" || !slices.Contains(words, "+")) {
						t.Errorf("%s at %v: %s does %q, which the help never shows", scene.name, size, name, b.does)
					}
				}
			}
		}
	}
}

func TestTheHelpSaysHowItIsLeft(t *testing.T) {
	for _, scene := range scenes {
		a := scene.build(t, 60, 16)
		a.help = false
		if a.typing() != nil || a.question != nil {
			continue
		}
		keys(a, "?")
		frame := text(a)
		if scrolls := regexp.MustCompile(`lines 1 to \d+ of \d+`).MatchString(frame); scrolls != strings.Contains(frame, "↑↓ scroll   any other key closes this help") {
			t.Errorf("%s:\n%s", scene.name, frame)
		}
		if !strings.Contains(frame, "key closes this help") {
			t.Errorf("%s: nothing says how the help is left:\n%s", scene.name, frame)
		}
		keys(a, "x")
		if a.help {
			t.Errorf("%s: x did not close the help", scene.name)
		}
	}
}

func TestNothingIsCutOnTheSetupOfTheSmallestTerminal(t *testing.T) {
	for _, length := range []string{"12", "24h", "0", "168h"} {
		a := stage(t, atProbe, 60, 16)
		a.probe.setup.texts[setupLength] = newField(length)
		frame := text(a)
		if words := strings.Join(strings.Fields(frame), " "); strings.Contains(frame, "…") || !strings.Contains(words, "The sandbox costs nothing.") {
			t.Errorf("length %s:\n%s", length, frame)
		}
		keys(a, "down", "down", "down", "down", "space")
		if frame := text(a); !strings.Contains(frame, "fine") || !strings.Contains(frame, "about 24 polls a sample") {
			t.Errorf("the pace:\n%s", frame)
		}
	}
}
