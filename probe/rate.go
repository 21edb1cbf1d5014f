package probe

import (
	"fmt"
	"math"
	"runtime/debug"
	"time"

	"bothways/probe/wording"
)

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
	// busyGCPercent is the growth of the heap, in percent, that a busy run lets pass
	// between two collections of garbage. The runtime's own is 100.
	busyGCPercent = 400
)

// collectLazily has the runtime collect garbage less often while a busy run
// lasts; restore puts that back. A collection takes half of two processors,
// and polls that fall into it go out late: with 2,000 probes in flight the
// brackets were up to a sixth wider, and are a thirtieth wider with fewer
// collections. It costs memory, some tens of MB, which a run at such a rate is
// worth. Whoever set GOGC higher, or off, keeps that.
func (c Config) collectLazily() (restore func()) {
	if c.rate() < busyRate {
		return func() {}
	}
	usual := debug.SetGCPercent(busyGCPercent)
	if usual < 0 || usual > busyGCPercent {
		debug.SetGCPercent(usual)
	}
	return func() { debug.SetGCPercent(usual) }
}
