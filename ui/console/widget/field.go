package widget

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

// Field is one line of text being edited. It draws its own cursor, which does
// not blink: an idle console writes nothing.
type Field struct {
	Text []rune
	At   int
}

// NewField is a field that holds a text, with the cursor at its end.
func NewField(text string) Field {
	runes := []rune(text)
	return Field{Text: runes, At: len(runes)}
}

func (f *Field) String() string { return string(f.Text) }

// Insert adds what was typed or pasted at the cursor; what does not print is
// left out.
func (f *Field) Insert(text string) {
	for _, r := range text {
		if !unicode.IsPrint(r) || len(f.Text) >= longestField {
			continue
		}
		f.Text = append(f.Text[:f.At], append([]rune{r}, f.Text[f.At:]...)...)
		f.At++
	}
}

// FieldEdits are what the keys do in a field, besides typing. The help lists
// them from here.
var FieldEdits = []struct {
	Keys []string
	Does string
	edit func(f *Field)
}{
	{[]string{"left", "ctrl+b"}, "one character to the left", func(f *Field) { f.At = max(0, f.At-1) }},
	{[]string{"right", "ctrl+f"}, "one character to the right", func(f *Field) { f.At = min(len(f.Text), f.At+1) }},
	{[]string{"home", "ctrl+a"}, "to the beginning", func(f *Field) { f.At = 0 }},
	{[]string{"end", "ctrl+e"}, "to the end", func(f *Field) { f.At = len(f.Text) }},
	{[]string{"backspace", "ctrl+h"}, "delete the character before the cursor", func(f *Field) { f.cut(f.At-1, f.At) }},
	{[]string{"delete", "ctrl+d"}, "delete the character under the cursor", func(f *Field) { f.cut(f.At, f.At+1) }},
	{[]string{"ctrl+u"}, "delete all before the cursor", func(f *Field) { f.cut(0, f.At) }},
	{[]string{"ctrl+k"}, "delete all from the cursor on", func(f *Field) { f.cut(f.At, len(f.Text)) }},
}

// cut takes out the characters between two places, where there are any; the
// cursor is then between what is left.
func (f *Field) cut(from, to int) {
	if from < 0 || to > len(f.Text) {
		return
	}
	f.Text, f.At = append(f.Text[:from:from], f.Text[to:]...), from
}

// Press edits by a key and says whether the key meant anything to the field.
func (f *Field) Press(key tea.KeyPressMsg) bool {
	for _, e := range FieldEdits {
		if slices.Contains(e.Keys, key.String()) {
			e.edit(f)
			return true
		}
	}
	if key.Text == "" {
		return false
	}
	f.Insert(key.Text)
	return true
}

// FieldBindings are the edits as the help lists them.
func FieldBindings() []Binding {
	all := make([]Binding, 0, len(FieldEdits)+1)
	for _, e := range FieldEdits {
		all = append(all, Bind(cmp.Or(KeyNames[e.Keys[0]], e.Keys[0]), e.Does, nil, e.Keys...))
	}
	return append(all, Bind("paste", "puts text in at the cursor", nil))
}

// Draw shows the field in at most width columns, with the cursor in view.
func (f *Field) Draw(t Theme, width int) string {
	if width < 2 {
		return ""
	}
	from := 0
	for from < f.At && ansi.StringWidth(string(f.Text[from:f.At])) > width-1 {
		from++
	}
	under, after := " ", ""
	if f.At < len(f.Text) {
		under, after = string(f.Text[f.At]), string(f.Text[f.At+1:])
	}
	line := Clean(string(f.Text[from:f.At])) + t.Cursor.Render(Clean(under)) + Clean(after)
	return Fit(line, width)
}
