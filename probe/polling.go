package probe

import "time"

// The constants of the polling schedule. They were chosen by simulation; the
// benchmark Polling measures them again.
const (
	warmResults   = 5                      // results from which a series is known well enough
	windowResults = 30                     // results that are looked back on
	coldFirstGap  = 300 * time.Millisecond // between the early poll and the next one
	coldShare     = 0.12                   // of the elapsed time, where nothing is known
	jitterShare   = 0.1                    // of a gap, either way, so that probes don't beat together

	minGap = 10 * time.Millisecond // where the round trip is shorter than that
	maxGap = 30 * time.Second
)

// polls is how many polls a sample is planned to take, besides the early one,
// or 0 for an unknown pace.
func (p Pace) polls() float64 {
	switch p {
	case Courteous:
		return 6.2
	case Normal:
		return 13.9
	case Fine:
		return 23
	}
	return 0
}

// outlook is what earlier results say about the next one.
type outlook struct {
	warm   bool
	median time.Duration
	curve  *curve
}

// polling decides when to ask next. It is pure: all times count from the
// upload's acknowledgement, and jitter comes from the caller.
type polling struct {
	polls float64       // planned
	rtt   time.Duration // smallest round trip to the side that is polled
}

// first is the instant of the early poll. It costs one HEAD and keeps an
// object that is there at once from being reported as "at most" a much later
// poll.
func (p polling) first() time.Duration { return p.rtt }

// next is the instant of the poll after the one that was sent at sent and
// missed, the polls-th of its probe. Jitter lies in [-1, 1). A throttled
// answer doubles the gap.
func (p polling) next(sent time.Duration, polls int, known outlook, jitter float64, throttled bool) time.Duration {
	gap := scale(sent, coldShare)
	switch {
	case known.warm:
		if planned := known.curve.after(sent, p.polls); planned > 0 {
			gap = planned - sent
		}
	case polls <= 1:
		gap = coldFirstGap
	}
	gap = min(max(gap, p.rtt, minGap), maxGap)
	if throttled {
		gap *= 2
	}
	return sent + gap + scale(gap, jitterShare*jitter)
}

func scale(d time.Duration, factor float64) time.Duration {
	return time.Duration(float64(d) * factor)
}
