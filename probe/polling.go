package probe

import "time"

// The constants of the polling schedule. They were chosen by simulation for
// about 14 HEADs and 3 % of error a sample at every scale of delay; the
// benchmark Polling measures them again.
const (
	warmResults   = 5                      // results from which a series is known well enough
	windowResults = 30                     // results that the running median looks back on
	coldFirstGap  = 300 * time.Millisecond // between the early poll and the next one
	coldShare     = 0.12                   // of the elapsed time, while nothing is known
	startShare    = 0.6                    // of the fastest recent result: where dense polling starts
	tailMedians   = 2.5                    // medians after which the gap grows
	tailShare     = 0.15                   // of what exceeds them
	jitterShare   = 0.1                    // of a gap, either way, so that probes don't beat together

	minGap = 10 * time.Millisecond // where the round trip is shorter than that
	maxGap = 30 * time.Second
)

// gapShare is the gap between polls as a share of the running median, 0 for
// an unknown pace.
func (p Pace) gapShare() float64 {
	switch p {
	case Courteous:
		return 0.20
	case Normal:
		return 0.08
	case Fine:
		return 0.04
	}
	return 0
}

// outlook is what earlier results say about the next one.
type outlook struct {
	warm    bool
	fastest time.Duration
	median  time.Duration
}

// polling decides when to ask next. It is pure: all times count from the
// upload's acknowledgement, and jitter comes from the caller.
type polling struct {
	share float64       // of the median
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
	var gap time.Duration
	switch {
	case known.warm:
		gap = scale(known.median, p.share)
		if excess := sent - scale(known.median, tailMedians); excess > 0 {
			gap += scale(excess, tailShare)
		}
	case polls <= 1:
		gap = coldFirstGap
	default:
		gap = scale(sent, coldShare)
	}
	gap = min(max(gap, p.rtt, minGap), maxGap)
	if throttled {
		gap *= 2
	}
	shake := scale(gap, jitterShare*jitter)
	if start := scale(known.fastest, startShare); known.warm && !throttled && sent+gap < start {
		return start + shake
	}
	return sent + gap + shake
}

func scale(d time.Duration, factor float64) time.Duration {
	return time.Duration(float64(d) * factor)
}
