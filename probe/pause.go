package probe

import (
	"context"
	"sync"
	"time"
)

// pause holds new starts back while there is a reason to, and knows how long
// it did in total: the planned instants shift by that.
type pause struct {
	mu      sync.Mutex
	reasons map[string]bool
	on      bool
	since   time.Time
	total   time.Duration
	changed chan struct{} // closed and replaced when on changes
}

func newPause() *pause {
	return &pause{reasons: map[string]bool{}, changed: make(chan struct{})}
}

// set wants the lock held.
func (p *pause) set(on bool, now time.Time) {
	if on == p.on {
		return
	}
	if on {
		p.since = now
	} else {
		p.total += now.Sub(p.since)
	}
	p.on = on
	close(p.changed)
	p.changed = make(chan struct{})
}

// begin counts from a run's start on.
func (p *pause) begin(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total, p.since = 0, now
}

// hold adds or removes a reason.
func (p *pause) hold(reason string, on bool, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if on {
		p.reasons[reason] = true
	} else {
		delete(p.reasons, reason)
	}
	p.set(len(p.reasons) > 0, now)
}

// view returns whether starts are held back, by how much they are shifted,
// and a channel that closes when that changes.
func (p *pause) view() (on bool, shift time.Duration, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.on, p.total, p.changed
}

// until waits for a planned instant, and longer while paused. It returns the
// instant as the pauses have shifted it.
func (p *pause) until(ctx context.Context, planned time.Time) (time.Time, error) {
	for {
		paused, shift, changed := p.view()
		due := planned.Add(shift)
		if !paused && !time.Now().Before(due) {
			return due, ctx.Err()
		}
		var begins <-chan time.Time // never while paused
		if !paused {
			begins = time.After(time.Until(due))
		}
		select {
		case <-begins:
		case <-changed:
		case <-ctx.Done():
			return due, ctx.Err()
		}
	}
}
