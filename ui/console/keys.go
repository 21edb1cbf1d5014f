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
	// brief says it in fewer words, for a help line that has no room for does.
	brief string
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
	b.off = cmp.Or(reason, b.off)
	return b
}

// asMinor leaves a binding to the full help.
func (b binding) asMinor() binding {
	b.minor = true
	return b
}

// orBriefly adds fewer words for a short help line.
func (b binding) orBriefly(does string) binding {
	b.brief = does
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
// don't fit they move together; if that is not enough, and fewer words are not
// either, the last ones give way, except "?" and "q", without which nobody finds
// the rest. One that has fewer words takes them before it gives way.
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
	line := func(shown []binding, apart string) (text string, fits bool) {
		text = helpText(t, append(shown[:len(shown):len(shown)], last...), apart)
		return fit(text, width), ansi.StringWidth(text) <= width
	}
	if text, fits := line(shown, "   "); fits {
		return text
	}
	if text, fits := line(shown, "  "); fits {
		return text
	}
	brief := slices.Clone(shown)
	for i, b := range brief {
		brief[i].does = cmp.Or(b.brief, b.does)
	}
	if text, fits := line(brief, "  "); fits {
		return text
	}
	for len(shown) > 0 {
		if at := len(shown) - 1; shown[at].does != brief[at].does {
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

func helpText(t theme, bindings []binding, apart string) string {
	parts := make([]string, 0, len(bindings))
	for _, b := range bindings {
		parts = append(parts, t.Key.Render(b.show)+" "+t.Does.Render(b.does))
	}
	return " " + strings.Join(parts, apart)
}
