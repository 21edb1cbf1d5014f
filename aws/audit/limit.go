package audit

import (
	"context"
	"sync"
	"time"
)

// limiter bounds the requests that are under way. S3 that asks to slow down
// halves it, and it grows again slowly.
type limiter struct {
	most float64

	mu     sync.Mutex
	now    float64
	busy   int
	halved time.Time
	freed  chan struct{} // closed, and made anew, whenever there may be room
}

func newLimiter(most int) *limiter {
	return &limiter{most: float64(most), now: float64(most), freed: make(chan struct{})}
}

// growth is by how much a round of answers raises the limit.
const growth = 0.1

func (l *limiter) acquire(ctx context.Context) (begun time.Time, err error) {
	for {
		l.mu.Lock()
		if l.busy < max(1, int(l.now)) {
			l.busy++
			l.mu.Unlock()
			return time.Now(), nil
		}
		freed := l.freed
		l.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

// release ends a request. Of those that went out together and were all refused
// the first alone halves the limit.
func (l *limiter) release(begun time.Time, answered, slow bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy--
	switch {
	case slow && !begun.Before(l.halved):
		l.now, l.halved = max(1, l.now/2), time.Now()
	case answered:
		l.now = min(l.most, l.now+growth/l.now)
	}
	close(l.freed)
	l.freed = make(chan struct{})
}

// workers is how many requests may be under way now.
func (l *limiter) workers() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(1, int(l.now))
}
