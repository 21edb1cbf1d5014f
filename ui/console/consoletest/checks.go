package consoletest

import (
	"cmp"
	"fmt"
	"image/color"
	"regexp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"bothways/ui/console"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

var backgrounds = []struct {
	name   string
	colour color.Color
}{{"dark", color.Black}, {"light", color.White}}

// LooksAsDrawn is a check of all scenes of a room.
func LooksAsDrawn(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
			t.Run(fmt.Sprintf("%s-%dx%d", scene.Name, size[0], size[1]), func(t *testing.T) {
				a := scene.Build(t, size[0], size[1])
				dark := Text(a)
				a.Update(tea.BackgroundColorMsg{Color: color.White})
				if light := Text(a); light != dark {
					t.Errorf("the text differs on a light background:\n%s", light)
				}
				golden.RequireEqual(t, dark)
			})
		}
	}
}

// EveryPlaceHasAScene says which places of a room the checks never see.
func EveryPlaceHasAScene(t *testing.T, scenes []Scene, screens func(host.Host) map[host.Place]host.Screen) {
	t.Helper()
	seen := map[host.Place]bool{}
	var a *console.App
	for _, scene := range scenes {
		a = scene.Build(t, 80, 24)
		seen[a.Front] = true
	}
	for place := range screens(a) {
		if !seen[place] {
			t.Errorf("no scene shows %s, so nothing here is checked of it", place)
		}
	}
}

// ColoursAsDrawn is a check of all scenes of a room.
func ColoursAsDrawn(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		for _, background := range backgrounds {
			t.Run(scene.Name+"-"+background.name, func(t *testing.T) {
				a := scene.Build(t, 80, 24)
				a.Update(tea.BackgroundColorMsg{Color: background.colour})
				golden.RequireEqual(t, strings.ReplaceAll(a.View().Content, "\x1b", "␛"))
			})
		}
	}
}

// KeysMeanOneThing is a check of all scenes of a room.
func KeysMeanOneThing(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		a := scene.Build(t, 100, 30)
		meaning := map[string]string{}
		for _, b := range a.Bindings() {
			if b.Show() == "" || b.Does() == "" || b.Run == nil {
				t.Errorf("%s has an incomplete binding for %v", scene.Name, b.Keys())
			}
			for _, key := range b.Keys() {
				if other, taken := meaning[key]; taken {
					t.Errorf("%s: %s means %q and %q", scene.Name, key, other, b.Does())
				}
				meaning[key] = b.Does()
			}
		}
	}
}

// KeysCanBeSent is a check of all scenes of a room.
func KeysCanBeSent(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		for _, b := range scene.Build(t, 100, 30).Bindings() {
			for _, key := range b.Keys() {
				if got := KeyNamed(key).String(); got != key {
					t.Errorf("%s: %s waits for %q, the key is called %q", scene.Name, b.Does(), key, got)
				}
			}
		}
	}
}

// IdleTicksNot is a check of all scenes of a room.
func IdleTicksNot(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		a := scene.Build(t, 80, 24)
		a.Update(tea.FocusMsg{})
		if a.Beats() != a.Moving() {
			t.Errorf("%s: ticks %v, moves %v", scene.Name, a.Beats(), a.Moving())
		}
	}
}

// HelpHasEveryKey is a check of all scenes of a room.
func HelpHasEveryKey(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
			a := scene.Build(t, size[0], size[1])
			closeHelp(a)
			if a.Typing() != nil || a.Asking() {
				continue
			}
			line := widget.HelpLine(a.Look().Theme, a.Bindings(), size[0])
			if !strings.Contains(line, "help") || !strings.Contains(line, "quit") {
				t.Errorf("%s at %v: nothing on the screen says that there is a help: %s", scene.Name, size, line)
			}
			words := strings.Fields(strings.NewReplacer("↑↓", "↑ ↓", "←→", "← →", ",", " ").Replace(HelpRead(a)))
			for _, b := range a.Bindings() {
				if !b.Twin && !slices.Contains(words, strings.Fields(strings.ReplaceAll(b.Does(), ",", " "))[0]) {
					t.Errorf("%s at %v: the help never says %q", scene.Name, size, b.Does())
				}
				for _, key := range b.Keys() {
					if key != strings.ToLower(key) {
						continue // the same with shift
					}
					if name := cmp.Or(widget.KeyNames[key], key); !slices.Contains(words, name) && (key != "=" || !slices.Contains(words, "+")) {
						t.Errorf("%s at %v: %s does %q, which the help never shows", scene.Name, size, name, b.Does())
					}
				}
			}
		}
	}
}

// HelpIsLeft is a check of all scenes of a room.
func HelpIsLeft(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		a := scene.Build(t, 60, 16)
		closeHelp(a)
		if a.Typing() != nil || a.Asking() {
			continue
		}
		Keys(a, "?")
		frame := Text(a)
		if scrolls := regexp.MustCompile(`lines 1 to \d+ of \d+`).MatchString(frame); scrolls != strings.Contains(frame, "↑↓ scroll   any other key closes this help") {
			t.Errorf("%s:\n%s", scene.Name, frame)
		}
		if !strings.Contains(frame, "key closes this help") {
			t.Errorf("%s: nothing says how the help is left:\n%s", scene.Name, frame)
		}
		Keys(a, "x")
		if strings.Contains(Text(a), "key closes this help") {
			t.Errorf("%s: x did not close the help", scene.Name)
		}
	}
}

