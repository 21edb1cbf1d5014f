package probe

import "time"

// The constants of the polling schedule. They were chosen by simulation; the
// benchmark Polling measures them again.
const (
	warmResults   = 5                      // results from which a series is known well enough
	windowResults = 30                     // results that are looked back on
	coldFirstGap  = 300 * time.Millisecond // between the early poll and the next one
	coldShare     = 0.15                   // of the elapsed time, where nothing is known
	jitterShare   = 0.1                    // of a gap, either way, so that probes don't beat together

	minGap = 10 * time.Millisecond // where the round trip is shorter than that
	maxGap = time.Minute           // or coldShare of the elapsed time, if that is longer
)

// spacing is how many times as long the pace's gaps are as the normal ones, or
// 0 for an unknown pace.
func (p Pace) spacing() float64 {
	switch p {
	case Courteous:
		return 2.2
	case Normal:
		return 1
	case Fine:
		return 0.6
	}
	return 0
}

// outlook is what earlier results say about the next one.
type outlook struct {
	warm   bool
	whole  bool // of as many results as are ever looked back on
	median time.Duration
	curve  *curve
}

// polling decides when to ask next. It is pure: all times count from the
// upload's acknowledgement, and jitter comes from the caller.
type polling struct {
	spacing float64       // of the polls, in the normal pace's gaps
	rtt     time.Duration // smallest round trip to the side that is polled
}

// first is the instant of the first poll. As long as nothing is known it goes
// out at once, which keeps an object that is there at once from being reported
// as "at most" a much later poll. A known series has its first poll where the
// learned law puts it: most results come much later, and its share of a broad
// law keeps an early poll in the plan.
func (p polling) first(known outlook, jitter float64) time.Duration {
	if !known.warm {
		return p.rtt
	}
	planned := known.curve.after(0, p.closer(known))
	return min(max(planned+scale(planned, jitterShare*jitter), p.rtt), maxGap)
}

// next is the instant of the poll after the one that was sent at sent and
// missed, the polls-th of its probe. Jitter lies in [-1, 1). A side
// that asked for fewer requests a moment ago is slow.
func (p polling) next(sent time.Duration, polls int, known outlook, jitter float64, slow bool) time.Duration {
	gap := scale(sent, coldShare)
	switch {
	case known.warm:
		gap = known.curve.after(sent, p.closer(known)) - sent
	case polls <= 1:
		gap = coldFirstGap
	}
	gap = min(max(gap, p.rtt, minGap), max(maxGap, scale(sent, coldShare)))
	gap = twiceIf(slow, gap)
	return sent + gap + scale(gap, jitterShare*jitter)
}

// closer is the spacing for a known series. Where the plan asks for gaps shorter
// than a round trip, polls fall out of it; the others move closer together by
// about as much.
func (p polling) closer(known outlook) float64 {
	const most = 0.04
	return p.spacing * (1 - min(most, p.rtt.Seconds()/max(known.median.Seconds(), minGap.Seconds())))
}

// twiceIf is the gap before the next poll of a side.
func twiceIf(slow bool, gap time.Duration) time.Duration {
	if slow {
		return 2 * gap
	}
	return gap
}

func scale(d time.Duration, factor float64) time.Duration {
	return time.Duration(float64(d) * factor)
}
