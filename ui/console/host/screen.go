package host

import (
	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/widget"
)

// Screen is one place's face. Its methods are called from Update and View
// only, so they need no locks and must not wait for anything.
type Screen interface {
	// Enter is called whenever the screen comes to the front, with the place
	// that was there before.
	Enter(from Place) tea.Cmd
	// Bindings lists what keys do now.
	Bindings() []widget.Binding
	// Draw fills at most height lines of at most width columns.
	Draw(width, height int) []string

	// Title is what the window's title says beside the place, or "".
	Title() string
	// Prompt is a question at the head of the help line, or above it where it is
	// long, or "". The frame's measures depend on it, so it asks for none of them.
	Prompt() string
	// Typing is the field that takes the keys first, or nil.
	Typing() *widget.Field
	// Typed is called after the field changed.
	Typed() tea.Cmd
	// Choose selects what was drawn on a line of the body.
	Choose(line, column int)
	// Moving says that something on the screen changes with the clock.
	Moving() bool
	// Words are what the help explains besides keys.
	Words() []widget.Word
	// Pane is what the mouse scrolls where it is on it, or nil.
	Pane() *widget.Pane
	// Fields says whether there is anything to type in.
	Fields() bool

	// Drop forgets what holds no longer.
	Drop(what Stale)
	// Progress is how much of what runs here is done, where that can be told.
	Progress() (done, all int)
	// Alarmed says that something is amiss that somebody should see wherever they
	// look.
	Alarmed() bool
	// Unkept counts the samples that would be lost with the program, and keeps
	// them.
	Unkept() (samples int, keep func() tea.Cmd)
	// Farewell is what stays in the terminal after quitting.
	Farewell() []string
}

// Screens makes the faces of all places.
type Screens func(h Host) map[Place]Screen

// Quiet are the parts of a screen that few screens have.
type Quiet struct{}

// Enter implements Screen.
func (Quiet) Enter(Place) tea.Cmd { return nil }

// Title implements Screen.
func (Quiet) Title() string { return "" }

// Prompt implements Screen.
func (Quiet) Prompt() string { return "" }

// Typing implements Screen.
func (Quiet) Typing() *widget.Field { return nil }

// Typed implements Screen.
func (Quiet) Typed() tea.Cmd { return nil }

// Choose implements Screen.
func (Quiet) Choose(_, _ int) {}

// Moving implements Screen.
func (Quiet) Moving() bool { return false }

// Words implements Screen.
func (Quiet) Words() []widget.Word { return nil }

// Fields implements Screen.
func (Quiet) Fields() bool { return false }

// Pane implements Screen.
func (Quiet) Pane() *widget.Pane { return nil }

// Progress implements Screen.
func (Quiet) Progress() (done, all int) { return 0, 0 }

// Alarmed implements Screen.
func (Quiet) Alarmed() bool { return false }

// Unkept implements Screen.
func (Quiet) Unkept() (int, func() tea.Cmd) { return 0, nil }

// Farewell implements Screen.
func (Quiet) Farewell() []string { return nil }