// StaysInTheTerminal is a check of all scenes of a room.
func StaysInTheTerminal(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		t.Run(scene.Name, func(t *testing.T) {
			a := scene.Build(t, 80, 24)
			for height := 0; height <= 60; height++ {
				for width := 0; width <= 200; width++ {
					// Above the least size one size of 31, all
					// widths and all heights among them.
					if width > console.LeastWidth && height > console.LeastHeight && (width+3*height)%31 != 0 {
						continue
					}
					a.Update(tea.WindowSizeMsg{Width: width, Height: height})
					CheckFrame(t, a, width, height)
				}
			}
		})
	}
}

// NothingImportantIsCut is a check of all scenes of a room.
func NothingImportantIsCut(t *testing.T, scenes []Scene, want map[string][]string) {
	for _, scene := range scenes {
		frame := Text(scene.Build(t, 80, 24))
		for _, words := range want[scene.Name] {
			if !strings.Contains(frame, words) {
				t.Errorf("%s lacks %q:\n%s", scene.Name, words, frame)
			}
		}
		if strings.HasPrefix(scene.Name, "where") || strings.HasPrefix(scene.Name, "past") {
			continue
		}
		if !strings.Contains(frame, "SANDBOX") || !strings.Contains(frame, "simulated distances") {
			t.Errorf("%s is not marked as the sandbox", scene.Name)
		}
	}
}

// ASCIIAlone is a check of all scenes of a room.
func ASCIIAlone(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		a := scene.Build(t, 100, 30)
		a.Cfg.ASCII = true
		Redraw(a)
		for _, r := range a.View().Content {
			if r > 126 {
				t.Fatalf("%s draws %q", scene.Name, r)
			}
		}
	}
}

// Harmless is a check of all scenes of a room.
func Harmless(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		a := scene.Build(t, 100, 40)
		content := a.View().Content
		for _, bad := range []string{"\x1b[2J", "\x1b]", "\x07", "\r", "\x9b", "\u202e", "\u200f", "ש"} {
			if strings.Contains(content, bad) {
				t.Errorf("%s draws %q", scene.Name, bad)
			}
		}
		CheckFrame(t, a, 100, 40)
	}
}

// FooterInAField checks that a footer offers only what works where one types.
func FooterInAField(t *testing.T, a *console.App) {
	t.Helper()
	lines := strings.Split(Text(a), "\n")
	if footer := lines[len(lines)-1]; strings.Contains(footer, "? help") || strings.Contains(footer, "q quit") || !strings.Contains(footer, "ctrl+c quit") {
		t.Errorf("%s", footer)
	}
}

// FieldKeysInHelp checks that the help lists the keys of a field where there is one.
func FieldKeysInHelp(t *testing.T, a *console.App, has bool) {
	t.Helper()
	help := HelpRead(a)
	if got := strings.Contains(help, "While you type"); got != has {
		t.Errorf("%s: the keys of a field are there: %v", a.At(), got)
	}
	if !has {
		return
	}
	words := strings.Fields(help)
	for _, e := range widget.FieldBindings() {
		if !strings.Contains(help, e.Does()) {
			t.Errorf("%s: nothing says %q", a.At(), e.Does())
		}
		for _, key := range e.Keys() {
			if !slices.Contains(words, cmp.Or(widget.KeyNames[key], key)) {
				t.Errorf("%s: %s is missing", a.At(), key)
			}
		}
	}
}

// OnlyQuits checks that keys do nothing where nobody can see what they do.
func OnlyQuits(t *testing.T, a *console.App) {
	t.Helper()
	before, at := Text(a), a.At()
	a.Update(tea.WindowSizeMsg{Width: 50, Height: 15})
	for _, key := range []string{"y", "enter", "x", "b", "esc", "space", "?", "down", "s"} {
		Keys(a, key)
	}
	a.Update(tea.PasteMsg{Content: "pasted"})
	a.Update(tea.WindowSizeMsg{Width: 100, Height: 30})
	if after := Text(a); a.At() != at || len(a.Runs) != 0 || after != before {
		t.Errorf("%s: keys that nobody could see changed the screen:\n%s", at, after)
	}
	a.Update(tea.WindowSizeMsg{Width: 50, Height: 15})
	if _, cmd := a.Update(KeyNamed("q")); at == host.Plan && !Quits(cmd) {
		t.Error("q does not quit")
	}
}

// ReadOnlyRefuses checks that no key changes anything.
func ReadOnlyRefuses(t *testing.T, a *console.App) {
	t.Helper()
	at := a.At()
	a.Cfg.ReadOnly = true
	Redraw(a)
	for _, key := range []string{"y", "enter", "x"} {
		Keys(a, key)
	}
	if len(a.Runs) != 0 {
		t.Errorf("%s started a run", at)
	}
	if !strings.Contains(Text(a), "READ-ONLY") {
		t.Errorf("%s has no badge", at)
	}
}

// closeHelp closes the help of a scene that has it open.
func closeHelp(a *console.App) {
	if strings.Contains(Text(a), "key closes this help") {
		Keys(a, "esc")
	}
}
