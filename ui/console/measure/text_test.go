package measure

import "testing"

func TestABlockOfLinesIsShownWholeOrNotAtAll(t *testing.T) {
	blocks := [][]string{{"a"}, {"b", "b"}, {"c"}}
	for room, want := range map[int]int{-3: 0, 0: 0, 1: 1, 2: 1, 3: 3, 4: 4, 9: 4} {
		if got := whole(blocks, room); len(got) != want {
			t.Errorf("in %d lines: %q", room, got)
		}
	}
}
