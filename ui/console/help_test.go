package console

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/ui/console/widget"
)

// helpRead is all that the help of a screen shows, scrolled through.
func helpRead(a *staged) string {
	var read strings.Builder
	keys(a, "?")
	for range 80 {
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
			line := widget.HelpLine(a.theme, a.bindings(), size[0])
			if !strings.Contains(line, "help") || !strings.Contains(line, "quit") {
				t.Errorf("%s at %v: nothing on the screen says that there is a help: %s", scene.name, size, line)
			}
			words := strings.Fields(strings.NewReplacer("↑↓", "↑ ↓", "←→", "← →", ",", " ").Replace(helpRead(a)))
			for _, b := range a.bindings() {
				if !b.Twin && !slices.Contains(words, strings.Fields(strings.ReplaceAll(b.Does(), ",", " "))[0]) {
					t.Errorf("%s at %v: the help never says %q", scene.name, size, b.Does())
				}
				for _, key := range b.Keys() {
					if key != strings.ToLower(key) {
						continue // the same with shift
					}
					if name := cmp.Or(widget.KeyNames[key], key); !slices.Contains(words, name) && (key != "=" || !slices.Contains(words, "+")) {
						t.Errorf("%s at %v: %s does %q, which the help never shows", scene.name, size, name, b.Does())
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
		a.probe.setup.texts[setupLength] = widget.NewField(length)
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

func TestTheHelpExplainsWhatStandsOnTheScreenOfAMeasurement(t *testing.T) {
	for _, scene := range []string{"probe", "probe-time", "probe-table", "results", "past"} {
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
			a := sceneNamed(t, scene)
			a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			words := helpRead(a)
			for _, w := range []string{"95 % at every look", "too few", "COMPLETED", "per doubling", "2.3 times as long", "╂ ┃", "┄"} {
				if !strings.Contains(words, w) {
					t.Errorf("%s at %v: the help does not explain %q", scene, size, w)
				}
			}
			if strings.Contains(words, "…") {
				t.Errorf("%s at %v: something is cut", scene, size)
			}
		}
	}
	if a := sceneNamed(t, "plan"); strings.Contains(helpRead(a), "every look") {
		t.Error("the plan's help explains figures")
	}
}

func TestTheHelpListsEveryKeyOfAFieldWhereThereIsOneToTypeIn(t *testing.T) {
	for scene, has := range map[string]bool{
		"where": true, "side-a": true, "options": true, "probe-setup": true, "results": true, "teardown": true,
		"plan": false, "probe": false, "apply": false, "doctor": false,
	} {
		a := sceneNamed(t, scene)
		help := helpRead(a)
		if got := strings.Contains(help, "While you type"); got != has {
			t.Errorf("%s: the keys of a field are there: %v", scene, got)
		}
		if !has {
			continue
		}
		words := strings.Fields(help)
		for _, e := range widget.FieldBindings() {
			if !strings.Contains(help, e.Does()) {
				t.Errorf("%s: nothing says %q", scene, e.Does())
			}
			for _, key := range e.Keys() {
				if !slices.Contains(words, cmp.Or(widget.KeyNames[key], key)) {
					t.Errorf("%s: %s is missing", scene, key)
				}
			}
		}
	}
}

func TestAShortHelpLineTakesFewerWordsBeforeAKeyGivesWay(t *testing.T) {
	a := stage(t, atPlan, 80, 24)
	bindings := []widget.Binding{
		widget.Bind("a", "apply", nil, "a"), widget.Bind("c", "columns p90 p95 p99", nil, "c").OrBriefly("columns"), widget.Bind("x", "tear down", nil, "x"), widget.Bind("?", "help", nil, "?"),
	}
	for width, want := range map[int]string{
		60: " a apply   c columns p90 p95 p99   x tear down   ? help",
		53: " a apply  c columns p90 p95 p99  x tear down  ? help",
		43: " a apply  c columns  x tear down  ? help",
		39: " a apply  c columns p90 p95 p99  ? help",
		30: " a apply  c columns  ? help",
		20: " a apply  ? help",
		9:  " ? help",
	} {
		if got := ansi.Strip(widget.HelpLine(a.theme, bindings, width)); got != want {
			t.Errorf("%d wide: %q, want %q", width, got, want)
		}
	}
}
