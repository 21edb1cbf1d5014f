package widget

import (
	"cmp"
	"slices"
	"strings"
)

// WordWidth is the width of what is explained.
const WordWidth = 20

// Word is something on a screen that its help explains.
type Word struct{ Says, Means string }

// FullHelp lists every binding of the current state with all of its keys, the ones
// that are off with their reason.
func FullHelp(t Theme, bindings []Binding, width int) []string {
	return append([]string{t.Title.Render(" Keys on this screen, now"), ""}, HelpList(t, bindings, width)...)
}

// HelpList lists bindings as the help does, in lines of at most width columns.
func HelpList(t Theme, bindings []Binding, width int) (lines []string) {
	for i, b := range bindings {
		if b.Twin {
			continue
		}
		does, style := b.Does(), t.Does
		if others := otherKeys(bindings[i:]); others != "" {
			does += ", also " + others
		}
		if b.Off != "" {
			does, style = does+" (not now: "+b.Off+")", t.Off
		}
		for at, line := range Wrap(does, max(1, width-helpIndent)) {
			lines = append(lines, Fit("   "+Pad(Choice(at == 0, t.Key.Render(b.Show()), ""), helpIndent-3)+style.Render(line), width))
		}
	}
	return lines
}

// helpIndent is where the full help begins to say what keys do.
const helpIndent = 18

// KeyNames are the names of keys as the help shows them, where those are others.
var KeyNames = map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→", "pgdown": "pgdn"}

// otherKeys are the keys of a binding, and of the twins that follow it, that its
// help does not show. The same key with shift, or without, is no other one.
func otherKeys(bindings []Binding) string {
	shown := strings.Fields(strings.NewReplacer("↑↓", "↑ ↓", "←→", "← →").Replace(bindings[0].Show()))
	var others []string
	for i, b := range bindings {
		if i > 0 && !b.Twin {
			break
		}
		for _, key := range b.Keys() {
			name := cmp.Or(KeyNames[key], key)
			shifted := len(key) == 1 && key != strings.ToLower(key) || key == "=" // of +
			if !shifted && !slices.Contains(shown, name) && !slices.Contains(others, name) {
				others = append(others, name)
			}
		}
	}
	return strings.Join(others, " ")
}
