// Package system is what a run has of the operating system beside its streams:
// the signals that end it, and the processors that it keeps busy.
package system

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// signalled is the cause of a context that a signal ended.
type signalled struct{ signal os.Signal }

func (s signalled) Error() string { return "ended by " + s.signal.String() }

// deliberateAfter is how long after the first signal an interrupt is taken for
// a second decision. Signals come in bursts: a terminal that is closed sends
// SIGHUP from the shell and from the kernel, timeout(1) signals its child and
// then its group, all within milliseconds.
const deliberateAfter = 500 * time.Millisecond

// giveBackWithin bounds how long the terminal may take to be given back, since
// it may be the one that is gone.
const giveBackWithin = time.Second

// Signals turns the first ending signal into the end of the context. A Ctrl-C
// after that ends the process at once, for when winding up takes too long;
// whatever else comes asks for what is under way already.
type Signals struct {
	mu       sync.Mutex
	received os.Signal
	at       time.Time // of the first
	giveBack func()
	stop     func()
	// stopped watches what stops the process; nil: nobody does.
	stopped func(giveBack, takeBack func())
	exit    func(code int)
}

// WatchSignals begins to; the caller ends it with Stop.
func WatchSignals(parent context.Context) (context.Context, *Signals) {
	incoming := make(chan os.Signal, 16)
	for _, s := range endingSignals() {
		if !signal.Ignored(s) { // as nohup and a shell's background jobs ask
			signal.Notify(incoming, s)
		}
	}
	ignoreClosedPipes()
	ctx, s := heed(parent, incoming, os.Exit)
	end, ended := s.stop, make(chan struct{})
	s.stop = func() { signal.Stop(incoming); close(ended); end() }
	s.stopped = func(giveBack, takeBack func()) { whileStopped(ended, giveBack, takeBack) }
	return ctx, s
}

// heed listens to what comes in until it is stopped.
func heed(parent context.Context, incoming <-chan os.Signal, exit func(code int)) (context.Context, *Signals) {
	ctx, cancel := context.WithCancelCause(parent)
	done := make(chan struct{})
	s := &Signals{exit: exit, stop: func() { close(done); cancel(context.Canceled) }}
	go func() {
		for {
			select {
			case got := <-incoming:
				s.hear(got, cancel)
			case <-done:
				return
			}
		}
	}()
	return ctx, s
}

func (s *Signals) hear(got os.Signal, cancel context.CancelCauseFunc) {
	s.mu.Lock()
	first, since := s.at.IsZero(), time.Since(s.at)
	if first {
		s.received, s.at = got, time.Now()
	}
	giveBack := s.giveBack
	s.mu.Unlock()
	if first {
		cancel(signalled{got})
		return
	}
	if got != os.Interrupt || since < deliberateAfter {
		return
	}
	if giveBack != nil {
		given := make(chan struct{})
		go func() { defer close(given); giveBack() }()
		select {
		case <-given:
		case <-time.After(giveBackWithin):
		}
	}
	s.exit(exitOffset + number(got))
}

// Terminal says what gives the terminal back as it was found, for an end that
// waits for nothing else and for as long as the process is stopped, and what takes
// it again. It is called once.
func (s *Signals) Terminal(giveBack, takeBack func()) {
	if s.stopped != nil {
		s.stopped(giveBack, takeBack)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.giveBack = giveBack
}

// Stop ends the watch.
func (s *Signals) Stop() { s.stop() }

// exitOffset is what a shell adds to the number of the signal that ended a
// program.
const exitOffset = 128

// ExitCode is 128 and the number of the signal that ended the run, if one did.
func (s *Signals) ExitCode() (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.received == nil {
		return 0, false
	}
	return exitOffset + number(s.received), true
}

func number(s os.Signal) int {
	if n, ok := s.(syscall.Signal); ok {
		return int(n)
	}
	return 0
}

// EndedBySignal says whether the context ended because of a signal.
func EndedBySignal(ctx context.Context) bool {
	_, ok := errors.AsType[signalled](context.Cause(ctx))
	return ok
}

// Forgive makes Ctrl-C, and what a supervisor ends a service by, the ordinary end
// of a command that runs until then.
func (s *Signals) Forgive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.received == os.Interrupt || s.received == syscall.SIGTERM {
		s.received = nil
	}
}
