package console

import (
	"cmp"
	"slices"
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

// fieldEdits are what the keys do in a field, besides typing. The help lists
// them from here.
var fieldEdits = []struct {
	keys []string
	does string
	edit func(f *field)
}{
	{[]string{"left", "ctrl+b"}, "one character to the left", func(f *field) { f.at = max(0, f.at-1) }},
	{[]string{"right", "ctrl+f"}, "one character to the right", func(f *field) { f.at = min(len(f.text), f.at+1) }},
	{[]string{"home", "ctrl+a"}, "to the beginning", func(f *field) { f.at = 0 }},
	{[]string{"end", "ctrl+e"}, "to the end", func(f *field) { f.at = len(f.text) }},
	{[]string{"backspace", "ctrl+h"}, "delete the character before the cursor", func(f *field) { f.cut(f.at-1, f.at) }},
	{[]string{"delete", "ctrl+d"}, "delete the character under the cursor", func(f *field) { f.cut(f.at, f.at+1) }},
	{[]string{"ctrl+u"}, "delete all before the cursor", func(f *field) { f.cut(0, f.at) }},
	{[]string{"ctrl+k"}, "delete all from the cursor on", func(f *field) { f.cut(f.at, len(f.text)) }},
}

// cut takes out the characters between two places, where there are any; the
// cursor is then between what is left.
func (f *field) cut(from, to int) {
	if from < 0 || to > len(f.text) {
		return
	}
	f.text, f.at = append(f.text[:from:from], f.text[to:]...), from
}

// press edits by a key and says whether the key meant anything to the field.
func (f *field) press(key tea.KeyPressMsg) bool {
	for _, e := range fieldEdits {
		if slices.Contains(e.keys, key.String()) {
			e.edit(f)
			return true
		}
	}
	if key.Text == "" {
		return false
	}
	f.insert(key.Text)
	return true
}

// fieldBindings are the edits as the help lists them.
func fieldBindings() []binding {
	all := make([]binding, 0, len(fieldEdits)+1)
	for _, e := range fieldEdits {
		all = append(all, bind(cmp.Or(keyNames[e.keys[0]], e.keys[0]), e.does, nil, e.keys...))
	}
	return append(all, bind("paste", "puts text in at the cursor", nil))
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
