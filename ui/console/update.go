package console

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// Update implements tea.Model. Sizes and results come before keys, so that an
// open question never swallows them.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	crash, _ := host.Guard("handling a message", func() error {
		cmd = a.update(msg)
		return nil
	})
	if crash != nil {
		a.crash = crash
		return a, tea.Quit
	}
	return a, cmd
}

func (a *App) update(msg tea.Msg) tea.Cmd {
	cmd, changed := a.handle(msg)
	if changed {
		a.dirty = true
	}
	if a.question != nil && a.question.Moot() {
		a.question, a.dirty = nil, true
	}
	return tea.Batch(cmd, a.tick(), a.expire())
}

func (a *App) handle(msg tea.Msg) (cmd tea.Cmd, changed bool) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.layout = newLayout(msg.Width, msg.Height)
		return nil, true
	case tea.BackgroundColorMsg:
		a.dark = msg.IsDark()
		a.paint()
		return nil, true
	case tea.ColorProfileMsg:
		a.profile = msg.Profile
		a.paint()
		return nil, true
	case tea.FocusMsg:
		a.blurred = false
		return nil, false
	case tea.BlurMsg:
		a.blurred = true
		return nil, false
	case ticked:
		return nil, a.ticked(msg)
	case noticeOver:
		if msg.said != a.said || a.notice == "" {
			return nil, false
		}
		a.notice = ""
		return nil, true
	case demoBeats:
		return a.playDemo()
	case host.Batch:
		// While the clock beats, samples wait for the next beat to be drawn.
		waits := a.ticking != 0 && msg.Run.Busy != nil && !msg.Ended
		return a.follow(msg), !waits
	case host.Result:
		return msg(), true
	case tea.PasteMsg:
		a.endDemo(handedOver)
		return a.pasted(msg.Content), true
	case tea.KeyPressMsg:
		if a.heardByDemo(msg) {
			return nil, true
		}
		cmd = a.pressed(msg)
		a.endDemo(handedOver)
		return cmd, true
	case tea.MouseClickMsg:
		a.endDemo(handedOver)
		return a.clicked(msg), true
	case tea.MouseWheelMsg:
		return a.wheeled(msg), true
	}
	return nil, false
}

