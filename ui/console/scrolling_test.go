package console

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
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
func (s seen) after(a *staged, names ...string) seen {
	for _, name := range names {
		keys(a, name)
		s, _ = seenIn(text(a))
	}
	return s
}

func TestWhatScrollsStopsAtItsEndsAndGoesBackAtOnce(t *testing.T) {
	for name, press := range map[string][]string{
		"plan": nil, "plan-blocked": nil, "apply": nil, "apply-failed": nil, "teardown": nil, "doctor": nil,
		"probe-table": nil, "results": nil, "past": nil, "runs-compared": nil, "help": nil, "where": {"?"}, "plan-merged": {"?"},
	} {
		t.Run(name, func(t *testing.T) {
			a := sceneNamed(t, name)
			keys(a, press...)
			for _, size := range [][2]int{{80, 24}, {60, 16}} {
				a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				if first, scrolls := seenIn(text(a)); scrolls {
					scrollThrough(t, a, first)
					return
				}
			}
			t.Errorf("it never scrolls:\n%s", text(a))
		})
	}
}

func scrollThrough(t *testing.T, a *staged, first seen) {
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

func TestTheWheelScrollsWhatItIsOn(t *testing.T) {
	for _, name := range []string{"plan", "apply", "teardown", "doctor", "results", "runs-compared", "help"} {
		a := sceneNamed(t, name)
		a.Update(tea.WindowSizeMsg{Width: 60, Height: 16})
		first, scrolls := seenIn(text(a))
		if !scrolls {
			t.Fatalf("%s does not scroll:\n%s", name, text(a))
		}
		at := footLine(text(a))
		a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown, Y: at})
		if down, _ := seenIn(text(a)); down.from <= first.from {
			t.Errorf("%s: the wheel leads from %v to %v", name, first, down)
		}
		a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp, Y: at})
		if up, _ := seenIn(text(a)); up != first {
			t.Errorf("%s: the wheel leads back to %v, not %v", name, up, first)
		}
	}
	a := sceneNamed(t, "plan")
	text(a)
	chosen := a.plan.list.Selected
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown, Y: a.layout.bodyTop + a.plan.list.Top})
	if a.plan.list.Selected != chosen+1 {
		t.Error("on the list it does not choose the next")
	}
}
