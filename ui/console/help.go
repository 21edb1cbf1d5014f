package console

import (
	"cmp"
	"slices"
	"strings"
)

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
	return len(a.helpLines()) - a.bodyHeight() + 1
}

// wordWidth is the width of what is explained.
const wordWidth = 20

// word is something on a screen that its help explains.
type word struct{ says, means string }

// helpLines are what the keys do now, what the words and marks on the screen
// mean, and how a field is edited.
func (a *app) helpLines() []string {
	t, width := a.theme, a.layout.width
	lines := fullHelp(t, a.bindings(), width)
	if a.login != nil {
		return lines
	}
	if words := a.screens[a.at].words(); len(words) > 0 {
		lines = append(lines, "", t.Title.Render(" What stands on this screen"), "")
		for _, w := range words {
			lines = append(lines, hang("   "+t.Strong.Render(pad(w.says, wordWidth)), w.means, width-1)...)
		}
	}
	if a.screens[a.at].fields() {
		lines = append(lines, "", t.Title.Render(" While you type"), "")
		lines = append(lines, helpList(t, fieldBindings(), width)...)
	}
	return lines
}

// fullHelp lists every binding of the current state with all of its keys, the ones
// that are off with their reason.
func fullHelp(t theme, bindings []binding, width int) []string {
	return append([]string{t.Title.Render(" Keys on this screen, now"), ""}, helpList(t, bindings, width)...)
}

func helpList(t theme, bindings []binding, width int) (lines []string) {
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
	shown := strings.Fields(strings.NewReplacer("↑↓", "↑ ↓", "←→", "← →").Replace(bindings[0].show))
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
