package command

import (
	"context"

	"bothways/aws/apierror"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/ui/plain"
)

// output is where a command's events go: the journal first, then the lines.
type output struct {
	lines   *plain.Writer
	journal *journal.Journal
	warn    func(string)
	warned  bool
	stop    context.CancelFunc // ends the run when nobody reads it any more
}

func (a *app) newOutput() *output {
	o := &output{lines: plain.Text(a.process.Stdout), warn: a.complain}
	if a.flags.json {
		o.lines = plain.JSON(a.process.Stdout)
	}
	return o
}

// record makes a journal the first reader of the events. Without one the run
// goes on, with one warning.
func (o *output) record(j *journal.Journal, err error) {
	o.journal = j
	o.complain(err)
}

func (o *output) emit(e pair.Event) {
	if o.journal != nil {
		o.complain(o.journal.Record(e))
	}
	o.lines.Event(e)
	if o.stop != nil && o.lines.Err() != nil {
		o.stop()
	}
}

// watched is a context that ends when the output can no longer be written.
func (o *output) watched(ctx context.Context) context.Context {
	ctx, o.stop = context.WithCancel(ctx)
	return ctx
}

func (o *output) complain(err error) {
	if err == nil || o.warned {
		return
	}
	o.warned = true
	o.warn("no journal is kept of this run: " + apierror.Describe(err) + ". Set BOTHWAYS_HOME to a folder that can be written.")
}

func (o *output) close() {
	if o.stop != nil {
		o.stop()
	}
	if o.journal != nil {
		_ = o.journal.Close() // every line that matters was synced when it was written
	}
}

// finish chooses the ending of a command whose engine returned err.
func (o *output) finish(ctx context.Context, err error) error {
	if endedBySignal(ctx) {
		return ending{exitFailed, nil} // the signal's own code replaces it
	}
	if lost := o.lines.Err(); lost != nil {
		return ending{exitFailed, lost}
	}
	if err != nil {
		return ending{exitFailed, err}
	}
	return nil
}
