package consoletest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console"
)

// seen is what the foot of what scrolls says, where there is one.
type seen struct{ from, to, of int }

func seenIn(frame string) (s seen, scrolls bool) {
	found := regexp.MustCompile(`lines (\d+) to (\d+) of (\d+), j k scroll`).FindStringSubmatch(frame)
	if found == nil {
		return s, false
	}
	s.from, _ = strconv.Atoi(found[1])
	s.to, _ = strconv.Atoi(found[2])
	s.of, _ = strconv.Atoi(found[3])
	return s, true
}

// after is what is seen after some keys, each of which is drawn.
func (s seen) after(a *console.App, names ...string) seen {
	for _, name := range names {
		Keys(a, name)
		s, _ = seenIn(Text(a))
	}
	return s
}

func scrollThrough(t *testing.T, a *console.App, first seen) {
	t.Helper()
	rows := first.to - first.from + 1
	last := first.after(a, slices.Repeat([]string{"j"}, 60)...)
	if last.from != first.from+60 && last.to != last.of {
		t.Fatalf("60 times j lead from %v to %v", first, last)
	}
	if k := last.after(a, "k"); k.from != last.from-1 {
		t.Errorf("then k leads from %v to %v", last, k)
	}
	home := first.after(a, "home")
	if home != first {
		t.Errorf("home leads to %v, the first is %v", home, first)
	}
	if k := first.after(a, "k"); k != first {
		t.Errorf("k at the top leads to %v", k)
	}
	page := first.after(a, "pgdown")
	if want := first.from + rows; page.from != want && page.to != page.of {
		t.Errorf("pgdn leads from %v to %v, want line %d", first, page, want)
	}
	if back := page.after(a, "pgup"); back != first {
		t.Errorf("pgup leads from %v to %v", page, back)
	}
	if end := first.after(a, "end"); end.to != end.of || end == first {
		t.Errorf("end leads to %v", end)
	}
}

// footLine is the line of a frame that says how much more there is.
func footLine(frame string) int {
	return slices.IndexFunc(strings.Split(frame, "\n"), func(line string) bool { return strings.Contains(line, "j k scroll") })
}

// Scrolls checks that what is in view stops at its ends and goes back at once.
func Scrolls(t *testing.T, a *console.App) {
	t.Helper()
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		if first, scrolls := seenIn(Text(a)); scrolls {
			scrollThrough(t, a, first)
			return
		}
	}
	t.Errorf("it never scrolls:\n%s", Text(a))
}

// Wheels checks that the wheel scrolls what it is on.
func Wheels(t *testing.T, a *console.App) {
	t.Helper()
	a.Update(tea.WindowSizeMsg{Width: 60, Height: 16})
	first, scrolls := seenIn(Text(a))
	if !scrolls {
		t.Fatalf("it does not scroll:\n%s", Text(a))
	}
	at := footLine(Text(a))
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown, Y: at})
	if down, _ := seenIn(Text(a)); down.from <= first.from {
		t.Errorf("the wheel leads from %v to %v", first, down)
	}
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp, Y: at})
	if up, _ := seenIn(Text(a)); up != first {
		t.Errorf("the wheel leads back to %v, not %v", up, first)
	}
}
