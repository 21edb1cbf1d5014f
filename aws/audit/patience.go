package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"syscall"
	"time"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/audit/listing"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// OutageError says that a side did not answer for longer than the audit is
// patient. What was compared is kept.
type OutageError struct {
	Side pair.SideName
	For  time.Duration
	Err  error // the last answer, or why there was none
}

func (e *OutageError) Error() string {
	return fmt.Sprintf("side %s has given no answer for %s (%s): what was compared until then is kept, and an audit can go on from there", e.Side, wording.Duration(e.For), apierror.Describe(e.Err))
}

// Unwrap implements the errors package's interface.
func (e *OutageError) Unwrap() error { return e.Err }

// The pauses between tries.
const (
	firstPause = 200 * time.Millisecond
	mostPause  = 10 * time.Second
	// strangeTries is how often what can't be an answer of S3 is asked for again:
	// it may be cut off, and it may be another server.
	strangeTries = 6
)

// passing is how an error may pass by itself.
type passing int

const (
	final   passing = iota
	slow            // S3 asks for fewer requests
	lost            // no answer, or a fault of the service
	strange         // an answer that is none
)

func passes(err error) passing {
	status := apierror.StatusCode(err)
	switch {
	case slices.Contains([]string{"SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"}, apierror.Code(err)),
		status == http.StatusServiceUnavailable, status == http.StatusTooManyRequests:
		return slow
	case slices.Contains([]string{"RequestTimeout", "InternalError"}, apierror.Code(err)),
		status >= http.StatusInternalServerError && status != http.StatusNotImplemented:
		return lost
	}
	if cut := (*listing.UnreadableError)(nil); errors.As(err, &cut) {
		return strange
	}
	if _, other := errors.AsType[*account.AnswerError](err); other {
		return strange
	}
	var network net.Error
	if apierror.Code(err) == "" && status == 0 &&
		(errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET)) {
		return lost
	}
	return final
}

// read asks a side for a page until it comes.
func (r *run) read(ctx context.Context, side pair.SideName, q listing.Query, into *listing.Page) error {
	from := r.sides[side]
	return r.persist(ctx, side, r.config.Patience, func() error {
		begun, err := r.limit.acquire(ctx)
		if err != nil {
			return err
		}
		err = from.Read(ctx, q, into)
		r.limit.release(begun, err == nil, passes(err) == slow)
		r.watch.listedPage(into.Bytes)
		return err
	})
}

// persist tries until an answer comes, for so long as a side may be silent.
// Waiting for new credentials does not count.
func (r *run) persist(ctx context.Context, side pair.SideName, patience time.Duration, try func() error) error {
	begun, waited, odd := time.Now(), account.Waited(ctx), 0
	for pause := firstPause; ; pause = min(2*pause, mostPause) {
		err := try()
		kind := passes(err)
		if err == nil || ctx.Err() != nil || kind == final {
			r.watch.waiting(side, "")
			return err
		}
		if kind == strange {
			if odd++; odd == strangeTries {
				return err
			}
		}
		silent := time.Since(begun) - (account.Waited(ctx) - waited)
		if silent+pause > patience {
			return &OutageError{Side: side, For: silent, Err: err}
		}
		r.watch.again(kind == slow)
		if kind != slow && silent > 2*time.Second {
			r.watch.waiting(side, apierror.Describe(err))
		}
		select {
		case <-time.After(pause - time.Duration(rand.Int64N(int64(pause)/2))):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