// pressed gives a key to the open question, to the field being edited, or to
// the binding that answers it.
func (a *App) pressed(key tea.KeyPressMsg) tea.Cmd {
	name := key.String()
	switch {
	case a.quitting && a.question != nil:
		return a.answer(name)
	case name == "ctrl+c" && a.quitting && a.restores() != nil:
		return a.abandon()
	case name == "ctrl+c" && a.quitting:
		return tea.Quit
	case a.quitting:
		return nil
	case name == "ctrl+c" && a.question != nil && a.question.Again == "q":
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
	if input := a.Typing(); input != nil && input.Press(key) {
		a.notice = ""
		return a.typed()
	}
	return a.press(a.Bindings(), name)
}

// press does what a key is bound to. A notice that stood is over then.
func (a *App) press(bindings []widget.Binding, key string) tea.Cmd {
	b, bound := widget.BindingOf(bindings, key)
	switch {
	case !bound:
		return nil
	case b.Off != "":
		a.Say(b.Show() + " " + b.Does() + ": " + b.Off)
		return nil
	}
	a.notice = ""
	return b.Run()
}

func (a *App) pasted(text string) tea.Cmd {
	input := a.Typing()
	if input == nil || a.question != nil || a.help || a.layout.small {
		return nil
	}
	input.Insert(text)
	return a.typed()
}

// typed tells whom the field belongs to that it changed.
func (a *App) typed() tea.Cmd {
	switch {
	case a.login != nil:
		return nil
	case a.palette != nil:
		a.palette.list.Selected = 0
		return nil
	}
	return a.screens[a.front].Typed()
}

// Typing is the field that takes the keys first, or nil.
func (a *App) Typing() *widget.Field {
	if a.login != nil {
		return a.login.Typing()
	}
	if a.palette != nil {
		return a.palette.filter.Typing()
	}
	return a.screens[a.front].Typing()
}

// wheeled scrolls the pane that the mouse is on; anywhere else it presses the
// arrow keys.
func (a *App) wheeled(msg tea.MouseWheelMsg) tea.Cmd {
	if a.question != nil || a.login != nil || a.layout.small {
		return nil
	}
	pane := a.screens[a.front].Pane()
	switch {
	case a.palette != nil:
		return nil
	case a.help:
		a.helpPane.Wheel(msg)
		return nil
	case pane != nil && pane.Hit(msg.Y-a.bodyTop()):
		pane.Wheel(msg)
		return nil
	}
	key := map[tea.MouseButton]string{tea.MouseWheelUp: "up", tea.MouseWheelDown: "down"}[msg.Button]
	if key == "" {
		return nil
	}
	b, bound := widget.BindingOf(a.screens[a.front].Bindings(), key)
	if !bound || b.Off != "" {
		return nil
	}
	return b.Run()
}

// Bindings are the screen's and then the ones that work everywhere.
func (a *App) Bindings() []widget.Binding {
	mouse := "release the mouse, to select text"
	if !a.mouse {
		mouse = "take the mouse back"
	}
	var all []widget.Binding
	switch {
	case a.login != nil:
		all = a.login.Bindings()
	case a.palette != nil:
		all = a.paletteBindings()
	default:
		all = a.screens[a.front].Bindings()
	}
	if a.Typing() != nil { // every other key is text
		return append(all[:len(all):len(all)], widget.Bind("ctrl+c", "quit", a.quit, "ctrl+c"))
	}
	all = append(all[:len(all):len(all)], a.railBindings()...)
	if a.login == nil {
		all = append(all, widget.Bind(":", "commands", widget.Act(a.openPalette), ":", "ctrl+p").AsSpare())
	}
	if undo, any := a.undoOpens(); any {
		all = append(all, undo)
	}
	return append(all,
		widget.Bind("?", "help", widget.Act(func() { a.help, a.helpPane = true, widget.Pane{} }), "?"),
		widget.Bind("m", mouse, widget.Act(func() {
			a.mouse = !a.mouse
			if a.mouse {
				a.Say("the mouse works in bothways again")
			} else {
				a.Say("the mouse is the terminal's: select text, m takes it back")
			}
		}), "m").AsMinor(),
		a.themeBinding(),
		widget.Bind("q", "quit", a.quit, "q", "ctrl+c"),
	)
}

// themeBinding goes to the next scheme, for as long as the console is open.
func (a *App) themeBinding() widget.Binding {
	all := widget.Schemes()
	next := all[(slices.Index(all, a.scheme)+1)%len(all)]
	return widget.Bind("T", "colours: "+string(a.scheme)+" (next: "+string(next)+")", widget.Act(func() {
		a.scheme = next
		a.paint()
		a.Say("colours: " + string(next) + " until you quit; theme: " + string(next) + " in the settings keeps them")
	}), "T").AsMinor()
}

// ticked is one beat of the clock that moves ages and running steps.
type ticked struct{ chain int }

// tick keeps exactly one chain of beats alive while something moves: four a
// second, one a second over ssh or when nobody looks, none when idle.
func (a *App) tick() tea.Cmd {
	switch {
	case !a.Moving():
		a.ticking = 0
		return nil
	case a.ticking != 0:
		return nil
	}
	a.tickGen++
	a.ticking = a.tickGen
	return a.beat()
}

// Moving says that something on the screen changes with the clock. A question
// for a code stands over what waits for it.
func (a *App) Moving() bool {
	if a.login != nil {
		return a.login.answer == nil
	}
	return a.screens[a.front].Moving()
}

// Beats says whether the clock beats.
func (a *App) Beats() bool { return a.ticking != 0 }

func (a *App) beat() tea.Cmd {
	chain := a.ticking
	return tea.Tick(a.period(), func(time.Time) tea.Msg { return ticked{chain} })
}

func (a *App) period() time.Duration {
	if a.blurred || a.overSSH {
		return time.Second
	}
	return time.Second / 4
}

// ticked drops beats of dead chains; a live one ends here and tick starts the
// next beat as long as something moves.
func (a *App) ticked(t ticked) bool {
	if t.chain != a.ticking {
		return false
	}
	a.ticking = 0
	a.ticks++
	return true
}
