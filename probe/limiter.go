package probe

import (
	"context"
	"sync"
	"time"
)

// DefaultMaxRate is the most requests a second of a whole run, both sides
// together. S3 takes 5,500 HEADs and 3,500 PUTs a prefix (S3 User Guide, "Best
// practices design patterns"); this is courtesy, and room for the
// replication's own requests.
const DefaultMaxRate = 50

// limiter spaces requests evenly.
type limiter struct {
	mu   sync.Mutex
	gap  time.Duration
	next time.Time
}

func newLimiter(perSecond int) *limiter {
	return &limiter{gap: time.Second / time.Duration(perSecond)}
}

// wait takes the next free slot and waits for it.
func (l *limiter) wait(ctx context.Context) error {
	l.mu.Lock()
	now := time.Now()
	slot := now
	if l.next.After(now) {
		slot = l.next
	}
	l.next = slot.Add(l.gap)
	l.mu.Unlock()
	return sleep(ctx, slot.Sub(now))
}

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
