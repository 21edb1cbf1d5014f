package measure

import (
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestFarewellHoldsNoEscapeSequence(t *testing.T) {
	a := stage(t, host.Probe, 80, 24)
	measured(a, 7)
	poisonRoom(a)
	a.probe.m.cfg.Pair = pair.Pair{A: pair.Side{Region: consoletest.Hostile}}
	for _, line := range a.Farewell().Lines {
		if strings.ContainsAny(line, "\x1b\n\r\x07") {
			t.Errorf("farewell: %q", line)
		}
	}
}

func TestABlockOfLinesIsShownWholeOrNotAtAll(t *testing.T) {
	blocks := [][]string{{"a"}, {"b", "b"}, {"c"}}
	for room, want := range map[int]int{-3: 0, 0: 0, 1: 1, 2: 1, 3: 3, 4: 4, 9: 4} {
		if got := whole(blocks, room); len(got) != want {
			t.Errorf("in %d lines: %q", room, got)
		}
	}
}
