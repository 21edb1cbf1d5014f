package fault

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bothways/aws/sandbox/refusal"
)

// Request is what faults look at.
type Request struct {
	Region, Service, Operation string
	Bucket, Key                string
}

// Outcome is what shall happen to a request. The zero value is nothing.
type Outcome struct {
	Refuse, Reset bool
	// Hang waits for HangFor, or as long as the client does if that is 0.
	Hang    bool
	HangFor time.Duration
	// Delay is to be waited out before anything else.
	Delay time.Duration
	// Skew is how far the server's clock is ahead.
	Skew    time.Duration
	Refusal *refusal.Error
}

// Injector holds the faults that hit requests. It is safe for concurrent use.
type Injector struct {
	count atomic.Int64 // of faults, so that a request without any costs nothing

	mu     sync.Mutex
	faults []*active
	draw   *rand.Rand
	scale  float64
}

// active is a fault with its times.
type active struct {
	Fault
	from, until time.Time // until is zero for good
	left        int       // requests, below 0 for no limit
}

// NewInjector makes an injector whose shares are drawn from a seed and whose
// times pass scale times as fast.
func NewInjector(seed uint64, scale float64) *Injector {
	return &Injector{draw: rand.New(rand.NewPCG(seed, 0x6661756c74)), scale: scale}
}

// Add lets a fault that hits requests be in force until lift, which may be
// called more than once. It has been checked.
func (i *Injector) Add(f Fault) (lift func()) {
	a := &active{Fault: f, from: time.Now().Add(i.scaled(f.At)), left: -1}
	if f.For > 0 {
		a.until = a.from.Add(i.scaled(f.For))
	}
	if f.Requests > 0 {
		a.left = f.Requests
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.faults = append(i.faults, a)
	i.count.Add(1)
	return func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.drop(a)
	}
}

func (i *Injector) scaled(s Span) time.Duration { return time.Duration(float64(s) / i.scale) }

// drop forgets a fault. The lock is held.
func (i *Injector) drop(gone *active) {
	if at := slices.Index(i.faults, gone); at >= 0 {
		i.faults = slices.Delete(i.faults, at, at+1)
		i.count.Add(-1)
	}
}

// Idle says that no request can be hit.
func (i *Injector) Idle() bool { return i.count.Load() == 0 }

// Outcome decides what happens to a request. Delays of several faults add up;
// of what ends a request the first one given counts.
func (i *Injector) Outcome(r Request) Outcome {
	i.mu.Lock()
	defer i.mu.Unlock()
	var out Outcome
	now := time.Now()
	for _, a := range slices.Clone(i.faults) {
		if !a.until.IsZero() && !now.Before(a.until) {
			i.drop(a)
			continue
		}
		if now.Before(a.from) || !a.fits(r) || a.Share > 0 && i.draw.Float64() >= a.Share {
			continue
		}
		if a.left > 0 {
			if a.left--; a.left == 0 {
				i.drop(a)
			}
		}
		if a.add(&out, r.Service, i.scale) {
			break
		}
	}
	return out
}

// add brings a fault into an outcome and reports whether it ends the request.
func (a *active) add(out *Outcome, service string, scale float64) bool {
	scaled := func(s Span) time.Duration { return time.Duration(float64(s) / scale) }
	switch a.Kind {
	case Delay:
		out.Delay += scaled(a.Delay)
		return false
	case Skew:
		out.Skew += time.Duration(a.Offset)
		return false
	case Refuse:
		out.Refuse = true
	case Reset:
		out.Reset = true
	case Hang:
		out.Hang, out.HangFor = true, scaled(a.Delay)
	case SlowDown, Broken, Expired:
		out.Refusal = a.refusal(service)
	case Outage, Cut, Pause, Slow: // these are not given to an Injector
	}
	return true
}

func (a *active) fits(r Request) bool {
	switch {
	case a.Region != "" && a.Region != r.Region,
		a.Service != "" && a.Service != r.Service,
		a.Operation != "" && !strings.EqualFold(a.Operation, r.Operation),
		a.Bucket != "" && a.Bucket != r.Bucket,
		a.Prefix != "" && (r.Key == "" || !strings.HasPrefix(r.Key, a.Prefix)):
		return false
	}
	return true
}
