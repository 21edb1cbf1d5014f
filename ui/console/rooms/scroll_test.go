package rooms

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

func seenIn(frame string) (v seen, scrolls bool) {
	found := regexp.MustCompile(`lines (\d+) to (\d+) of (\d+), (?:j k|J K) scroll`).FindStringSubmatch(frame)
	if found == nil {
		return v, false
	}
	v.from, _ = strconv.Atoi(found[1])
	v.to, _ = strconv.Atoi(found[2])
	v.of, _ = strconv.Atoi(found[3])
	return v, true
}

// seenAfter is what is seen after some keys, each of which is drawn.
func (s *stage) seenAfter(names ...string) (v seen) {
	for _, name := range names {
		v, _ = seenIn(s.press(name).text())
	}
	return v
}

// scrolls checks that what is in view stops at its ends and goes back at once.
func (s *stage) scrolls() {
	s.t.Helper()
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		if first, scrolls := seenIn(s.resize(size[0], size[1]).text()); scrolls {
			s.scrollsThrough(first)
			return
		}
	}
	s.t.Errorf("it never scrolls:\n%s", s.text())
}

func (s *stage) scrollsThrough(first seen) {
	s.t.Helper()
	if strings.Contains(s.text(), ", J K scroll") {
		s.scrollsBeside(first)
		return
	}
	rows := first.to - first.from + 1
	last := s.seenAfter(times(60, "j")...)
	if last.from != first.from+60 && last.to != last.of {
		s.t.Fatalf("60 times j lead from %v to %v", first, last)
	}
	if k := s.seenAfter("k"); k.from != last.from-1 {
		s.t.Errorf("then k leads from %v to %v", last, k)
	}
	if home := s.seenAfter("home"); home != first {
		s.t.Errorf("home leads to %v, the first is %v", home, first)
	}
	if k := s.seenAfter("k"); k != first {
		s.t.Errorf("k at the top leads to %v", k)
	}
	page := s.seenAfter("pgdown")
	if want := first.from + rows; page.from != want && page.to != page.of {
		s.t.Errorf("pgdn leads from %v to %v, want line %d", first, page, want)
	}
	if back := s.seenAfter("pgup"); back != first {
		s.t.Errorf("pgup leads from %v to %v", page, back)
	}
	if end := s.seenAfter("end"); end.to != end.of || end == first {
		s.t.Errorf("end leads to %v", end)
	}
}

// scrollsBeside does so beside a list, which has the arrows and the pages.
func (s *stage) scrollsBeside(first seen) {
	s.t.Helper()
	last := s.seenAfter(times(60, "J")...)
	if last.from != first.from+60 && last.to != last.of {
		s.t.Fatalf("60 times J lead from %v to %v", first, last)
	}
	if k := s.seenAfter("K"); k.from != last.from-1 {
		s.t.Errorf("then K leads from %v to %v", last, k)
	}
	if top := s.seenAfter(times(60, "ctrl+u")...); top != first {
		s.t.Errorf("ctrl+u leads to %v, the first is %v", top, first)
	}
	rows := first.to - first.from + 1
	if half := s.seenAfter("ctrl+d"); half.from != first.from+max(1, rows/2) && half.to != half.of {
		s.t.Errorf("ctrl+d leads from %v to %v", first, half)
	}
}

// footLine is the line of a frame that says how much more there is.
func footLine(frame string) int {
	return slices.IndexFunc(strings.Split(frame, "\n"), func(line string) bool { return strings.Contains(line, " scroll") && strings.Contains(line, "lines ") })
}

// wheels checks that the wheel scrolls what it is on.
func (s *stage) wheels() {
	s.t.Helper()
	first, scrolls := seenIn(s.resize(60, 16).text())
	if !scrolls {
		s.t.Fatalf("it does not scroll:\n%s", s.text())
	}
	at := footLine(s.text())
	s.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown, Y: at})
	if down, _ := seenIn(s.text()); down.from <= first.from {
		s.t.Errorf("the wheel leads from %v to %v", first, down)
	}
	s.send(tea.MouseWheelMsg{Button: tea.MouseWheelUp, Y: at})
	if up, _ := seenIn(s.text()); up != first {
		s.t.Errorf("the wheel leads back to %v, not %v", up, first)
	}
}

func TestWhatScrollsStopsAtItsEndsAndGoesBackAtOnce(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"plan", "plan-blocked", "apply", "apply-failed", "teardown", "doctor", "probe-table", "results", "past", "runs-compared", "help",
	} {
		t.Run(name, func(t *testing.T) { playScene(t, name, 100, 30, (*stage).scrolls) })
	}
}

func TestTheWheelScrollsWhatItIsOn(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plan", "apply", "teardown", "doctor", "results", "runs-compared", "help"} {
		t.Run(name, func(t *testing.T) { playScene(t, name, 100, 30, (*stage).wheels) })
	}
	playScene(t, "plan", 100, 30, func(s *stage) {
		rows := strings.Split(s.text(), "\n")
		chosen := slices.IndexFunc(rows, func(row string) bool { return strings.HasPrefix(row, " ▸") })
		s.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown, Y: chosen})
		if rows = strings.Split(s.text(), "\n"); !strings.HasPrefix(rows[chosen+1], " ▸") {
			t.Errorf("on the list it does not choose the next:\n%s", s.text())
		}
	})
}
