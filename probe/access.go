package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// accessGap is between two looks whether renewed credentials have come.
const accessGap = 5 * time.Second

// access knows the sides whose credentials are no longer valid. Meanwhile no
// probe starts, and those in flight go on polling.
type access struct {
	mu   sync.Mutex
	back map[pair.SideName]chan struct{} // closed when the credentials are valid again
}

func newAccess() *access { return &access{back: map[pair.SideName]chan struct{}{}} }

// gone says whether an error means that the credentials have to be renewed:
// S3 says so, or the SDK cannot get any to sign with.
func gone(err error, tried bool) bool {
	return apierror.Expired(err) || !tried && err != nil && apierror.StatusCode(err) == 0 &&
		!errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

// lose notes that a side's credentials have to be renewed, holds new starts
// back, and looks for renewed ones. It returns a channel that closes when they
// have come.
func (r *run) lose(side target, err error) <-chan struct{} {
	r.access.mu.Lock()
	defer r.access.mu.Unlock()
	if back := r.access.back[side.name]; back != nil {
		return back
	}
	back := make(chan struct{})
	r.access.back[side.name] = back
	since := time.Now()
	reason := "credentials of side " + string(side.name)
	r.pause.hold(reason, true, since)
	r.start(func() {
		defer r.pause.hold(reason, false, time.Now())
		r.emit(NoticeEvent{Level: Warning, Side: side.name, Access: AccessLost, Text: "Side " + string(side.name) + " does not take these credentials any more: " +
			apierror.Describe(err) + " No probe starts until they are renewed; polls of those in flight prove nothing meanwhile."})
		for !r.answers(side) {
			if sleep(r.life, accessGap) != nil {
				return
			}
		}
		r.access.mu.Lock()
		delete(r.access.back, side.name)
		r.access.mu.Unlock()
		close(back)
		r.emit(NoticeEvent{Level: Info, Side: side.name, Access: AccessRegained, Text: fmt.Sprintf(
			"Side %s takes the credentials again after %s: probing goes on.", side.name, wording.Duration(time.Since(since)))})
	})
	return back
}

// lost says whether a side's credentials are known to be invalid.
func (r *run) lost(side pair.SideName) bool {
	r.access.mu.Lock()
	defer r.access.mu.Unlock()
	return r.access.back[side] != nil
}

// answers says whether a side takes a signed request. Expired credentials read
// as 400 (S3 API reference, "List of error codes").
func (r *run) answers(side target) bool {
	got := r.head(r.life, side, r.absentKey(), "")
	status := apierror.StatusCode(got.err)
	return got.err == nil || status != 0 && status != http.StatusBadRequest
}

// regained waits for renewed credentials where an error means that they are
// needed. It returns false where there is nothing to wait for, or the run
// ends first.
func (r *run) regained(ctx context.Context, side target, err error) bool {
	if err == nil || !gone(err, !errors.Is(err, errUnsent)) {
		return false
	}
	select {
	case <-r.lose(side, err):
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
