package canary

import (
	"math"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// Lane is one direction at a moment, as a face shows it.
type Lane struct {
	Direction pair.Direction
	Posted    int
	Arrived   int
	Missing   int // acknowledged, not seen on the other side
	Refused   int // uploads that failed
	Unusable  int
	// Oldest is the age of the oldest canary that is missing; 0 without any.
	Oldest time.Duration
	// Holes are missing although a later one arrived.
	Holes int
}

// Lane is how a direction stands.
func (f *Flock) Lane(d pair.Direction, now time.Time) Lane {
	l := Lane{Direction: d, Refused: f.refused[d]}
	missing := 0
	for _, c := range f.All(d) {
		l.Posted++
		switch {
		case c.Unusable:
			l.Unusable++
		case !math.IsInf(c.HighMS, 1):
			l.Arrived++
			l.Holes = missing
		default:
			missing++
			l.Oldest = max(l.Oldest, now.Sub(f.began)-time.Duration(c.PostedMS*float64(time.Millisecond)))
		}
	}
	l.Missing = missing
	return l
}

// Row is the isolation of a direction as its canaries show it: the longest
// unbroken row up to the latest canary that is old enough, of those written
// since an instant, that were absent when they were older than olderThan. seen
// is how many it takes.
func (f *Flock) Row(d pair.Direction, since time.Time, olderThan time.Duration, seen int) record.Isolation {
	is := record.Isolation{Direction: d, OlderThanMS: milliseconds(olderThan)}
	from := f.MS(since)
	for _, c := range f.All(d) {
		switch {
		case c.Unusable:
		case !math.IsInf(c.HighMS, 1):
			is.LastArrivedMS, is.FirstHeldMS, is.Held = c.PostedMS, 0, 0
		case c.PostedMS < from:
		case c.LowMS-c.PostedMS < is.OlderThanMS, c.LowMS <= c.PostedMS:
			// Too young to say, and so are those after it, unless they were asked for later.
		default:
			if is.Held == 0 {
				is.FirstHeldMS = c.PostedMS
			}
			is.Held++
		}
	}
	is.Seen = is.Held >= seen && olderThan > 0 // without a steady state nothing is late
	return is
}
