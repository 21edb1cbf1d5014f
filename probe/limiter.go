package probe

import (
	"context"
	"sync"
	"time"
)

const (
	// DefaultMaxRate is the most requests a second of a whole run, both sides
	// together. S3 takes 5,500 HEADs and 3,500 PUTs a prefix (S3 User Guide,
	// "Best practices design patterns"); this is courtesy, and room for the
	// replication's own requests.
	DefaultMaxRate = 50
	// HighestMaxRate is what S3 takes of HEADs for one prefix, on both sides.
	HighestMaxRate = 2 * 5500
)

// slowFor is how long the rate stays halved after a side asked for that.
const slowFor = 30 * time.Second

// limiter spaces requests evenly.
type limiter struct {
	mu        sync.Mutex
	gap       time.Duration
	next      time.Time
	slowUntil time.Time
}

func newLimiter(perSecond int) *limiter {
	if perSecond <= 0 {
		perSecond = DefaultMaxRate
	}
	return &limiter{gap: time.Second / time.Duration(perSecond)}
}

// wait takes the next free slot and waits for it.
func (l *limiter) wait(ctx context.Context) error {
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
	l.mu.Unlock()
	return sleep(ctx, slot.Sub(now))
}

// slow halves the rate for slowFor from now on.
func (l *limiter) slow() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.slowUntil = time.Now().Add(slowFor)
}

// perSecond is the full rate.
func (l *limiter) perSecond() int { return int(time.Second / l.gap) }

// sleep waits for d, or until the context ends, and returns its error then.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
