package sandbox

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/fault"
	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/s3/request"
)

// Fault is one thing that goes wrong on purpose.
type Fault = fault.Fault

// Inject lets a fault happen. Its times count from now; lift ends it early and
// may be called more than once.
func (s *Sandbox) Inject(f Fault) (lift func(), err error) {
	if err := f.Check(vocabulary); err != nil {
		return nil, err
	}
	if f.HitsRequests() {
		return s.faults.Add(f), nil
	}
	begin := s.holdBack(f)
	var mu sync.Mutex
	ended, undo := false, func() {}
	end := func() {
		mu.Lock()
		defer mu.Unlock()
		ended = true
		undo()
		undo = func() {}
	}
	start := func() {
		mu.Lock()
		defer mu.Unlock()
		if ended {
			return
		}
		undo = begin()
		if f.For > 0 {
			s.later(s.scaled(f.For), end)
		}
	}
	if f.At == 0 {
		start()
	} else {
		s.later(s.scaled(f.At), start)
	}
	return end, nil
}

// SetFaults lets these faults happen instead of those of Options or of the
// last SetFaults; their times count from now. If one of them makes no sense
// nothing is changed.
func (s *Sandbox) SetFaults(faults []Fault) error {
	for i := range faults {
		if err := faults[i].Check(vocabulary); err != nil {
			return fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	s.script.Lock()
	defer s.script.Unlock()
	for _, lift := range s.script.lifts {
		lift()
	}
	s.script.lifts = nil
	for _, f := range faults {
		lift, err := s.Inject(f)
		if err != nil {
			return err
		}
		s.script.lifts = append(s.script.lifts, lift)
	}
	return nil
}

// holdBack returns the function that begins a fault of replication. Its kind
// says which of its fields are set.
func (s *Sandbox) holdBack(f Fault) (begin func() (end func())) {
	if f.Kind == fault.Slow {
		return func() func() {
			return s.engine.Slow(replicate.Slowdown{From: f.From, To: f.To, Factor: f.Factor, Share: f.Share})
		}
	}
	o := replicate.Obstacle{Region: f.Region, From: f.From, To: f.To, Source: f.Bucket, Destinations: f.Destinations}
	if f.Prefix != "" {
		o.Prefixes = []string{f.Prefix}
	}
	return func() func() { return s.engine.Obstruct(o) }
}

func (s *Sandbox) scaled(d fault.Span) time.Duration {
	return time.Duration(float64(d) / s.options.TimeScale)
}

// later runs a function after a while unless the sandbox is closed before.
func (s *Sandbox) later(d time.Duration, run func()) {
	s.closing.Lock()
	defer s.closing.Unlock()
	select {
	case <-s.closed:
	default:
		s.timers = append(s.timers, time.AfterFunc(d, run))
	}
}

// applyFaults does to a request what the faults in force want, and reports whether
// it may go on and how far the server's clock is ahead.
func (s *Sandbox) applyFaults(w http.ResponseWriter, r *http.Request, region, service string) (skew time.Duration, goOn bool) {
	if s.faults.Idle() {
		return 0, true
	}
	hit := fault.Request{Region: region, Service: service}
	if service == "s3" {
		hit.Bucket, hit.Key, _ = request.Address(r)
	}
	if known, found := serviceOf(service); found {
		hit.Operation = known.operation(r)
	}
	out := s.faults.Outcome(hit)
	if out.Refuse {
		breakConnection(w, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED})
		return 0, false
	}
	if distance.Wait(r.Context(), out.Delay) != nil {
		return 0, false // the client is gone
	}
	switch {
	case out.Reset:
		breakConnection(w, errReset)
		return 0, false
	case out.Hang && out.HangFor > 0:
		if distance.Wait(r.Context(), out.HangFor) == nil {
			breakConnection(w, errReset)
		}
		return 0, false
	case out.Hang:
		select {
		case <-r.Context().Done():
		case <-s.closed:
		}
		breakConnection(w, errReset)
		return 0, false
	case out.Refusal != nil:
		s.refuse(w, r, service, out.Refusal)
		return 0, false
	}
	if out.Skew != 0 {
		w.Header().Set("Date", time.Now().Add(out.Skew).UTC().Format(http.TimeFormat))
	}
	return out.Skew, true
}

var errReset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

// lostConnectionError is what a handler panics with to break an exchange that has
// no connection to close.
type lostConnectionError struct{ cause error }

// Error implements error.
func (l *lostConnectionError) Error() string { return l.cause.Error() }

// Is makes net/http take it for an abort.
func (l *lostConnectionError) Is(target error) bool { return errors.Is(target, http.ErrAbortHandler) }

// breakConnection breaks the connection of a request, so that the client sees a reset.
func breakConnection(w http.ResponseWriter, cause error) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(&lostConnectionError{cause})
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // without it the client sees an orderly end
	}
	_ = connection.Close()
}
