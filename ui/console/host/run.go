package host

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// CrashError is a panic of an engine or of a command, caught by the guard. Its
// stack names functions and lines; it holds no values but the panic's own.
type CrashError struct {
	Where string // what was running
	Value string // what it panicked with
	Stack string
}

// Error implements error on one line, safe for a terminal.
func (c *CrashError) Error() string { return "crash while " + c.Where + ": " + widget.Clean(c.Value) }

// Guard runs work and turns a panic into a CrashError. Bubble Tea restores the
// terminal after panics in its own calls only; a plain goroutine's panic
// would leave it in raw mode, so every goroutine of the console runs in here.
func Guard(where string, work func() error) (crash *CrashError, err error) {
	defer func() {
		if value := recover(); value != nil {
			crash = &CrashError{Where: where, Value: fmt.Sprint(value), Stack: string(debug.Stack())}
		}
	}()
	return nil, work()
}

// Stream carries an engine's events to the model, in batches that are at
// least gap apart, so that a burst of samples costs one frame.
type Stream struct {
	gap time.Duration

	mu     sync.Mutex
	events []pair.Event
	ended  bool
	err    error
	crash  *CrashError
	last   time.Time

	wake chan struct{} // holds at most one token: there is news
	Over chan struct{} // closed at the end
}

// NewStream is one without events.
func NewStream(gap time.Duration) *Stream {
	return &Stream{gap: gap, wake: make(chan struct{}, 1), Over: make(chan struct{})}
}

// Emit implements pair.Emit.
func (s *Stream) Emit(e pair.Event) {
	s.mu.Lock()
	s.events = append(s.events, e)
	s.mu.Unlock()
	s.rouse()
}

// End hands over how the engine ended: with a panic, an error, or well.
func (s *Stream) End(crash *CrashError, err error) {
	s.mu.Lock()
	s.ended, s.err, s.crash = true, err, crash
	s.mu.Unlock()
	close(s.Over)
	s.rouse()
}

func (s *Stream) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// next waits for news and takes all of it. It is called from one command at
// a time.
func (s *Stream) next() Batch {
	<-s.wake
	if wait := s.gap - time.Since(s.last); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-s.Over:
		}
	}
	s.last = time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	b := Batch{Events: s.events, Ended: s.ended, Err: s.err, Crash: s.crash}
	s.events = nil
	return b
}

// Batch is what an engine reported since the last one.
type Batch struct {
	Run    *Run
	Events []pair.Event
	Ended  bool
	Err    error
	Crash  *CrashError
}

// Run is one run of an engine.
type Run struct {
	*Stream
	Doing  string // in words: "applying the plan"
	Cancel context.CancelFunc
	Take   func(Batch) tea.Cmd // in Update, once for each batch
	Access account.Access      // what it runs with

	Path string // of its journal, once that is known, or ""

	// What the screen that started it may add: what would be broken off now, or
	// "", how it is stopped, and what is done once it ended. A run that says
	// what would be broken off is a measurement.
	Busy func() string
	// Restores says that a stop has it put back what it changed, which whoever quits
	// waits for.
	Restores bool
	Stop     func()
	After    func() tea.Cmd
}

// Work is an engine's main function.
type Work func(ctx context.Context, emit pair.Emit) error

// Listen is the command that waits for the run's next batch.
func (r *Run) Listen() tea.Msg {
	b := r.next()
	b.Run = r
	return b
}

// FramesPerSecond is how often Bubble Tea looks whether there is something to
// draw. The first frame waits for the first look, and an idle console pays for
// every one: at 50 it waits for 20 ms, and pays five sixths of what the default
// of 60 costs.
const FramesPerSecond = 50
