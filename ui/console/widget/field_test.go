package widget

import (
	"fmt"
	"strconv"
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

func TestAFieldTakesWhatIsNoControlUpToItsLength(t *testing.T) {
	var f Field
	f.Insert("ho\x1b[2Jme\n\t\u202e end")
	if got := f.String(); got != "ho[2Jme\u202e end" {
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

// What is copied from a page may have characters that nobody sees. A field shows
// them, so that nobody wonders why a bucket by that name is not there.
func TestAFieldShowsWhatIsNotSeen(t *testing.T) {
	theme := NewTheme(true, colorprofile.TrueColor)
	for _, hidden := range unseen() {
		for _, keys := range []string{"end", "end left", "home", "home right right"} {
			var f Field
			f.Insert("my" + string(hidden) + "bucket")
			for key := range strings.FieldsSeq(keys) {
				f.Press(keyNamed(key))
			}
			drawn := f.Draw(theme, 40)
			if strings.ContainsRune(drawn, hidden) {
				t.Fatalf("%U is drawn as it is: %q", hidden, drawn)
			}
			if got := ansi.Strip(drawn); strings.TrimSpace(got) != fmt.Sprintf(`my\u%04xbucket`, hidden) && strings.TrimSpace(got) != fmt.Sprintf(`my\U%08xbucket`, hidden) {
				t.Errorf("%U: %q", hidden, got)
			}
			before, under, _ := strings.Cut(drawn, "\x1b[7m")
			if want := map[string]string{"end": " ", "end left": "t", "home": "m", "home right right": `\`}[keys]; !strings.HasPrefix(under, want) {
				t.Errorf("%U after %s: the cursor is on %q behind %q", hidden, keys, under, before)
			}
		}
	}
	var f Field
	f.Insert(strings.Repeat("\u200b", 2000))
	if w := ansi.StringWidth(f.Draw(theme, 40)); w > 40 {
		t.Errorf("%d wide", w)
	}
}

// unseen are characters that turn the direction of writing, or are drawn as nothing.
func unseen() []rune {
	return []rune{
		0xA0, 0xAD, 0x34F, 0x61C, 0x115F, 0x17B4, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029,
		0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x206F, 0x2800, 0x3164, 0xFE00, 0xFE0F, 0xFEFF,
		0xFFA0, 0xFFF9, 0x1BCA0, 0x1D173, 0xE0001, 0xE0041, 0xE0100, 0x5D0, 0x627,
	}
}

func TestWhatIsNotSeenIsDrawnAsItsEscape(t *testing.T) {
	for _, hidden := range unseen() {
		got := Clean("a" + string(hidden) + "b")
		if want := "a" + strings.Trim(strconv.QuoteRuneToASCII(hidden), "'") + "b"; got != want {
			t.Errorf("%U is drawn as %q, want %q", hidden, got, want)
		}
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
