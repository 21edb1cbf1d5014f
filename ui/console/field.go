package console

import (
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// longestField is the longest text that a field takes: an S3 key's prefix may
// have 1,024 bytes (S3 User Guide, "Naming Amazon S3 objects").
const longestField = 1024

// field is one line of text being edited. It draws its own cursor, which does
// not blink: an idle console writes nothing.
type field struct {
	text []rune
	at   int
}

func newField(text string) field {
	runes := []rune(text)
	return field{text: runes, at: len(runes)}
}

func (f *field) String() string { return string(f.text) }

// insert adds what was typed or pasted at the cursor; what does not print is
// left out.
func (f *field) insert(text string) {
	for _, r := range text {
		if !unicode.IsPrint(r) || len(f.text) >= longestField {
			continue
		}
		f.text = append(f.text[:f.at], append([]rune{r}, f.text[f.at:]...)...)
		f.at++
	}
}

// press edits by a key and says whether the key meant anything to the field.
func (f *field) press(key tea.KeyPressMsg) bool {
	switch key.String() {
	case "left", "ctrl+b":
		f.at = max(0, f.at-1)
	case "right", "ctrl+f":
		f.at = min(len(f.text), f.at+1)
	case "home", "ctrl+a":
		f.at = 0
	case "end", "ctrl+e":
		f.at = len(f.text)
	case "backspace", "ctrl+h":
		if f.at > 0 {
			f.text = append(f.text[:f.at-1], f.text[f.at:]...)
			f.at--
		}
	case "delete", "ctrl+d":
		if f.at < len(f.text) {
			f.text = append(f.text[:f.at], f.text[f.at+1:]...)
		}
	case "ctrl+u":
		f.text, f.at = f.text[f.at:], 0
	case "ctrl+k":
		f.text = f.text[:f.at]
	default:
		if key.Text == "" {
			return false
		}
		f.insert(key.Text)
	}
	return true
}

// draw shows the field in at most width columns, with the cursor in view.
func (f *field) draw(t theme, width int) string {
	if width < 2 {
		return ""
	}
	from := 0
	for from < f.at && ansi.StringWidth(string(f.text[from:f.at])) > width-1 {
		from++
	}
	under, after := " ", ""
	if f.at < len(f.text) {
		under, after = string(f.text[f.at]), string(f.text[f.at+1:])
	}
	line := clean(string(f.text[from:f.at])) + t.Cursor.Render(clean(under)) + clean(after)
	return fit(line, width)
}
