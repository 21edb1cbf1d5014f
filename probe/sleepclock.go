package probe

import (
	"context"
	"sync"
	"time"
)

const (
	// clockStep is how far the wall clock may run away from the monotonic
	// clock between two looks before somebody must have slept or set it.
	clockStep = 500 * time.Millisecond
	// stallStep is how late the watch may look before the whole process must
	// have stood still.
	stallStep = 2 * time.Second
	watchGap  = 250 * time.Millisecond
)

// sleepClock notices that this computer slept, or that the process was
// stopped. The monotonic clock and Go's timers stand still during standby,
// so a duration that spans one is no measurement.
type sleepClock struct {
	wall func() time.Time

	mu       sync.Mutex
	lastWall time.Time
	lastMono time.Time
	lastJump time.Time
}

// wallClock is the wall clock's time without a monotonic reading.
func wallClock() time.Time { return time.Now().Round(0) }

func newSleepClock(wall func() time.Time) *sleepClock {
	return &sleepClock{wall: wall, lastWall: wall(), lastMono: time.Now()}
}

// watch looks at both clocks until the context ends.
func (c *sleepClock) watch(ctx context.Context) {
	for sleep(ctx, watchGap) == nil {
		c.look()
	}
}

func (c *sleepClock) look() {
	c.mu.Lock()
	defer c.mu.Unlock()
	wall, mono := c.wall(), time.Now()
	passed := mono.Sub(c.lastMono)
	if drift := wall.Sub(c.lastWall) - passed; drift.Abs() > clockStep || passed > watchGap+stallStep {
		c.lastJump = mono
	}
	c.lastWall, c.lastMono = wall, mono
}

// jumpedSince says whether time was lost after the instant.
func (c *sleepClock) jumpedSince(instant time.Time) bool {
	c.look()
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.lastJump.IsZero() && !c.lastJump.Before(instant)
}
