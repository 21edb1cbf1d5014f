package rooms

import (
	"regexp"
	"strconv"
)

// seen is what the foot of what scrolls says, where there is one.
type seen struct{ from, to, of int }

func seenIn(frame string) (v seen, scrolls bool) {
	found := regexp.MustCompile(`lines (\d+) to (\d+) of (\d+), j k scroll`).FindStringSubmatch(frame)
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
