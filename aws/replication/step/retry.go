package step

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"syscall"
	"time"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/probe/wording"
)

// How long to be patient with what settles by itself.
const (
	// propagation bounds waiting for S3's configuration to be seen
	// everywhere. Terraform's provider allows two minutes for the same.
	propagation = 3 * time.Minute
	// RolePatience bounds waiting for a new role or policy to be usable.
	RolePatience = 2 * time.Minute
	// passPatience is the age up to which a role of ours may not be passed yet
	// though its policy is right.
	passPatience = time.Minute
	// strangePatience is how long something has to read as neither what was
	// there nor what was written, before somebody else is taken to have
	// written it: reads of a configuration that changed twice within moments
	// may for a while answer with any of its states (S3 User Guide, "Amazon S3
	// data consistency model").
	strangePatience = 30 * time.Second

	firstPause = 500 * time.Millisecond
	mostPause  = 10 * time.Second
)

// passingError is an error that is expected to pass by itself, with what is known
// about why.
type passingError struct {
	error
	why string
}

func (p passingError) Unwrap() error { return p.error }

// slowError is a passing error with a patience of its own.
type slowError struct {
	passingError
	patience time.Duration
}

func (p slowError) Unwrap() error { return p.passingError }

// Passing marks an error that is expected to pass by itself within a time, with
// what is known about why.
func Passing(err error, why string, within time.Duration) error {
	return slowError{passingError{err, why}, within}
}

// Passes says whether an error is one that passes by itself, and why.
func Passes(err error) (why string, passes bool) {
	_, why = patience(err)
	return why, why != ""
}

// patience says whether a step should be tried again after an error, for how
// long from its start, and why. What is not known to pass is final.
func patience(err error) (time.Duration, string) {
	if own, ok := errors.AsType[slowError](err); ok {
		return own.patience, own.why
	}
	if p, ok := errors.AsType[passingError](err); ok {
		return propagation, p.why
	}
	switch apierror.Code(err) {
	case "OperationAborted":
		return propagation, "Another change of this bucket is still under way."
	case "SlowDown", "RequestTimeout", "RequestTimeoutException", "Throttling", "ThrottlingException", "ConcurrentModification":
		return propagation, "The service asks to slow down."
	}
	if lostConnection(err) {
		return propagation, "The connection was lost before an answer came."
	}
	if apierror.StatusCode(err) >= http.StatusInternalServerError && apierror.StatusCode(err) != http.StatusNotImplemented {
		return propagation, "The service has a fault on its side."
	}
	return 0, ""
}

// lostConnection says whether no answer came at all: every step is idempotent
// and looks before it acts, so asking again is safe.
func lostConnection(err error) bool {
	var network net.Error
	return apierror.Code(err) == "" && apierror.StatusCode(err) == 0 &&
		(errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET))
}

// strangeError says that what was written reads otherwise, and not as it was
// before either.
type strangeError struct{ error }

func (s strangeError) Unwrap() error { return s.error }

// unseen marks an error that says that something is missing which this plan
// has just made: S3 and IAM may take a while to see it everywhere. Otherwise
// the error is as it was.
func unseen(err error, justMade bool) error {
	if err != nil && justMade && apierror.Missing(err) {
		return passingError{err, "It was made a moment ago; not everywhere yet."}
	}
	return err
}

// stopwatch counts the time that a step spends on its own: waiting for new
// credentials is not its fault.
type stopwatch struct {
	ctx    context.Context //nolint:containedctx // it lives as long as one call
	start  time.Time
	waited time.Duration // before the start
}

// StartWatch begins to count the time of a call.
func StartWatch(ctx context.Context) stopwatch {
	return stopwatch{ctx, time.Now(), account.Waited(ctx)}
}

func (w stopwatch) spent() time.Duration {
	return time.Since(w.start) - (account.Waited(w.ctx) - w.waited)
}

// persist tries a change until it succeeds, fails for good, or patience runs
// out. report hears the reason before each new try.
func persist(ctx context.Context, report func(attempt int, detail string), try func() (string, error)) (string, error) {
	watch := StartWatch(ctx)
	for attempt, pause := 1, firstPause; ; attempt, pause = attempt+1, min(2*pause, mostPause) {
		detail, err := try()
		if err == nil {
			return detail, nil
		}
		allowed, why := patience(err)
		if allowed == 0 || ctx.Err() != nil {
			return detail, err
		}
		wait, left := jittered(pause), allowed-watch.spent()
		if wait > left {
			return detail, fmt.Errorf("gave up after %s and %d tries: %w", wording.Duration(watch.spent()), attempt, err)
		}
		report(attempt+1, fmt.Sprintf("%s %s Trying again in %s, for up to %s more.",
			apierror.Describe(err), why, wording.Duration(wait), wording.Duration(left)))
		if err := sleep(ctx, wait); err != nil {
			return detail, err
		}
	}
}

// jittered is a pause of three quarters of the given one up to all of it, so
// that steps that failed together don't all ask again at once.
func jittered(pause time.Duration) time.Duration {
	return pause - time.Duration(rand.Int64N(int64(pause)/4+1))
}

// until asks again and again, with growing pauses, until something holds that
// a change of S3's configuration should bring about. A strange answer is final
// only once it has lasted.
func until(ctx context.Context, report func(string), waiting string, holds func() (bool, error)) error {
	watch := StartWatch(ctx)
	var strange *stopwatch // since the answers are
	for pause := firstPause / 4; ; pause = min(2*pause, mostPause) {
		ok, err := holds()
		if _, odd := errors.AsType[strangeError](err); !odd {
			strange = nil
		} else if strange == nil {
			began := StartWatch(ctx)
			strange, err = &began, nil
		} else if strange.spent() < strangePatience {
			err = nil
		}
		if err != nil || ok {
			return err
		}
		if watch.spent() > propagation {
			return fmt.Errorf("%s took longer than %s", waiting, wording.Duration(propagation))
		}
		report(waiting)
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// sleep waits, or returns the context's error when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
