package widget

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Filter leaves of a list the rows that hold all of its words. The zero value
// leaves all.
type Filter struct {
	field Field
	open  bool // it takes the keys
}

// Text is what was typed.
func (f *Filter) Text() string { return f.field.String() }

// On says whether it is typed in, or leaves rows out.
func (f *Filter) On() bool { return f.open || f.Text() != "" }

// Typing is its field while that takes the keys, or nil.
func (f *Filter) Typing() *Field {
	if f.open {
		return &f.field
	}
	return nil
}

// Open gives it the keys, and has it complete to these.
func (f *Filter) Open(proposals ...string) {
	f.open = true
	for _, p := range proposals {
		f.field.Propose(p)
	}
}

// Leave gives the keys back to the list; what was typed goes on holding.
func (f *Filter) Leave() { f.open = false }

// Clear lets all rows pass again.
func (f *Filter) Clear() { *f = Filter{} }

// Passes says whether a row that reads so is left.
func (f *Filter) Passes(row string) bool {
	row = strings.ToLower(row)
	for word := range strings.FieldsSeq(strings.ToLower(f.Text())) {
		if !strings.Contains(row, word) {
			return false
		}
	}
	return true
}

// Bindings open the filter where there is something to leave out, and clear it.
func (f *Filter) Bindings(worth bool, open func(), clear func() tea.Cmd) []Binding {
	var bindings []Binding
	if worth && !f.open {
		bindings = append(bindings, Bind("/", "filter", Act(open), "/"))
	}
	if f.On() {
		bindings = append(bindings, Bind("esc", "show all", clear, "esc"))
	}
	return bindings
}

// Draw is what is filtered by, with the cursor while it is typed in.
func (f *Filter) Draw(t Theme, width int) string {
	if f.open {
		return "/ " + f.field.Draw(t, width-2)
	}
	return "/ " + Fit(Clean(f.Text()), width-2)
}
