package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"

	"bothways/aws/apierror"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/command/system"
	"bothways/ui/command/usage"
	"bothways/ui/live"
	"bothways/ui/plain"
)

// output shows a run's events as lines.
type output struct {
	app       *app
	lines     *plain.Writer
	recording session.Recording
	stop      context.CancelFunc // ends the run when nobody reads it any more
	watching  bool               // something is under way that can be ended
	unread    bool               // it was ended so
}

func (a *app) newOutput() *output {
	return &output{app: a, lines: a.lines(), stop: func() {}}
}

// emit shows one event. What is said of the run's own record and lock is for
// people alone.
func (o *output) emit(e pair.Event) {
	switch e := e.(type) {
	case session.Recording:
		o.recording = e
		o.complain()
		return
	case session.LockNote:
		o.app.hint(e.String())
		return
	}
	o.app.screen().Event(e)
	o.lines.Event(e)
	if o.lines.Err() != nil && o.watching {
		o.unread = true
		o.stop()
	}
}

// complain says that the run's record is missing, or breaks off.
func (o *output) complain() {
	switch {
	case o.recording.Err == nil:
	case errors.Is(o.recording.Err, journal.ErrNoFolder):
		o.app.complain("no journal is kept of this run: " + o.recording.Err.Error() + ".")
	case o.recording.Path == "":
		o.app.complain("no journal is kept of this run: " + apierror.Describe(o.recording.Err) + ". Set BOTHWAYS_HOME to a folder that can be written.")
	default:
		o.app.complain("the run's record is incomplete from here on: " + apierror.Describe(o.recording.Err))
	}
}

// windingUp is how long a run that a signal ended may take to clean up without
// a word.
const windingUp = time.Second

// watched is a context that ends when the output can no longer be written. Its
// end is called when nothing of the run is left to do.
func (o *output) watched(ctx context.Context) (running context.Context, end func()) {
	running, o.stop = context.WithCancel(ctx)
	o.watching = true
	ended := make(chan struct{})
	context.AfterFunc(ctx, func() {
		if !system.EndedBySignal(ctx) {
			return
		}
		select {
		case <-ended:
		case <-time.After(windingUp):
			o.app.complain("stopping: what is under way is finished or cleaned up first. Ctrl-C once more leaves it at once")
		}
	})
	stop := o.stop
	return running, sync.OnceFunc(func() { close(ended); stop() })
}

// finish chooses the ending of a command whose engine returned err.
func (o *output) finish(ctx context.Context, err error) error {
	o.lines.Flush()
	o.app.screen().Done()
	if system.EndedBySignal(ctx) {
		return usage.End(usage.Failed, nil) // the signal's own code replaces it
	}
	switch lost := o.lines.Err(); {
	case o.app.unread(lost) && o.unread:
		o.app.hint("Stopped: nobody reads what this command writes any more. What was under way is finished or cleaned up, and the rest is not done.")
		return usage.End(usage.Failed, nil)
	case lost != nil && !o.app.unread(lost):
		return usage.End(usage.Failed, lost)
	}
	if err != nil {
		return usage.End(usage.Failed, err)
	}
	if o.recording.Err != nil && o.recording.Path != "" { // who wants none has been told before anything was done
		return usage.End(usage.Failed, fmt.Errorf("the run went to its end, and its record in %s is incomplete: %w", o.recording.Path, o.recording.Err))
	}
	return nil
}

// screen is the terminal that the output goes to, or nil: a pipe, a file and a
// terminal that can't place text get lines alone, as --plain and --json do.
func (a *app) screen() *live.Screen {
	a.screening.Do(func() {
		a.shown = a.drawOn(a.process.Stdout)
	})
	return a.shown
}

// beside is a terminal on which it is drawn how a command goes whose output is text of
// another kind: the one that its errors go to, where the output goes elsewhere. It
// may be nil.
func (a *app) beside() *live.Screen {
	if screen := a.screen(); screen != nil {
		return screen
	}
	a.shown = a.drawOn(a.process.Stderr)
	return a.shown
}

// drawOn is the screen of a terminal, or nil. An end that waits for nothing, and the
// shell while the process is stopped, find no line that is half drawn.
func (a *app) drawOn(file *os.File) *live.Screen {
	if file == nil || a.flags.plain || a.flags.json {
		return nil
	}
	screen := live.On(file, a.process.Environ, a.process.getenv("TERM") == "dumb", !a.unicode())
	if screen != nil && a.signals != nil {
		release := func() {}
		a.signals.Terminal(func() { release = screen.Hold() }, func() { release() })
	}
	return screen
}

// lines are what a command's events are written as.
func (a *app) lines() *plain.Writer {
	switch screen := a.screen(); {
	case a.flags.json:
		return plain.JSON(a.process.Stdout)
	case screen != nil:
		return plain.Drawn(screen, plain.Look{Style: live.Style, Table: screen.Table, Columns: screen.Columns})
	}
	return plain.Text(a.process.Stdout)
}

// unread says whether an error is that nobody reads the standard output any more, as
// head does once it has enough. A connection that breaks off is another matter.
func (a *app) unread(err error) bool {
	lost, is := errors.AsType[*fs.PathError](err)
	return is && a.process.Stdout != nil && lost.Path == a.process.Stdout.Name() && errors.Is(lost.Err, syscall.EPIPE)
}
