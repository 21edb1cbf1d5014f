package step

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sourcegraph/conc"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// Apply runs steps, each as soon as those that it needs have succeeded, and
// reports every change of status. A step whose wish already holds changes
// nothing, so steps can be run again after a failure or an interruption. It
// returns when all steps have ended; its error joins the failures and what
// stays where it should have been removed (RemainsError), or is the context's.
func Apply(ctx context.Context, steps []Step, emit pair.Emit) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a := &applier{emit: emit, ended: map[string]chan struct{}{}, results: map[string]result{}}
	for _, step := range steps {
		a.ended[step.ID] = make(chan struct{})
	}
	for _, step := range steps {
		a.say(step, Pending, "", 0, time.Time{})
	}
	var running conc.WaitGroup // hands a step's panic on to the caller
	for _, step := range steps {
		running.Go(func() {
			defer func() {
				if crash := recover(); crash != nil {
					cancel()
					a.end(step, result{status: Failed})
					panic(crash)
				}
			}()
			a.end(step, a.run(ctx, step))
		})
	}
	running.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	var failures []error
	for _, step := range steps {
		if r := a.results[step.ID]; r.err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", step.ID, r.err))
		}
	}
	return errors.Join(failures...)
}

type result struct {
	status Status
	err    error
}

// applier is the state of one Apply.
type applier struct {
	emit  pair.Emit
	ended map[string]chan struct{}

	mu      sync.Mutex // guards results, and lets events out one at a time
	results map[string]result
}

func (a *applier) end(step Step, r result) {
	a.mu.Lock()
	a.results[step.ID] = r
	a.mu.Unlock()
	close(a.ended[step.ID])
}

func (a *applier) say(step Step, status Status, detail string, attempt int, start time.Time) {
	a.report(step, Event{Status: status, Detail: detail, Attempt: attempt}, start)
}

// begin tells that a step is about to change something, and what it replaces.
func (a *applier) begin(step Step, start time.Time) {
	a.report(step, Event{Status: Running, Begins: true, Detail: step.What, Attempt: 1, Base: step.Base}, start)
}

// report completes an event and lets it out.
func (a *applier) report(step Step, event Event, start time.Time) {
	now := time.Now()
	event.ID, event.Kind, event.Side, event.Direction, event.At = step.ID, step.Kind, step.Side, step.Direction, now
	if !start.IsZero() {
		event.ElapsedMS = now.Sub(start).Milliseconds()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.emit(event)
}

// wait returns when all that the step needs has ended, with the ID of one that
// did not succeed, or "".
func (a *applier) wait(ctx context.Context, step Step) string {
	for _, need := range step.Needs {
		select {
		case <-a.ended[need]:
		case <-ctx.Done():
			return need
		}
		a.mu.Lock()
		ok := a.results[need].status.OK()
		a.mu.Unlock()
		if !ok {
			return need
		}
	}
	return ""
}

func (a *applier) run(ctx context.Context, step Step) result {
	missing := a.wait(ctx, step)
	if ctx.Err() != nil {
		a.say(step, Cancelled, "cancelled before it began", 0, time.Time{})
		return result{status: Cancelled}
	}
	if missing != "" {
		a.say(step, Skipped, "not run: it needs "+missing+", which did not succeed", 0, time.Time{})
		return result{status: Skipped}
	}
	start := time.Now()
	if step.Change != Nothing { // looking again is not worth a word
		a.begin(step, start)
	}
	already := false
	attempts := 1
	ctx = account.WithPatience(ctx, func(wait account.Wait) {
		a.report(step, Event{Status: Running, Detail: wait.News, Attempt: attempts, Paused: wait.Paused, Profile: wait.Profile}, start)
	})
	detail, err := persist(ctx,
		func(attempt int, why string) {
			attempts = attempt
			a.say(step, Running, why, attempt, start)
		},
		func() (string, error) {
			if step.Change != Prove && step.Change != Wait { // a proof is of now, whatever was proven before
				holds, found, err := step.action.look(ctx)
				if err != nil || holds {
					already = holds && attempts == 1
					return found, err
				}
				if step.Change == Nothing { // changing it now was never reviewed
					return "", errors.New("it has changed since the plan was made: plan again")
				}
			}
			last := ""
			return step.action.do(ctx, func(news string) {
				if news != last { // the same news again is none
					last = news
					a.say(step, Running, news, attempts, start)
				}
			})
		})
	if _, stays := errors.AsType[*RemainsError](err); stays && ctx.Err() == nil {
		a.say(step, Done, detail, attempts, start)
		return result{status: Done, err: err}
	}
	switch {
	case err == nil && already:
		a.say(step, Already, detail, 0, start)
		return result{status: Already}
	case err == nil:
		a.say(step, Done, detail, attempts, start)
		return result{status: Done}
	case errors.Is(err, errSkipped):
		a.say(step, Skipped, detail, attempts, start)
		return result{status: Skipped}
	case ctx.Err() != nil:
		a.say(step, Cancelled, sentences("cancelled; whether its last call took effect is read again at the next plan", detail), attempts, start)
		return result{status: Cancelled}
	}
	a.say(step, Failed, sentences(apierror.Describe(err), detail), attempts, start)
	return result{status: Failed, err: err}
}
