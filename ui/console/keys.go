package console

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// binding is one thing that keys do now. The help line, the full help and the
// dispatch all read the same bindings, so that help can't be wrong.
type binding struct {
	keys []string // as tea.KeyPressMsg.String() names them
	show string   // how the help names them: "↑↓"
	does string   // what they do: "choose"
	// off says why the keys do nothing now; "" means that they work. Where
	// there is nothing to say a screen leaves the binding out instead.
	off string
	// minor bindings appear in the full help only.
	minor bool
	// twin bindings are the other half of one that is shown: ↓ of ↑↓.
	twin bool
	run  func() tea.Cmd
}

func bind(show, does string, run func() tea.Cmd, keys ...string) binding {
	return binding{keys: keys, show: show, does: does, run: run}
}

// orOff turns a binding off for a reason, where there is one.
func (b binding) orOff(reason string) binding {
	b.off = reason
	return b
}

// asMinor leaves a binding to the full help.
func (b binding) asMinor() binding {
	b.minor = true
	return b
}

// asTwin leaves a binding to the help of its other half.
func (b binding) asTwin() binding {
	b.twin = true
	return b
}

func (b binding) answers(key string) bool {
	for _, k := range b.keys {
		if k == key {
			return true
		}
	}
	return false
}

// act wraps what only changes the model.
func act(change func()) func() tea.Cmd {
	return func() tea.Cmd {
		change()
		return nil
	}
}

// bindingOf finds the binding that answers the key.
func bindingOf(bindings []binding, key string) (b binding, bound bool) {
	for _, b := range bindings {
		if b.answers(key) {
			return b, true
		}
	}
	return binding{}, false
}

// helpLine is the live bindings on one line, the most wanted first. Where they
// don't fit they move together, and then the last ones give way, except "?"
// and "q", without which nobody finds the rest.
func helpLine(t theme, bindings []binding, width int) string {
	var last, shown []binding
	for _, b := range bindings {
		switch {
		case b.minor || b.twin || b.off != "":
		case b.show == "?" || b.show == "q" || b.show == "ctrl+c":
			last = append(last, b)
		default:
			shown = append(shown, b)
		}
	}
	for apart := "   "; ; apart = "  " {
		line := helpText(t, append(shown[:len(shown):len(shown)], last...), apart)
		if ansi.StringWidth(line) <= width || len(shown) == 0 {
			return fit(line, width)
		}
		if apart == "  " {
			shown = shown[:len(shown)-1]
		}
	}
}

func helpText(t theme, bindings []binding, apart string) string {
	parts := make([]string, 0, len(bindings))
	for _, b := range bindings {
		parts = append(parts, t.Key.Render(b.show)+" "+t.Does.Render(b.does))
	}
	return " " + strings.Join(parts, apart)
}

// readHelp scrolls the help where it does not fit; any other key closes it.
func (a *app) readHelp(key string) {
	most := a.helpHidden()
	by := map[string]int{"down": 1, "j": 1, "pgdown": a.bodyHeight() - 1, "up": -1, "k": -1, "pgup": 1 - a.bodyHeight()}[key]
	if by == 0 || most <= 1 {
		a.help = false
		return
	}
	a.helpFrom = max(0, min(a.helpFrom+by, most))
}

// helpHidden is how far the help can be scrolled; at most 1 where all of it fits.
func (a *app) helpHidden() int {
	return len(fullHelp(a.theme, a.bindings(), a.layout.width)) - a.bodyHeight() + 1
}

// fullHelp lists every binding of the current state with all of its keys, the ones
// that are off with their reason.
func fullHelp(t theme, bindings []binding, width int) []string {
	lines := []string{t.Title.Render(" Keys on this screen, now"), ""}
	for i, b := range bindings {
		if b.twin {
			continue
		}
		does, style := b.does, t.Does
		if others := otherKeys(bindings[i:]); others != "" {
			does += ", also " + others
		}
		if b.off != "" {
			does, style = does+" (not now: "+b.off+")", t.Off
		}
		for at, line := range wrap(does, max(1, width-helpIndent)) {
			lines = append(lines, fit("   "+pad(choice(at == 0, t.Key.Render(b.show), ""), helpIndent-3)+style.Render(line), width))
		}
	}
	return lines
}

// helpIndent is where the full help begins to say what keys do.
const helpIndent = 15

// keyNames are the names of keys as the help shows them, where those are others.
var keyNames = map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→", "pgdown": "pgdn"}

// otherKeys are the keys of a binding, and of the twins that follow it, that its
// help does not show. The same key with shift, or without, is no other one.
func otherKeys(bindings []binding) string {
	shown := strings.Fields(strings.ReplaceAll(bindings[0].show, "↑↓", "↑ ↓"))
	var others []string
	for i, b := range bindings {
		if i > 0 && !b.twin {
			break
		}
		for _, key := range b.keys {
			name := cmp.Or(keyNames[key], key)
			shifted := len(key) == 1 && key != strings.ToLower(key) || key == "=" // of +
			if !shifted && !slices.Contains(shown, name) && !slices.Contains(others, name) {
				others = append(others, name)
			}
		}
	}
	return strings.Join(others, " ")
}
