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
	// dateStep is how far apart the dates of a server's answers and the
	// monotonic clock must be to tell lost time from a clock that was set:
	// dates come in whole seconds.
	dateStep = 3 * time.Second
	// jumpsKept bounds the memory of a long run.
	jumpsKept = 64
)

// sleepClock notices that this computer slept, or that the process was
// stopped. The monotonic clock and Go's timers stand still during standby,
// so a duration that spans one is no measurement.
type sleepClock struct {
	wall func() time.Time

	mu       sync.Mutex
	lastWall time.Time
	lastMono time.Time
	jumps    []jump
}

// jump is one difference between two looks.
type jump struct {
	before  time.Time     // monotonic; it happened after this look
	after   time.Time     // and before this one
	drift   time.Duration // by which the wall clock ran ahead
	stalled bool          // the process stood still
	told    bool          // somebody was told that it falsifies a measurement
}

// period is the time of one measurement, with the dates that a server gave near
// both ends, if it did.
type period struct {
	begun       time.Time
	first, last exchange // with one server
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
	drift := wall.Sub(c.lastWall) - passed
	if stalled := passed > watchGap+stallStep; stalled || drift.Abs() > clockStep {
		if len(c.jumps) == jumpsKept {
			c.jumps = append(c.jumps[:0], c.jumps[1:]...)
		}
		c.jumps = append(c.jumps, jump{before: c.lastMono, after: mono, drift: drift, stalled: stalled})
	}
	c.lastWall, c.lastMono = wall, mono
}

// lostBetween says whether time was lost during a measurement, or may have
// been, and returns the jumps of which that was not said before. A wall clock
// that ran away may have been set instead: sleeping cannot set it back, and the
// dates of a server's answers tell when both they and the monotonic clock saw
// the same time pass.
func (c *sleepClock) lostBetween(s period) (lost bool, news []jump) {
	c.look()
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.jumps {
		j := &c.jumps[i]
		if j.after.Before(s.begun) || !s.falsifiedBy(*j) {
			continue
		}
		lost = true
		if !j.told {
			j.told = true
			news = append(news, *j)
		}
	}
	return lost, news
}

func (s period) falsifiedBy(j jump) bool {
	switch {
	case j.stalled:
		return true
	case s.tells(j):
		return s.lost() > dateStep
	default:
		return j.drift > clockStep
	}
}

// tells says whether the server's dates decide about a jump.
func (s period) tells(j jump) bool {
	return j.drift.Abs() > 2*dateStep && !s.first.date.IsZero() && !s.last.date.IsZero() &&
		!j.before.Before(s.first.answered)
}

// lost is how much more time passed for the server.
func (s period) lost() time.Duration {
	return s.last.date.Sub(s.first.date) - s.last.answered.Sub(s.first.answered)
}

// suspended says whether lost time falsifies what was measured in a period, and
// tells of every loss once.
func (r *run) suspended(s period) bool {
	lost, news := r.clock.lostBetween(s)
	for _, j := range news {
		r.emit(SleptEvent{
			At: j.after, SinceStartMS: r.since(j.after),
			UnseenMS: milliseconds(j.after.Sub(j.before)), LostMS: milliseconds(j.drift),
		})
	}
	return lost
}

// since is an instant in milliseconds from the run's start, on the monotonic
// clock.
func (r *run) since(t time.Time) float64 { return milliseconds(t.Sub(r.began)) }
