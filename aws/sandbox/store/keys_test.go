package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestKeyListStaysSortedThroughAdditionsAndRemovals(t *testing.T) {
	var list keyList
	have := map[string]bool{}
	draw := rand.New(rand.NewPCG(1, 2))
	for range 30_000 {
		key := fmt.Sprint(draw.IntN(8000))
		if draw.IntN(3) == 0 {
			list.remove(key)
			delete(have, key)
		} else {
			list.add(key)
			have[key] = true
		}
	}
	var want, got []string
	for key := range have {
		want = append(want, key)
	}
	slices.Sort(want)
	for key, more := list.ceiling(""); more; key, more = list.ceiling(key + "\x00") {
		got = append(got, key)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d keys, want %d", len(got), len(want))
	}
	for i := range 100 {
		from := fmt.Sprint(i * 97)
		at, _ := slices.BinarySearch(want, from)
		if key, more := list.ceiling(from); more != (at < len(want)) || more && key != want[at] {
			t.Errorf("ceiling of %s is %q", from, key)
		}
	}
}
