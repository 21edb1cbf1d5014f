package command

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"bothways/aws/apierror"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/command/system"
	"bothways/ui/command/usage"
	"bothways/ui/plain"
)

// output shows a run's events as lines.
type output struct {
	app       *app
	lines     *plain.Writer
	recording session.Recording
	stop      context.CancelFunc // ends the run when nobody reads it any more
}

func (a *app) newOutput() *output {
	o := &output{app: a, lines: plain.Text(a.process.Stdout), stop: func() {}}
	if a.flags.json {
		o.lines = plain.JSON(a.process.Stdout)
	}
	return o
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
	o.lines.Event(e)
	if o.lines.Err() != nil {
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
	if system.EndedBySignal(ctx) {
		return usage.End(usage.Failed, nil) // the signal's own code replaces it
	}
	if lost := o.lines.Err(); lost != nil {
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
