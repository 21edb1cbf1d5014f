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
	// spare bindings give way in the help line before any other.
	spare bool
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

// AsSpare leaves a binding to the full help where the help line has no room for all.
func (b Binding) AsSpare() Binding {
	b.spare = true
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
// the rest, and "enter" and "esc", which lead on and back: esc loses its words
// first of all, enter before it would be cut. One that has fewer words takes them
// before it gives way.
func HelpLine(t Theme, bindings []Binding, width int) string {
	row, apart := helpRow(t, bindings, width)
	return Fit(KeysText(t, row, apart), width)
}

// HelpLineAt is the binding that a help line of a width shows at a column.
func HelpLineAt(t Theme, bindings []Binding, width, column int) (b Binding, on bool) {
	row, apart := helpRow(t, bindings, width)
	from := 1
	for _, b := range row {
		to := from + ansi.StringWidth(KeysText(t, []Binding{b}, "")) - 1
		if column >= from && column < min(to, width) {
			return b, true
		}
		from = to + ansi.StringWidth(apart)
	}
	return Binding{}, false
}

// helpRow is what a help line shows, and what parts it.
func helpRow(t Theme, bindings []Binding, width int) (row []Binding, apart string) {
	var last, shown, spare []Binding
	for _, b := range bindings {
		switch {
		case b.minor || b.Twin || b.Off != "":
		case b.spare:
			spare = append(spare, b)
		case b.Show() == "?" || b.Show() == "q" || b.Show() == "ctrl+c":
			last = append(last, b)
		default:
			shown = append(shown, b)
		}
	}
	fits := func(shown []Binding, apart string) bool {
		row = append(shown[:len(shown):len(shown)], last...)
		return ansi.StringWidth(KeysText(t, row, apart)) <= width
	}
	if fits(append(shown[:len(shown):len(shown)], spare...), "   ") || fits(shown, "   ") {
		return row, "   "
	}
	if fits(shown, "  ") {
		return row, "  "
	}
	brief := slices.Clone(shown)
	for i, b := range brief {
		brief[i] = b.Doing(cmp.Or(b.brief, b.Does()))
	}
	if fits(brief, "  ") {
		return row, "  "
	}
	short := func(b Binding) Binding { // everybody knows what esc does
		if b.Show() == "esc" {
			return b.Doing("")
		}
		return b
	}
	for i := range shown {
		shown[i], brief[i] = short(shown[i]), short(brief[i])
	}
	if fits(shown, "  ") || fits(brief, "  ") {
		return row, "  "
	}
	for slices.ContainsFunc(shown, mayGo) {
		shown, brief = giveWay(shown, brief)
		if fits(shown, "  ") {
			return row, "  "
		}
	}
	if fits(brief, "  ") {
		return row, "  "
	}
	bare := append(slices.Clone(brief), last...)
	for i, b := range bare {
		bare[i] = b.Doing("")
	}
	if ansi.StringWidth(KeysText(t, bare, " ")) <= width {
		return bare, " "
	}
	return bare[:len(brief)], " "
}

// mayGo says whether a binding may give way: what leads on and back may not.
func mayGo(b Binding) bool { return b.Show() != "enter" && b.Show() != "esc" }

// giveWay shortens a help line by a step: the last one that may go takes fewer
// words, with all others, or goes.
func giveWay(shown, brief []Binding) (left, briefly []Binding) {
	at := len(shown) - 1
	for !mayGo(shown[at]) {
		at--
	}
	if shown[at].Does() != brief[at].Does() {
		return brief, brief
	}
	return slices.Delete(slices.Clone(shown), at, at+1), slices.Delete(slices.Clone(brief), at, at+1)
}

// KeysText is bindings side by side, with apart between them.
func KeysText(t Theme, bindings []Binding, apart string) string {
	parts := make([]string, 0, len(bindings))
	for _, b := range bindings {
		part := t.Key.Render(b.Show())
		if b.Does() != "" {
			part += " " + t.Does.Render(b.Does())
		}
		parts = append(parts, part)
	}
	return " " + strings.Join(parts, apart)
}
