package probe

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"bothways/aws/pair"
	"bothways/probe/wording"
)

const (
	// DefaultMaxRate is the most requests a second of a whole run, both sides
	// together, where nothing else is asked for and the schedule takes no
	// more. S3 takes 5,500 HEADs and 3,500 PUTs a prefix (S3 User Guide,
	// "Best practices design patterns"); this is courtesy, and room for the
	// replication's own requests.
	DefaultMaxRate = 50
	// HighestMaxRate is what S3 takes of HEADs for one prefix, on both sides.
	HighestMaxRate = 2 * 5500
)

// slowFor is how long the rate stays halved after a side asked for that.
const slowFor = 30 * time.Second

// longQueue is a wait for a slot that a reader of the samples should know of.
const longQueue = time.Second

// limiter spaces requests evenly.
type limiter struct {
	mu        sync.Mutex
	gap       time.Duration
	next      time.Time
	slowUntil time.Time
	// slowed is until when each side is asked half as often.
	slowed map[pair.SideName]time.Time
	// overrun is told where requests wait for longQueue, and not because a side
	// asked for fewer.
	overrun func()
}

func newLimiter(perSecond int) *limiter {
	return &limiter{gap: time.Second / time.Duration(perSecond), slowed: map[pair.SideName]time.Time{}, overrun: func() {}}
}

// slot takes the next free one and returns how long it is until then.
func (l *limiter) slot() (wait time.Duration) {
	l.mu.Lock()
	now := time.Now()
	slot, gap := now, l.gap
	if l.next.After(now) {
		slot = l.next
	}
	if slot.Before(l.slowUntil) {
		gap *= 2
	}
	l.next = slot.Add(gap)
	ownFault := now.Sub(l.slowUntil) > slowFor // what queued up meanwhile has gone by then
	l.mu.Unlock()
	wait = slot.Sub(now)
	if ownFault && wait > longQueue {
		l.overrun()
	}
	return wait
}

// wait takes the next free slot and waits for it. What has ended takes none:
// the rest of a broken upload would hold everything else back.
func (l *limiter) wait(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return sleep(ctx, l.slot())
}

// reserved marks a context that holds a slot, until that is used.
type reserved struct{}

// start returns a context whose first request goes out at once: a slot is
// taken for it, but the schedule of starts doesn't wait for polls, which have
// brackets to show that they waited. A start that is late already does wait:
// after a moment in which nothing went out, hundreds would go out together.
func (l *limiter) start(ctx context.Context, late bool) (context.Context, error) {
	if late {
		return l.reserve(ctx)
	}
	l.slot()
	return context.WithValue(ctx, reserved{}, new(atomic.Bool)), nil
}

// reserve waits for the next free slot and returns a context whose first
// request takes it: time limits and clocks that start now don't run while the
// request waits for its turn.
func (l *limiter) reserve(ctx context.Context) (context.Context, error) {
	if err := l.wait(ctx); err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, reserved{}, new(atomic.Bool)), nil
}

// enter takes the slot that the context holds, or waits for one.
func (l *limiter) enter(ctx context.Context) error {
	if used, ok := ctx.Value(reserved{}).(*atomic.Bool); ok && used.CompareAndSwap(false, true) {
		return nil
	}
	return l.wait(ctx)
}

// slow halves the run's highest rate for slowFor from now on, and has the side
// that asked for it polled half as often: most runs make far fewer requests
// than they may, so half of what they may changes nothing for the side.
func (l *limiter) slow(side pair.SideName) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.slowUntil = time.Now().Add(slowFor)
	l.slowed[side] = l.slowUntil
}

// isSlow says whether a side is polled half as often now.
func (l *limiter) isSlow(side pair.SideName) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Before(l.slowed[side])
}

// perSecond is the full rate.
func (l *limiter) perSecond() int { return int(time.Second / l.gap) }

// sleep waits for d, or until the context ends, and returns its error then.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rate is how many requests a second a run of this configuration makes on
// average once its series are known, those that are free included.
func (c Config) rate() float64 { return c.work().PerSecond() }

// headroom is how much more than its mean a run may make at times: a series that
// is not known yet is polled more often, and so are probes that take long.
const headroom = 1.5

