package widget

import (
	"cmp"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Binding is one thing that keys do now. The help line, the full help and the
// dispatch all read the same bindings, so that help can't be wrong.
type Binding struct {
	key.Binding // the keys, and how the help names them and what they do
	// brief says it in fewer words, for a help line that has no room for more.
	brief string
	// Off says why the keys do nothing now; "" means that they work. Where
	// there is nothing to say a screen leaves the binding out instead.
	Off string
	// minor bindings appear in the full help only.
	minor bool
	// Twin bindings are the other half of one that is shown: ↓ of ↑↓.
	Twin bool
	Run  func() tea.Cmd
}

// Bind is what keys do now: show is how the help names them, does what it says
// of them. keys are as tea.KeyPressMsg.String() names them.
func Bind(show, does string, run func() tea.Cmd, keys ...string) Binding {
	return Binding{Binding: key.NewBinding(key.WithKeys(keys...), key.WithHelp(show, does)), Run: run}
}

// OrOff turns a binding off for a reason, where there is one.
func (b Binding) OrOff(reason string) Binding {
	b.Off = cmp.Or(reason, b.Off)
	b.SetEnabled(b.Off == "")
	return b
}

// AsMinor leaves a binding to the full help.
func (b Binding) AsMinor() Binding {
	b.minor = true
	return b
}

// OrBriefly adds fewer words for a short help line.
func (b Binding) OrBriefly(does string) Binding {
	b.brief = does
	return b
}

// AsTwin leaves a binding to the help of its other half.
func (b Binding) AsTwin() Binding {
	b.Twin = true
	return b
}

// Show is how the help names the keys: "↑↓".
func (b Binding) Show() string { return b.Help().Key }

// Does is what the keys do: "choose".
func (b Binding) Does() string { return b.Help().Desc }

// Doing says anew what the keys do.
func (b Binding) Doing(does string) Binding {
	b.SetHelp(b.Show(), does)
	return b
}

// Act wraps what only changes the model.
func Act(change func()) func() tea.Cmd {
	return func() tea.Cmd {
		change()
		return nil
	}
}

// BindingOf finds the binding that answers the key, or would where it is not off.
func BindingOf(bindings []Binding, key string) (b Binding, bound bool) {
	for _, b := range bindings {
		if slices.Contains(b.Keys(), key) {
			return b, true
		}
	}
	return Binding{}, false
}

// HelpLine is the live bindings on one line, the most wanted first. Where they
// don't fit they move together; if that is not enough, and fewer words are not
// either, the last ones give way, except "?" and "q", without which nobody finds
// the rest. One that has fewer words takes them before it gives way.
func HelpLine(t Theme, bindings []Binding, width int) string {
	var last, shown []Binding
	for _, b := range bindings {
		switch {
		case b.minor || b.Twin || b.Off != "":
		case b.Show() == "?" || b.Show() == "q" || b.Show() == "ctrl+c":
			last = append(last, b)
		default:
			shown = append(shown, b)
		}
	}
	line := func(shown []Binding, apart string) (text string, fits bool) {
		text = KeysText(t, append(shown[:len(shown):len(shown)], last...), apart)
		return Fit(text, width), ansi.StringWidth(text) <= width
	}
	if text, fits := line(shown, "   "); fits {
		return text
	}
	if text, fits := line(shown, "  "); fits {
		return text
	}
	brief := slices.Clone(shown)
	for i, b := range brief {
		brief[i] = b.Doing(cmp.Or(b.brief, b.Does()))
	}
	if text, fits := line(brief, "  "); fits {
		return text
	}
	for len(shown) > 0 {
		if at := len(shown) - 1; shown[at].Does() != brief[at].Does() {
			shown = brief
		} else {
			shown = shown[:at]
		}
		if text, fits := line(shown, "  "); fits {
			return text
		}
	}
	text, _ := line(nil, "  ")
	return text
}

// KeysText is bindings side by side, with apart between them.
func KeysText(t Theme, bindings []Binding, apart string) string {
	parts := make([]string, 0, len(bindings))
	for _, b := range bindings {
		parts = append(parts, t.Key.Render(b.Show())+" "+t.Does.Render(b.Does()))
	}
	return " " + strings.Join(parts, apart)
}
