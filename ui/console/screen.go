package console

import (
	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/widget"
)

// quiet are the parts of a screen that few screens have.
type quiet struct{}

func (quiet) prompt() string        { return "" }
func (quiet) typing() *widget.Field { return nil }
func (quiet) typed() tea.Cmd        { return nil }
func (quiet) choose(_, _ int)       {}
func (quiet) moving() bool          { return false }
func (quiet) words() []widget.Word  { return nil }
func (quiet) fields() bool          { return false }
func (quiet) pane() *widget.Pane    { return nil }

// screen is one place's face. Its methods are called from Update and View
// only, so they need no locks and must not wait for anything.
type screen interface {
	// enter is called whenever the screen comes to the front.
	enter() tea.Cmd
	// bindings lists what keys do now.
	bindings() []widget.Binding
	// prompt is a question at the head of the help line, or "".
	prompt() string
	// typing is the field that takes the keys first, or nil.
	typing() *widget.Field
	// typed is called after the field changed.
	typed() tea.Cmd
	// Draw fills at most height lines of at most width columns.
	Draw(width, height int) []string
	// choose selects what was drawn on a line of the body.
	choose(line, column int)
	// moving says that something on the screen changes with the clock.
	moving() bool
	// words are what the help explains besides keys.
	words() []widget.Word
	// pane is what the mouse scrolls where it is on it, or nil.
	pane() *widget.Pane
	// fields says whether there is anything to type in.
	fields() bool
}
