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

func TestTheMoreIsHeldTheLessGarbageIsLeft(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		objects, stacks uint64
		least, most     int
	}{
		{5 * mb, 2 * mb, busyGCPercent, busyGCPercent},
		{25 * mb, 10 * mb, 100, 200},
		{40 * mb, 20 * mb, 40, 60},
		{300 * mb, 80 * mb, leastGCPercent, leastGCPercent},
	} {
		got := growth(c.objects, c.stacks, c.stacks)
		if got < c.least || got > c.most {
			t.Errorf("%d MiB of objects and %d of stacks: %d %%, want %d to %d", c.objects/mb, c.stacks/mb, got, c.least, c.most)
		}
		if filled := c.objects + c.stacks + (c.objects+c.stacks)*uint64(got)/100; got > leastGCPercent && filled > busyMemory {
			t.Errorf("%d MiB of objects and %d of stacks grow to %d MiB", c.objects/mb, c.stacks/mb, filled/mb)
		}
	}
}