// maxRate is the most requests a second of the run: what was asked for, or
// DefaultMaxRate, or what the schedule takes where that is more.
func (c Config) maxRate() int {
	if c.MaxRate > 0 {
		return c.MaxRate
	}
	return int(min(max(DefaultMaxRate, math.Ceil(headroom*c.rate())), HighestMaxRate))
}

// mostBacklog is how long the requests of a run may at last wait for their
// turn by its plan: a few probes at once are no harm.
const mostBacklog = 10 * time.Second

// checkRate refuses a schedule that the rate cannot carry: requests would
// queue for longer and longer, and the brackets would grow with the queue.
func (c Config) checkRate() error {
	most, need := c.maxRate(), c.rate()
	length := math.Inf(1)
	switch {
	case c.For > 0:
		length = c.For.Seconds()
	case c.Rounds > 0:
		length = float64(c.Rounds) * c.Every.Seconds()
	}
	if over := need/float64(most) - 1; over <= 0 || over*length <= mostBacklog.Seconds() {
		return nil
	}
	advice := "start the rounds further apart, or probe fewer sizes"
	if need <= HighestMaxRate {
		advice = fmt.Sprintf("allow %.0f a second, %s", math.Ceil(need), advice)
	}
	return fmt.Errorf("%s every %v in two directions take about %.0f requests a second on average, and at most %d are allowed: %s",
		wording.Count(len(c.Sizes), "size"), c.Every, math.Ceil(need), most, advice)
}

// overrun says that the run asks for more than its rate.
func (r *run) overrun() {
	r.notice(Warning, "", fmt.Sprintf(
		"Requests wait for more than a second for their turn: the run makes more than the %d a second that it may. Brackets widen, and still hold the truth.",
		r.limit.perSecond()))
}

const (
	// busyRate, in requests a second, is that of about 400 probes in flight.
	busyRate = 1000
	// busyGCPercent and leastGCPercent are the most and the least growth of the
	// heap, in percent, that a busy run lets pass between two collections of
	// garbage. The runtime's own is 100.
	busyGCPercent  = 400
	leastGCPercent = 30
	// busyMemory is what a busy run may take for all that it holds and for
	// garbage, in bytes, as far as leastGCPercent allows. The program itself
	// takes about 30 MB more.
	busyMemory = 90 << 20
	tendEvery  = 250 * time.Millisecond
)

// collector has the runtime collect garbage less often while a busy run lasts,
// within some memory. A collection takes half of two processors, and polls that
// fall into it go out late: with 2,000 probes in flight the brackets were up to a
// sixth wider.
type collector struct {
	set     bool
	percent int // as it was before
}

// collectLazily begins that; restore puts back what it was. Whoever set GOGC
// higher, or off, keeps that.
func (c Config) collectLazily() collector {
	if c.rate() < busyRate {
		return collector{}
	}
	usual := debug.SetGCPercent(busyGCPercent)
	if usual < 0 || usual > busyGCPercent {
		debug.SetGCPercent(usual)
		return collector{}
	}
	return collector{set: true, percent: usual}
}

// tend keeps memory within its bounds until the context ends: the more is held,
// the less garbage. A limit of the runtime's (GOMEMLIMIT) would not do: with more
// than that in use it collects all the time.
func (g collector) tend(ctx context.Context) {
	if !g.set {
		return
	}
	held := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	percent := busyGCPercent
	for sleep(ctx, tendEvery) == nil {
		metrics.Read(held)
		wanted := growth(held[0].Value.Uint64(), held[1].Value.Uint64(), held[2].Value.Uint64())
		if differs := float64(wanted) / float64(percent); differs > 1.1 || differs < 0.9 {
			percent = wanted
			debug.SetGCPercent(percent)
		}
	}
}

// growth is the percentage that fills busyMemory, of so many bytes of objects and
// of stacks in use, within all stacks. The runtime counts the percentage of objects and
// used stacks.
func growth(objects, used, stacks uint64) int {
	room := float64(busyMemory) - float64(objects) - float64(stacks)
	return int(min(max(100*room/float64(max(1, objects+used)), leastGCPercent), busyGCPercent))
}

func (g collector) restore() {
	if g.set {
		debug.SetGCPercent(g.percent)
	}
}
