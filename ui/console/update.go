package console

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/widget"
)

// Update implements tea.Model. Sizes and results come before keys, so that an
// open question never swallows them.
func (a *app) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	crash, _ := guard("handling a message", func() error {
		cmd = a.update(msg)
		return nil
	})
	if crash != nil {
		a.crash = crash
		return a, tea.Quit
	}
	return a, cmd
}

func (a *app) update(msg tea.Msg) tea.Cmd {
	cmd, changed := a.handle(msg)
	if changed {
		a.dirty = true
	}
	if a.question != nil && a.question.moot() {
		a.question, a.dirty = nil, true
	}
	return tea.Batch(cmd, a.tick())
}

func (a *app) handle(msg tea.Msg) (cmd tea.Cmd, changed bool) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.layout = newLayout(msg.Width, msg.Height)
		return nil, true
	case tea.BackgroundColorMsg:
		a.dark = msg.IsDark()
		a.theme = widget.NewTheme(a.dark, a.profile)
		return nil, true
	case tea.ColorProfileMsg:
		a.profile = msg.Profile
		a.theme = widget.NewTheme(a.dark, a.profile)
		return nil, true
	case tea.FocusMsg:
		a.blurred = false
		return nil, false
	case tea.BlurMsg:
		a.blurred = true
		return nil, false
	case ticked:
		return nil, a.ticked(msg)
	case batch:
		// While the clock beats, samples wait for the next beat to be drawn.
		waits := a.ticking != 0 && msg.run.busy != nil && !msg.ended
		return msg.deliver(a), !waits
	case result:
		return msg.deliver(), true
	case tea.PasteMsg:
		return a.pasted(msg.Content), true
	case tea.KeyPressMsg:
		return a.pressed(msg), true
	case tea.MouseClickMsg:
		if msg.Button != tea.MouseLeft || a.help || a.question != nil || a.login != nil || a.layout.small {
			return nil, false
		}
		a.screens[a.front].choose(msg.Y-a.layout.bodyTop, msg.X)
		return nil, true
	case tea.MouseWheelMsg:
		return a.wheeled(msg), true
	}
	return nil, false
}

// pressed gives a key to the open question, to the field being edited, or to
// the binding that answers it.
func (a *app) pressed(key tea.KeyPressMsg) tea.Cmd {
	name := key.String()
	switch {
	case name == "ctrl+c" && a.quitting:
		return tea.Quit
	case a.quitting:
		return nil
	case name == "ctrl+c" && a.question != nil && a.question.again == "q":
		return a.answer("q")
	case name == "ctrl+c":
		return a.quit()
	case a.question != nil:
		return a.answer(name)
	case a.layout.small: // nobody can see what another key would do
		if name == "q" {
			return a.quit()
		}
		return nil
	case a.help:
		a.readHelp(name)
		return nil
	}
	if input := a.typing(); input != nil && input.Press(key) {
		a.notice = ""
		if a.login != nil {
			return nil
		}
		return a.screens[a.front].typed()
	}
	return a.Press(a.bindings(), name)
}

// Press does what a key is bound to. A notice that stood is over then.
func (a *app) Press(bindings []widget.Binding, key string) tea.Cmd {
	b, bound := widget.BindingOf(bindings, key)
	switch {
	case !bound:
		return nil
	case b.Off != "":
		a.say(b.Show() + " " + b.Does() + ": " + b.Off)
		return nil
	}
	a.notice = ""
	return b.Run()
}

func (a *app) pasted(text string) tea.Cmd {
	input := a.typing()
	if input == nil || a.question != nil || a.help || a.layout.small {
		return nil
	}
	input.Insert(text)
	if a.login != nil {
		return nil
	}
	return a.screens[a.front].typed()
}

// typing is the field that takes the keys first, or nil.
func (a *app) typing() *widget.Field {
	if a.login != nil {
		return a.login.typing()
	}
	return a.screens[a.front].typing()
}

// wheeled scrolls the pane that the mouse is on; anywhere else it presses the
// arrow keys.
func (a *app) wheeled(msg tea.MouseWheelMsg) tea.Cmd {
	if a.question != nil || a.login != nil || a.layout.small {
		return nil
	}
	pane := a.screens[a.front].pane()
	switch {
	case a.help:
		a.helpPane.Wheel(msg)
		return nil
	case pane != nil && pane.Hit(msg.Y-a.layout.bodyTop):
		pane.Wheel(msg)
		return nil
	}
	key := map[tea.MouseButton]string{tea.MouseWheelUp: "up", tea.MouseWheelDown: "down"}[msg.Button]
	if key == "" {
		return nil
	}
	b, bound := widget.BindingOf(a.screens[a.front].bindings(), key)
	if !bound || b.Off != "" {
		return nil
	}
	return b.Run()
}

// bindings are the screen's and then the ones that work everywhere.
func (a *app) bindings() []widget.Binding {
	mouse := "release the mouse, to select text"
	if !a.mouse {
		mouse = "take the mouse back"
	}
	all := a.screens[a.front].bindings()
	if a.login != nil {
		all = a.login.bindings()
	}
	if a.typing() != nil { // every other key is text
		return append(all[:len(all):len(all)], widget.Bind("ctrl+c", "quit", a.quit, "ctrl+c"))
	}
	return append(all[:len(all):len(all)],
		widget.Bind("?", "help", widget.Act(func() { a.help, a.helpPane = true, widget.Pane{} }), "?"),
		widget.Bind("m", mouse, widget.Act(func() {
			a.mouse = !a.mouse
			if a.mouse {
				a.say("the mouse works in bothways again")
			} else {
				a.say("the mouse is the terminal's: select text, m takes it back")
			}
		}), "m").AsMinor(),
		widget.Bind("q", "quit", a.quit, "q", "ctrl+c"),
	)
}

// ticked is one beat of the clock that moves ages and running steps.
type ticked struct{ chain int }

// tick keeps exactly one chain of beats alive while something moves: four a
// second, one a second over ssh or when nobody looks, none when idle.
func (a *app) tick() tea.Cmd {
	switch {
	case !a.moving():
		a.ticking = 0
		return nil
	case a.ticking != 0:
		return nil
	}
	a.tickGen++
	a.ticking = a.tickGen
	return a.beat()
}

// moving says that something on the screen changes with the clock. A question
// for a code stands over what waits for it.
func (a *app) moving() bool {
	if a.login != nil {
		return a.login.answer == nil
	}
	return a.screens[a.front].moving()
}

func (a *app) beat() tea.Cmd {
	chain := a.ticking
	return tea.Tick(a.period(), func(time.Time) tea.Msg { return ticked{chain} })
}

func (a *app) period() time.Duration {
	if a.blurred || a.overSSH {
		return time.Second
	}
	return time.Second / 4
}

// ticked drops beats of dead chains; a live one ends here and tick starts the
// next beat as long as something moves.
func (a *app) ticked(t ticked) bool {
	if t.chain != a.ticking {
		return false
	}
	a.ticking = 0
	a.ticks++
	return true
}
