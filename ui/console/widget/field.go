package widget

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

// longestField is the longest text that a field takes: an S3 key's prefix may
// have 1,024 bytes (S3 User Guide, "Naming Amazon S3 objects").
const longestField = 1024

// Field is one line of text being edited, empty at first. Its cursor does not
// blink: an idle console writes nothing.
type Field struct{ input textinput.Model }

// NewField is a field that holds a text, with the cursor at its end.
func NewField(text string) Field {
	input := textinput.New()
	input.Prompt, input.CharLimit, input.KeyMap = "", longestField, fieldKeys()
	input.SetStyles(fieldStyles(lipgloss.NewStyle()))
	input.Focus()
	input.SetValue(text)
	return Field{input}
}

// ready makes the zero value a field.
func (f *Field) ready() {
	if !f.input.Focused() {
		*f = NewField("")
	}
}

func (f *Field) String() string { return f.input.Value() }

// Propose completes to a text what begins like it, where that is asked for.
func (f *Field) Propose(text string) {
	f.ready()
	if text != "" && Clean(text) == text {
		f.input.ShowSuggestions = true
		f.input.SetSuggestions(append(f.input.AvailableSuggestions(), text))
	}
}

// Insert adds what was typed or pasted at the cursor. Control characters are left
// out, such as the end of a line that was copied. Others that nobody sees stay, and
// are drawn as their escapes: a name that was copied with one is not the name that
// it seems to be.
func (f *Field) Insert(text string) {
	f.ready()
	f.input, _ = f.input.Update(tea.PasteMsg{Content: strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)})
	f.input.SetSuggestions(f.input.AvailableSuggestions()) // those that still match
}

// edit is what keys do in a field, besides typing. The field and its help both
// read it.
type edit struct {
	in func(*textinput.KeyMap) *key.Binding
	Binding
}

// fieldEdits leave out what deletes the word after the cursor: on the last
// character of a text it panics.
func fieldEdits() []edit {
	type keyMap = textinput.KeyMap
	bind := func(does string, keys ...string) Binding {
		return Bind(cmp.Or(KeyNames[keys[0]], keys[0]), does, nil, keys...)
	}
	return []edit{
		{func(m *keyMap) *key.Binding { return &m.CharacterBackward }, bind("one character to the left", "left", "ctrl+b")},
		{func(m *keyMap) *key.Binding { return &m.CharacterForward }, bind("one character to the right", "right", "ctrl+f")},
		{func(m *keyMap) *key.Binding { return &m.WordBackward }, bind("one word to the left", "alt+left", "ctrl+left", "alt+b")},
		{func(m *keyMap) *key.Binding { return &m.WordForward }, bind("one word to the right", "alt+right", "ctrl+right", "alt+f")},
		{func(m *keyMap) *key.Binding { return &m.LineStart }, bind("to the beginning", "home", "ctrl+a")},
		{func(m *keyMap) *key.Binding { return &m.LineEnd }, bind("to the end", "end", "ctrl+e")},
		{func(m *keyMap) *key.Binding { return &m.DeleteCharacterBackward }, bind("delete the character before the cursor", "backspace", "ctrl+h")},
		{func(m *keyMap) *key.Binding { return &m.DeleteCharacterForward }, bind("delete the character under the cursor", "delete", "ctrl+d")},
		{func(m *keyMap) *key.Binding { return &m.DeleteWordBackward }, bind("delete the word before the cursor", "ctrl+w", "alt+backspace", "ctrl+backspace")},
		{func(m *keyMap) *key.Binding { return &m.DeleteBeforeCursor }, bind("delete all before the cursor", "ctrl+u")},
		{func(m *keyMap) *key.Binding { return &m.DeleteAfterCursor }, bind("delete all from the cursor on", "ctrl+k")},
		{func(m *keyMap) *key.Binding { return &m.AcceptSuggestion }, bind("complete to what is proposed", "tab")},
	}
}

// fieldKeys are the edits for the input. It gets no key to read the clipboard by
// itself, which through ssh would be the wrong computer's.
func fieldKeys() (keys textinput.KeyMap) {
	for _, e := range fieldEdits() {
		*e.in(&keys) = e.Binding.Binding
	}
	return keys
}

// Press edits by a key and says whether the key meant anything to the field.
func (f *Field) Press(pressed tea.KeyPressMsg) bool {
	f.ready()
	for _, e := range fieldEdits() {
		if key.Matches(pressed, e.Binding.Binding) {
			f.input, _ = f.input.Update(pressed)
			return true
		}
	}
	if pressed.Text == "" {
		return false
	}
	f.Insert(pressed.Text)
	return true
}

// FieldBindings are the edits as the help lists them.
func FieldBindings() []Binding {
	edits := fieldEdits()
	all := make([]Binding, 0, len(edits)+1)
	for _, e := range edits {
		all = append(all, e.Binding)
	}
	return append(all, Bind("paste", "puts text in at the cursor", nil))
}

// Draw shows the field in at most width columns, with the cursor in view.
func (f *Field) Draw(t Theme, width int) string {
	if width < 2 {
		return ""
	}
	f.ready()
	if at := f.input.Position(); f.input.Width() != width-1 {
		f.input.SetWidth(width - 1) // the cursor may stand behind the last character
		f.input.CursorEnd()
		f.input.SetCursor(at) // both choose the part in view anew
	}
	shown := f.input
	shown.SetStyles(fieldStyles(t.Muted))
	if text := f.String(); !plain(text) {
		var all strings.Builder
		at := 0 // the cursor, in what is drawn
		for i, r := range []rune(text) {
			if i == f.input.Position() {
				at = utf8.RuneCountInString(all.String())
			}
			all.WriteString(drawn(r))
		}
		shown.CharLimit = 0
		shown.SetValue(all.String())
		shown.CursorEnd()
		if f.input.Position() < utf8.RuneCountInString(text) {
			shown.SetCursor(at)
		}
	}
	return Fit(strings.TrimRight(shown.View(), " "), width)
}

// fieldStyles have a cursor that stands still, in reverse video as everywhere.
func fieldStyles(proposed lipgloss.Style) textinput.Styles {
	plain := textinput.StyleState{Suggestion: proposed}
	return textinput.Styles{Focused: plain, Blurred: plain, Cursor: textinput.CursorStyle{Color: lipgloss.NoColor{}}}
}
