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
)

// signalled is the cause of a context that a signal ended.
type signalled struct{ signal os.Signal }

func (s signalled) Error() string { return "ended by " + s.signal.String() }

// Signals turns the first ending signal into the end of the context, and a
// second one into the end of the process, for when winding up takes too long.
type Signals struct {
	mu       sync.Mutex
	received os.Signal
	stop     func()
}

// WatchSignals begins to; the caller ends it with Stop.
func WatchSignals(parent context.Context) (context.Context, *Signals) {
	ctx, cancel := context.WithCancelCause(parent)
	incoming := make(chan os.Signal, 2)
	for _, s := range endingSignals() {
		if !signal.Ignored(s) { // as nohup and a shell's background jobs ask
			signal.Notify(incoming, s)
		}
	}
	ignoreClosedPipes()
	done := make(chan struct{})
	s := &Signals{stop: func() { signal.Stop(incoming); close(done); cancel(context.Canceled) }}
	go func() {
		select {
		case got := <-incoming:
			s.mu.Lock()
			s.received = got
			s.mu.Unlock()
			cancel(signalled{got})
		case <-done:
			return
		}
		select {
		case got := <-incoming:
			os.Exit(exitOffset + number(got))
		case <-done:
		}
	}()
	return ctx, s
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

// Forgive makes Ctrl-C the ordinary end of a command that runs until then.
func (s *Signals) Forgive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.received == os.Interrupt {
		s.received = nil
	}
}
