package console

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/session"
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

// guard runs work and turns a panic into a CrashError. Bubble Tea restores the
// terminal after panics in its own calls only; a plain goroutine's panic
// would leave it in raw mode, so every goroutine of the console runs in here.
func guard(where string, work func() error) (crash *CrashError, err error) {
	defer func() {
		if value := recover(); value != nil {
			crash = &CrashError{Where: where, Value: fmt.Sprint(value), Stack: string(debug.Stack())}
		}
	}()
	return nil, work()
}

// stream carries an engine's events to the model, in batches that are at
// least gap apart, so that a burst of samples costs one frame.
type stream struct {
	gap time.Duration

	mu     sync.Mutex
	events []pair.Event
	ended  bool
	err    error
	crash  *CrashError
	last   time.Time

	wake chan struct{} // holds at most one token: there is news
	over chan struct{} // closed at the end
}

func newStream(gap time.Duration) *stream {
	return &stream{gap: gap, wake: make(chan struct{}, 1), over: make(chan struct{})}
}

func (s *stream) emit(e pair.Event) {
	s.mu.Lock()
	s.events = append(s.events, e)
	s.mu.Unlock()
	s.rouse()
}

func (s *stream) end(crash *CrashError, err error) {
	s.mu.Lock()
	s.ended, s.err, s.crash = true, err, crash
	s.mu.Unlock()
	close(s.over)
	s.rouse()
}

func (s *stream) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// next waits for news and takes all of it. It is called from one command at
// a time.
func (s *stream) next() batch {
	<-s.wake
	if wait := s.gap - time.Since(s.last); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-s.over:
		}
	}
	s.last = time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	b := batch{events: s.events, ended: s.ended, err: s.err, crash: s.crash}
	s.events = nil
	return b
}

// batch is what an engine reported since the last one.
type batch struct {
	run    *running
	events []pair.Event
	ended  bool
	err    error
	crash  *CrashError
}

// running is one run of an engine.
type running struct {
	*stream
	doing  string // in words: "applying the plan"
	cancel context.CancelFunc
	take   func(batch) tea.Cmd // in Update, once for each batch
	access account.Access      // what it runs with

	path string // of its journal, once that is known, or ""

	// What the screen that started it may add: what would be broken off now, or
	// "", how it is stopped, and what is done once it ended. A run that says
	// what would be broken off is a measurement.
	busy  func() string
	stop  func()
	after func() tea.Cmd
}

// work is an engine's main function.
type work func(ctx context.Context, emit pair.Emit) error

// start runs an engine in a goroutine of its own. Its events are handed to take
// in batches.
func (a *app) start(doing string, gap time.Duration, do work, take func(batch) tea.Cmd) (*running, tea.Cmd) {
	ctx, cancel := context.WithCancel(a.ctx)
	r := &running{stream: newStream(gap), doing: doing, cancel: cancel, take: take, access: a.access}
	a.runs = append(a.runs, r)
	ended := a.cfg.Working()
	go func() {
		defer ended()
		defer cancel()
		r.end(guard(doing, func() error { return do(ctx, r.emit) }))
	}()
	return r, r.listen
}

// listen is the command that waits for the run's next batch.
func (r *running) listen() tea.Msg {
	b := r.next()
	b.run = r
	return b
}

// deliver hands a batch to the screen that started the run.
func (b batch) deliver(a *app) tea.Cmd {
	for _, e := range b.events {
		switch e := e.(type) {
		case session.Recording:
			b.run.path = e.Path
			a.heed(e)
		case session.LockNote:
			a.say(e.String())
		}
	}
	if b.ended {
		a.forget(b.run)
	}
	if b.crash != nil {
		a.crash = b.crash
		return tea.Quit
	}
	cmd := b.run.take(b)
	if b.ended && b.run.after != nil && !a.quitting {
		cmd = tea.Batch(cmd, b.run.after())
	}
	switch {
	case !b.ended:
		return tea.Batch(cmd, b.run.listen)
	case a.quitting && len(a.runs) == 0:
		return tea.Sequence(cmd, tea.Quit)
	}
	return cmd
}

// heed warns of a journal that is not there, or breaks off. A missing one is
// told of once: the next run's would be missing for the same reason.
func (a *app) heed(told session.Recording) {
	switch {
	case told.Err == nil:
	case told.Path != "":
		a.incomplete[told.Path] = told.Err
		a.say("the run's record is incomplete from here on: " + told.Err.Error())
	case !a.warnedJournal:
		a.warnedJournal = true
		a.say("no journal, the run is kept in memory only: " + told.Err.Error())
	}
}

func (a *app) forget(r *running) {
	for i, other := range a.runs {
		if other == r {
			a.runs = append(a.runs[:i:i], a.runs[i+1:]...)
			return
		}
	}
}

func (a *app) stopRuns() {
	if l := a.login; l != nil { // what waits for it ends, too
		a.login = nil
		if l.answer != nil {
			close(l.answer)
		} else {
			l.cancel()
		}
	}
	for _, r := range a.runs {
		r.cancel()
	}
}

// awaitRuns waits for the cancelled runs' ends, at most so long in all.
func (a *app) awaitRuns(most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	for _, r := range a.runs {
		select {
		case <-r.over:
		case <-timer.C:
			return
		}
	}
}

// ask makes a command of a question to the outside. Its answer comes back as
// a result; a panic ends the console in order.
func (a *app) ask(doing string, question func(ctx context.Context) result) tea.Cmd {
	ctx := a.ctx
	return func() tea.Msg {
		var answer result
		crash, _ := guard(doing, func() error {
			answer = question(ctx)
			return nil
		})
		if crash != nil {
			return crashed{a, crash}
		}
		return answer
	}
}

// crashed ends the console after a panic in a command.
type crashed struct {
	app   *app
	crash *CrashError
}

func (c crashed) deliver() tea.Cmd {
	c.app.crash = c.crash
	return tea.Quit
}
