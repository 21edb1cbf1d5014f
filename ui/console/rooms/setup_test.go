package rooms

import (
	"strings"
	"testing"

	"bothways/aws/pair"
)

// The rows of the setup.
const (
	setupSizes = iota
	setupLength
	setupEvery
	setupLimit
	setupTarget
	setupPace
)

func TestWrongSetupsAreExplainedAndNotStarted(t *testing.T) {
	for _, c := range []struct {
		row       int
		text, why string
	}{
		{setupSizes, "8 potatoes", "potatoes"},
		{setupSizes, "-1", "-1"},
		{setupSizes, "1MiB,1MiB", ""},
		{setupLength, "many", "whole number of rounds"},
		{setupLength, "-3", "rounds"},
		{setupLength, "-3h", "nor a time"},
		{setupLength, "0h", "nor a time"},
		{setupEvery, "soon", "10s"},
		{setupLimit, "0s", "15m"},
	} {
		play(t, 100, 30, func(s *stage) {
			s.atSetup().press(times(c.row, "down")...).press("space", "ctrl+u").typed(c.text).press("enter").shows("✗", c.why)
			if s.Typing() == nil || len(s.works) != 0 {
				t.Errorf("%q was taken:\n%s", c.text, s.text())
			}
		})
	}
}

func TestEscInTheSetupBringsBackWhatStoodThere(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		was := "128KiB,256KiB,512KiB,1MiB,2MiB,4MiB"
		s.atSetup().shows(was).press("space", "ctrl+u", "x", "enter").shows("✗ sizes")
		if s.Typing() == nil {
			t.Fatal("enter left the field with sizes that are none")
		}
		if s.press("esc").shows(was); s.Typing() != nil {
			t.Error("after esc the field is open")
		}
	})
}

func TestNothingIsCutOnTheSetupOfTheSmallestTerminal(t *testing.T) {
	for _, length := range []string{"12", "24h", "0", "168h"} {
		play(t, 60, 16, func(s *stage) {
			s.atSetup().press("down", "space", "ctrl+u").typed(length).press("enter", "up").hides("…")
			if !strings.Contains(s.words(), "The sandbox costs nothing.") {
				t.Errorf("length %s:\n%s", length, s.text())
			}
			s.press(times(setupPace, "down")...).press("space").shows("fine", "about 24 polls a sample")
		})
	}
}

func TestTheSetupTellsOfWhatEarlierRunsLeft(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {200, 60}} {
		play(t, size[0], size[1], func(s *stage) {
			s.atSetup().hides("earlier runs")
			s.press("esc")
			s.left = map[pair.SideName]int{pair.A: 11, pair.B: 3}
			s.press("enter").shows("earlier runs", "11", "3", "x, then o").hides("…")
			if !strings.Contains(s.words(), "The sandbox costs nothing.") {
				t.Errorf("at %v:\n%s", size, s.text())
			}
			s.press("esc")
			s.left = nil // somebody removed them
			s.press("enter").hides("earlier runs")
		})
	}
}
