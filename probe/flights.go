package probe

import (
	"sync"
	"time"

	"bothways/aws/pair"
)

const (
	// A stall is nothing arriving for longer than stallMedians times what the
	// direction's recent results took in the middle, and for stallLeast.
	stallMedians = 5
	stallLeast   = 30 * time.Second
	stallCold    = 2 * time.Minute // where nothing is known yet
	stallLook    = time.Second
)

// flights are the probes that were posted and have not arrived yet.
type flights struct {
	mu     sync.Mutex
	posted map[string]flight
	lanes  [2]lane
}

type flight struct {
	direction pair.Direction
	posted    time.Time
	missed    time.Time // the last poll that did was sent; zero without one
}

// lane is one direction.
type lane struct {
	inFlight int
	quiet    time.Time // the last arrival, or when the first of those in flight was posted
	left     time.Time // when the last one ended, in whatever way
	stalled  bool
}

func newFlights() *flights { return &flights{posted: map[string]flight{}} }

func (f *flights) add(key string, d pair.Direction, posted time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l := &f.lanes[d]
	if l.inFlight == 0 && !l.stalled { // a stall goes on while probes give up
		l.quiet = posted
	}
	l.inFlight++
	f.posted[key] = flight{direction: d, posted: posted}
}

// miss notes a poll that missed, by when it was sent.
func (f *flights) miss(key string, sent time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one, flies := f.posted[key]; flies {
		one.missed = sent
		f.posted[key] = one
	}
}

// lastMiss is when the last poll of a probe in flight that missed was sent.
func (f *flights) lastMiss(key string) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.posted[key].missed
}

// end takes a probe out. It returns the end of a stall, if its arrival is one.
func (f *flights) end(key string, arrived bool, now time.Time) (over StallEvent, ended bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	was, known := f.posted[key]
	if !known {
		return StallEvent{}, false
	}
	delete(f.posted, key)
	l := &f.lanes[was.direction]
	l.inFlight--
	l.left = now
	if !arrived {
		return StallEvent{}, false
	}
	if ended = l.stalled; ended {
		over = f.event(was.direction, now)
	}
	l.stalled, l.quiet = false, now
	over.Stalled = false
	return over, ended
}

// stall returns the beginning of a stall that has not been told yet.
func (f *flights) stall(d pair.Direction, longest time.Duration, now time.Time) (begun StallEvent, found bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l := &f.lanes[d]
	if l.stalled || l.inFlight == 0 || now.Sub(l.quiet) <= longest {
		return StallEvent{}, false
	}
	begun = f.event(d, now)
	if begun.OldestMS <= milliseconds(longest) {
		return StallEvent{}, false // what waits has only just begun to
	}
	l.stalled = true
	begun.Stalled = true
	return begun, true
}

// unended returns the stalls that last to the end of the run, with how long
// nothing had arrived when the last probe that waited for it ended.
func (f *flights) unended(now time.Time) []StallEvent {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []StallEvent
	for _, d := range pair.Directions() {
		l := &f.lanes[d]
		if !l.stalled {
			continue
		}
		until := now
		if l.inFlight == 0 {
			until = l.left
		}
		last := f.event(d, until)
		last.Stalled = true
		all = append(all, last)
	}
	return all
}

func (f *flights) event(d pair.Direction, now time.Time) StallEvent {
	oldest := time.Duration(0)
	for _, one := range f.posted {
		if one.direction == d {
			oldest = max(oldest, now.Sub(one.posted))
		}
	}
	return StallEvent{
		Direction: d, QuietMS: milliseconds(now.Sub(f.lanes[d].quiet)), InFlight: f.lanes[d].inFlight,
		OldestMS: milliseconds(oldest), At: now,
	}
}

// stallAfter is how long nothing may arrive before that is a stall.
func stallAfter(usual time.Duration) time.Duration {
	if usual == 0 {
		return stallCold
	}
	return max(stallLeast, stallMedians*usual)
}
