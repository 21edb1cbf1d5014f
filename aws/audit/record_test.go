package audit

import (
	"slices"
	"testing"
)

// Whatever the order in which parts were kept, and whichever of them begin at
// the same key or hold none, what is left is what none of them has.
func TestNoRangeIsComparedTwiceOrLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		done []Range
		left []Range
	}{
		"nothing":                {nil, []Range{{"", ""}}},
		"all":                    {[]Range{{"", "m"}, {"m", ""}}, nil},
		"a gap":                  {[]Range{{"", "c"}, {"f", "k"}}, []Range{{"c", "f"}, {"k", ""}}},
		"parts without a key":    {[]Range{{"", "c"}, {"c", "c"}, {"c", "f"}, {"f", "f"}, {"f", "h"}}, []Range{{"h", ""}}},
		"without one, far":       {[]Range{{"", "c"}, {"e", "e"}}, []Range{{"c", ""}}},
		"one over another":       {[]Range{{"", "h"}, {"c", "f"}, {"h", "k"}}, []Range{{"k", ""}}},
		"the end over others":    {[]Range{{"", "c"}, {"c", ""}, {"f", "k"}}, nil},
		"the end and one within": {[]Range{{"b", ""}, {"b", "f"}, {"f", "f"}}, []Range{{"", "b"}}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, order := range [][]Range{c.done, reversed(c.done)} {
				r := Record{slices: map[string]bool{}}
				for _, done := range order {
					r.take(Checkpoint{From: done.From, To: done.To})
				}
				r.merge()
				if left := r.left(); !slices.Equal(left, c.left) {
					t.Errorf("after %v there is left %v, not %v", order, left, c.left)
				}
			}
		})
	}
}

func reversed(all []Range) []Range {
	all = slices.Clone(all)
	slices.Reverse(all)
	return all
}
