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
	all := list.seek("")
	for key, more := all.next(); more; key, more = all.next() {
		got = append(got, key)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d keys, want %d", len(got), len(want))
	}
	for i := range 100 {
		from := fmt.Sprint(i * 97)
		at, _ := slices.BinarySearch(want, from)
		rest := list.seek(from)
		if key, more := rest.next(); more != (at < len(want)) || more && key != want[at] {
			t.Errorf("the first from %s is %q", from, key)
		}
	}
}
