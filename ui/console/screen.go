package console

import (
	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/widget"
)

// screen is one place's face. Its methods are called from Update and View
// only, so they need no locks and must not wait for anything.
type screen interface {
	// enter is called whenever the screen comes to the front, with the place
	// that was there before.
	enter(from place) tea.Cmd
	// bindings lists what keys do now.
	bindings() []widget.Binding
	// Draw fills at most height lines of at most width columns.
	Draw(width, height int) []string

	// prompt is a question at the head of the help line, or "".
	prompt() string
	// typing is the field that takes the keys first, or nil.
	typing() *widget.Field
	// typed is called after the field changed.
	typed() tea.Cmd
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

	// drop forgets what holds no longer.
	drop(what stale)
	// progress is how much of what runs here is done, where that can be told.
	progress() (done, all int)
	// unkept counts the samples that would be lost with the program, and keeps
	// them.
	unkept() (samples int, keep func() tea.Cmd)
	// farewell is what stays in the terminal after quitting.
	farewell() []string
}

// quiet are the parts of a screen that few screens have.
type quiet struct{}

func (quiet) enter(place) tea.Cmd           { return nil }
func (quiet) prompt() string                { return "" }
func (quiet) typing() *widget.Field         { return nil }
func (quiet) typed() tea.Cmd                { return nil }
func (quiet) choose(_, _ int)               {}
func (quiet) moving() bool                  { return false }
func (quiet) words() []widget.Word          { return nil }
func (quiet) fields() bool                  { return false }
func (quiet) pane() *widget.Pane            { return nil }
func (quiet) drop(stale)                    {}
func (quiet) progress() (done, all int)     { return 0, 0 }
func (quiet) unkept() (int, func() tea.Cmd) { return 0, nil }
func (quiet) farewell() []string            { return nil }
