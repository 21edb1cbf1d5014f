package probe

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/dustin/go-humanize/english"

	"bothways/probe/wording"
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
	open     map[string]time.Time // when each probe under way began, by its key
}

// jump is one difference between two looks.
type jump struct {
	before  time.Time     // monotonic; it happened after this look
	after   time.Time     // and before this one
	drift   time.Duration // by which the wall clock ran ahead
	stalled bool          // the process stood still
	told    bool          // somebody was told of it
	wider   int           // brackets that are wider for it, of those that ended
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
	return &sleepClock{wall: wall, lastWall: wall(), lastMono: time.Now(), open: map[string]time.Time{}}
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

// falsifiedBy says whether a jump took time from a period. One in which the
// process merely stood still, as on a busy computer, took none: the monotonic
// clock went on, and whatever was read before and after it is true.
func (s period) falsifiedBy(j jump) bool {
	if s.tells(j) {
		return s.lost() > dateStep
	}
	return j.drift > clockStep
}

// stood says whether the process stood still in a jump, and no time was lost.
func (j jump) stood() bool { return j.stalled && j.drift.Abs() <= clockStep }

// within is how much of a jump lies between two instants.
func (j jump) within(from, to time.Time) time.Duration {
	if j.before.After(from) {
		from = j.before
	}
	if j.after.Before(to) {
		to = j.after
	}
	return max(0, to.Sub(from))
}

// tells says whether the server's dates decide about a jump.
func (s period) tells(j jump) bool {
	return (j.stalled || j.drift.Abs() > 2*dateStep) && !s.first.date.IsZero() && !s.last.date.IsZero() &&
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

// begin notes a probe that is under way.
func (c *sleepClock) begin(key string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[key] = at
}

// widened says by how much the end of an upload was noticed late at most because
// the process stood still, and counts the bracket with every pause that it is
// wider for. Nothing else of a bracket needs that: a miss counts from before its
// request, and a hit from after its answer.
func (c *sleepClock) widened(committing, posted, low, high time.Time) (late time.Duration) {
	c.look()
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.jumps {
		j := &c.jumps[i]
		if !j.stood() {
			continue
		}
		unseen := j.within(committing, posted)
		late += unseen
		if unseen > 0 || j.within(low, high) > 0 {
			j.wider++
		}
	}
	return late
}

// end notes that a probe is over, and returns the pauses that no probe under way
// can be wider for: of each once.
func (c *sleepClock) end(key string) (over []jump) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, key)
	for i := range c.jumps {
		j := &c.jumps[i]
		if !j.stood() || j.told || c.spanned(*j) {
			continue
		}
		j.told = true
		if j.wider > 0 {
			over = append(over, *j)
		}
	}
	return over
}

// spanned says whether a probe under way began before a jump was over.
func (c *sleepClock) spanned(j jump) bool {
	for _, begun := range c.open {
		if begun.Before(j.after) {
			return true
		}
	}
	return false
}

// ended ends a probe for the clock, and says what pauses made wider.
func (r *run) ended(key string) {
	for _, j := range r.clock.end(key) {
		r.notice(Info, "", fmt.Sprintf("This computer stood still for %s at %s; %s wider for it, and none is lost.",
			wording.Duration(j.after.Sub(j.before)), j.after.UTC().Format("15:04:05 UTC"),
			english.Plural(j.wider, "bracket is", "brackets are")))
	}
}

// since is an instant in milliseconds from the run's start, on the monotonic
// clock.
func (r *run) since(t time.Time) float64 { return milliseconds(t.Sub(r.began)) }
