package widget

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// keyNamed is a key by the name that it has in the help.
func keyNamed(name string) tea.KeyPressMsg {
	var pressed tea.KeyPressMsg
	for _, mod := range []struct {
		name string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}} {
		if rest, has := strings.CutPrefix(name, mod.name); has {
			name, pressed.Mod = rest, pressed.Mod|mod.mod
		}
	}
	code, special := map[string]rune{
		"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "enter": tea.KeyEnter, "esc": tea.KeyEscape,
		"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
	}[name]
	switch {
	case special:
		pressed.Code = code
	case pressed.Mod == 0:
		pressed.Code, pressed.Text = []rune(name)[0], name
	default:
		pressed.Code = []rune(name)[0]
	}
	return pressed
}

func TestTheKeysOfAFieldDoWhatTheHelpSays(t *testing.T) {
	for keys, want := range map[string]string{
		"left": "ab|cd e", "ctrl+b": "ab|cd e", "right": "abcd| e", "ctrl+f": "abcd| e",
		"home": "|abcd e", "ctrl+a": "|abcd e", "end": "abcd e|", "ctrl+e": "abcd e|",
		"backspace": "ab|d e", "ctrl+h": "ab|d e", "delete": "abc| e", "ctrl+d": "abc| e",
		"ctrl+u": "|d e", "ctrl+k": "abc|", "x": "abcx|d e",
		"home left": "|abcd e", "home backspace": "|abcd e", "home ctrl+u": "|abcd e",
		"end right": "abcd e|", "end delete": "abcd e|", "end ctrl+k": "abcd e|",
		"alt+left": "|abcd e", "ctrl+left": "|abcd e", "alt+b": "|abcd e", "end alt+b": "abcd |e", "home alt+b": "|abcd e",
		"alt+right": "abcd| e", "ctrl+right": "abcd| e", "alt+f": "abcd| e", "right alt+f": "abcd e|", "end alt+f": "abcd e|",
		"ctrl+w": "|d e", "alt+backspace": "|d e", "ctrl+backspace": "|d e", "end ctrl+w": "abcd |", "home ctrl+w": "|abcd e",
		"tab": "abc|d e",
	} {
		f := NewField("abcd e")
		f.input.SetCursor(3)
		for key := range strings.FieldsSeq(keys) {
			if !f.Press(keyNamed(key)) {
				t.Errorf("%s means nothing", key)
			}
		}
		text, at := []rune(f.String()), f.input.Position()
		if got := string(text[:at]) + "|" + string(text[at:]); got != want {
			t.Errorf("%s: %q, want %q", keys, got, want)
		}
	}
	f := NewField("a")
	for _, name := range []string{"enter", "esc", "up", "down", "ctrl+v"} {
		if f.Press(keyNamed(name)) {
			t.Errorf("%s is swallowed", name)
		}
	}
}

func TestAFieldTakesWhatPrintsUpToItsLength(t *testing.T) {
	var f Field
	f.Insert("ho\x1b[2Jme\n\t\u202e end")
	if got := f.String(); got != "ho[2Jme end" {
		t.Errorf("%q", got)
	}
	f = Field{}
	f.Insert("home") // pasted, and no key
	if got := f.String(); got != "home" {
		t.Errorf("%q", got)
	}
	f.Insert(strings.Repeat("x", 2000))
	f.Insert("y")
	f.Press(keyNamed("z"))
	if got := f.String(); len(got) != longestField || strings.ContainsAny(got, "yz") {
		t.Errorf("it holds %d characters: %q", len(got), got[1000:])
	}
}

func TestAFieldDrawsItsCursorInViewAtEveryWidth(t *testing.T) {
	theme := NewTheme(true, colorprofile.TrueColor)
	for _, text := range []string{"", "abc", strings.Repeat("abcdefghij", 20), strings.Repeat("日本語", 30), strings.Repeat("שלום ", 300)} {
		f := NewField(text)
		for _, width := range []int{2, 3, 10, 77, 20, 200, 5} {
			for _, key := range []string{"end", "left", "left", "home", "right", "end", "alt+left", "right"} {
				f.Press(keyNamed(key))
				drawn := f.Draw(theme, width)
				if w := ansi.StringWidth(drawn); w > width {
					t.Fatalf("%d wide after %s: %d: %q", width, key, w, drawn)
				}
				if width > 2 && strings.Count(drawn, "\x1b[7m") != 1 {
					t.Fatalf("%d wide after %s no cursor: %q", width, key, drawn)
				}
				if strings.Contains(drawn, "ש") {
					t.Fatalf("it turns the direction of writing: %q", drawn)
				}
			}
		}
	}
}

func TestTabCompletesToWhatIsProposed(t *testing.T) {
	var f Field
	for _, text := range []string{"eu-west-1", "eu-west-2", "us-\x1beast"} {
		f.Propose(text)
	}
	theme := NewTheme(true, colorprofile.TrueColor)
	f.Insert("eu")
	if got := ansi.Strip(f.Draw(theme, 20)); got != "eu-west-1" {
		t.Errorf("proposed: %q", got)
	}
	f.Press(keyNamed("tab"))
	if got := f.String(); got != "eu-west-1" {
		t.Errorf("taken: %q", got)
	}
	f.Press(keyNamed("ctrl+u"))
	f.Insert("us")
	f.Press(keyNamed("tab"))
	if got := f.String(); got != "us" {
		t.Errorf("what does not print is proposed: %q", got)
	}
}
