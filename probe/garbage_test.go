package probe

import (
	"runtime/debug"
	"testing"
	"time"
)

// Not in parallel with others: the setting is the process's.
func TestABusyRunCollectsGarbageLessOftenAndPutsThatBack(t *testing.T) {
	now := func() int {
		percent := debug.SetGCPercent(100)
		debug.SetGCPercent(percent)
		return percent
	}
	before := now()
	defer debug.SetGCPercent(before)
	for _, c := range []struct {
		every       time.Duration
		usual, want int
	}{
		{10 * time.Second, 100, 100},
		{8 * time.Millisecond, 100, busyGCPercent},
		{8 * time.Millisecond, 800, 800},
		{8 * time.Millisecond, -1, -1},
	} {
		debug.SetGCPercent(c.usual)
		garbage := Config{Sizes: []int64{1024}, Every: c.every}.collectLazily()
		if got := now(); got != c.want {
			t.Errorf("a round every %v where %d %% was set: %d %%, want %d %%", c.every, c.usual, got, c.want)
		}
		if garbage.restore(); now() != c.usual {
			t.Errorf("a round every %v where %d %% was set: %d %% afterwards", c.every, c.usual, now())
		}
	}
}
