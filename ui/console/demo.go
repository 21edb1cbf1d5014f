package console

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/widget"
)

// Demo has the console play a whole run by itself, by the keys that a user would
// press, until the user presses one.
type Demo struct {
	// Length is how long it takes; 0: it goes on when the speaker says so.
	Length time.Duration
}

const (
	demoBeat  = 150 * time.Millisecond // between two keys
	demoLook  = 1500 * time.Millisecond
	demoLines = 3 // at most, of what is said
)

// playing is a demo that goes on.
type playing struct {
	length time.Duration
	begun  time.Time
	cues   []cue
	at     int       // the cue
	ready  time.Time // since when its key does something; zero: it does not yet
	goOn   bool      // the speaker said so
	keys   []string  // that are still to be pressed
}

func (p *playing) cue() cue { return p.cues[p.at] }

// due says whether the cue's keys are to be pressed.
func (p *playing) due(now time.Time) bool {
	if p.length == 0 || p.goOn {
		return p.goOn
	}
	looked := now.Sub(p.ready) >= min(demoLook, p.length/50)
	return looked && now.Sub(p.begun) >= time.Duration(p.cue().share*float64(p.length))
}

// demoBeats is the beat at which a demo presses keys.
type demoBeats struct{}

func (a *App) beatDemo() tea.Cmd {
	if a.demo == nil {
		return nil
	}
	return tea.Tick(demoBeat, func(time.Time) tea.Msg { return demoBeats{} })
}

// playDemo presses the next key, where one is due.
func (a *App) playDemo() (cmd tea.Cmd, changed bool) {
	p := a.demo
	if p == nil || a.quitting {
		return nil, false
	}
	now := time.Now()
	switch {
	case p.begun.IsZero():
		p.begun = now
	case len(p.keys) > 0:
		cmd, changed = a.pressed(keyNamed(p.keys[0])), true
		if p.keys = p.keys[1:]; len(p.keys) == 0 {
			p.at, p.ready, p.goOn = p.at+1, time.Time{}, false
		}
	case !a.isReady(p.cue()):
		changed, p.ready = !p.ready.IsZero(), time.Time{}
	case p.ready.IsZero():
		p.ready, changed = now, true
	case p.due(now) && len(p.cue().keys) == 0: // the last
		a.endDemo("That was the demo, in the sandbox. The keys are yours.")
		changed = true
	case p.due(now):
		p.keys = p.cue().keys
	}
	return tea.Batch(cmd, a.beatDemo()), changed
}

// isReady says whether a cue's first key leads on now: nothing is waited for any
// more, but that a measurement may go on.
func (a *App) isReady(c cue) bool {
	if a.front != c.place || a.layout.small || a.question != nil || a.login != nil || a.Moving() && !c.measured {
		return false
	}
	if len(c.keys) == 0 {
		return true
	}
	b, bound := widget.BindingOf(a.Bindings(), c.keys[0])
	return bound && b.Off == ""
}

// heardByDemo takes the speaker's key where it means that the demo goes on.
func (a *App) heardByDemo(key tea.KeyPressMsg) (taken bool) {
	if a.demo == nil {
		return false
	}
	name := key.String()
	if name != "space" && name != "enter" {
		return false
	}
	a.demo.goOn = !a.demo.ready.IsZero() // before that there is nothing to go on with
	return true
}

// handedOver is said once somebody has pressed another key, which did what it does.
const handedOver = "The demo has ended: the keys are yours."

// endDemo ends a demo, and says why where nothing else was just said.
func (a *App) endDemo(why string) {
	if a.demo == nil {
		return
	}
	if a.demo = nil; a.notice == "" {
		a.Say(why)
	}
}

// saidByDemo is what the demo says of the screen.
func (a *App) saidByDemo() []string {
	if a.demo == nil || a.help {
		return nil
	}
	p := a.demo
	what, how := " DEMO ", ""
	if p.length == 0 && !p.ready.IsZero() {
		what = " DEMO: space goes on "
	}
	if p.at == 0 {
		how = " Any other key takes over."
	}
	lines := widget.Hang(" "+a.theme.Badge.Render(what)+" ", p.cue().words+how, a.layout.width-1)
	return lines[:min(len(lines), demoLines)]
}

// keyNamed is a key as a terminal sends it.
func keyNamed(name string) tea.KeyPressMsg {
	switch name {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "down":
		return tea.KeyPressMsg{Code: tea.KeyDown}
	case "space":
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	case "ctrl+u":
		return tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}
