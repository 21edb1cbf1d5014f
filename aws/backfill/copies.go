package backfill

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize/english"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/apierror"
	"bothways/aws/audit/difference"
	"bothways/aws/backfill/inplace"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
)

// inPlaceOutcome is why a copy or a marker was not made, or "".
type inPlaceOutcome struct{ why, todo string }

// hands is how many copies, or looks, go on side by side.
const hands = 16

func (r *run) copier(side pair.SideName) inplace.Copier {
	found := r.s.Sides[side]
	return inplace.Copier{
		Clients: r.world.Clients(side), Side: r.world.Pair.Side(side), Owner: found.Identity.Account,
		ACLs: found.Ownership != types.ObjectOwnershipBucketOwnerEnforced && found.Ownership != "",
	}
}

func placedAt(side pair.SideName, key string) string { return string(side) + "\n" + key }

// copyAll writes what is to be copied on a side again. What can't be copied, or
// is another by now, is left and named by the look.
func (r *run) copyAll(ctx context.Context, side pair.SideName, report func(string)) (string, error) {
	c, far := r.copier(side), r.copier(side.Other())
	count := counter{report: report, of: r.copies[side], what: "copied"}
	err := r.inPlace(ctx, func(ctx context.Context, w work) error {
		if w.copy == nil || w.copy.side != side {
			return nil
		}
		var made inplace.Copied
		err := patiently(ctx, func() error { return far.Unchanged(ctx, w.copy.Key, w.copy.far, w.copy.Modified) })
		if err == nil {
			r.emit(Copy{Side: side, Key: w.copy.Key, VersionID: w.copy.VersionID, Begins: true})
			err = patiently(ctx, func() (err error) {
				made, err = c.Copy(ctx, w.copy.Judged)
				return err
			})
		}
		if err := r.note(Copy{Side: side, Key: w.copy.Key, VersionID: w.copy.VersionID, Made: made.VersionID, Lost: made.Lost}, err); err != nil {
			return err
		}
		count.add(err == nil)
		return nil
	})
	return count.words(), err
}

// markAll places the delete markers of a side, once what they are to hide has come.
func (r *run) markAll(ctx context.Context, side pair.SideName, report func(string)) (string, error) {
	c, far := r.copier(side), r.copier(side.Other())
	count := counter{report: report, of: r.marks[side], what: "placed"}
	if err := r.await(ctx, r.toBeHidden(ctx, side), report, func(target, sight) {}); err != nil {
		return "", err
	}
	err := r.inPlace(ctx, func(ctx context.Context, w work) error {
		if w.mark == nil || w.mark.side != side {
			return nil
		}
		made := ""
		// The marker that it repeats is what is served.
		err := patiently(ctx, func() error { return far.Unchanged(ctx, w.mark.key, "", w.mark.since) })
		if err == nil {
			r.emit(Copy{Side: side, Key: w.mark.key, Marker: true, Begins: true})
			err = patiently(ctx, func() (err error) {
				made, err = c.Mark(ctx, w.mark.key, w.mark.was, far)
				return err
			})
		}
		if err := r.note(Copy{Side: side, Key: w.mark.key, Marker: true, Made: made}, err); err != nil {
			return err
		}
		count.add(err == nil)
		return nil
	})
	return count.words(), err
}

// inPlace does what is to be done in place, several at a time.
func (r *run) inPlace(ctx context.Context, do func(context.Context, work) error) error {
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(hands)
	marks := keysOnce{}
	err := r.each(ctx, func(_ difference.Difference, w work) error {
		if w.copy != nil || w.mark != nil && marks.first(*w.mark) > 0 {
			group.Go(func(ctx context.Context) error { return do(ctx, w) })
		}
		return nil
	})
	return errors.Join(err, group.Wait())
}

// note tells what came of a copy or a marker, and keeps why it was not made. It
// returns an error only where it is worth another try, or all others fail too.
func (r *run) note(c Copy, err error) error {
	if _, passes := step.Passes(err); passes || errors.Is(err, context.Canceled) {
		return err
	}
	outcome := inPlaceOutcome{}
	kept, isKept := errors.AsType[*inplace.KeptError](err)
	switch {
	case err == nil:
	case inplace.Stale(err):
		outcome = inPlaceOutcome{err.Error(), "audit again"}
	case isKept:
		outcome = inPlaceOutcome{kept.Why, kept.Todo}
	case apierror.Denied(err):
		outcome = inPlaceOutcome{apierror.Describe(err), "grant what is missing, then backfill again"}
	default:
		outcome = inPlaceOutcome{apierror.Describe(err), "look at it, then backfill again"}
	}
	c.Why = outcome.why
	r.mu.Lock()
	if c.Why != "" {
		r.placed[placedAt(c.Side, c.Key)] = outcome
	} else {
		delete(r.placed, placedAt(c.Side, c.Key))
	}
	switch {
	case c.Made != "" && c.Marker:
		r.result.Marked++
	case c.Made != "":
		r.result.Copied++
	}
	r.mu.Unlock()
	r.emit(c)
	return nil
}

// counter words how far something is.
type counter struct {
	report func(string)
	what   string
	of     int64
	done   int64
	kept   int64
	lock   sync.Mutex
}

func (c *counter) add(done bool) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if done {
		c.done++
	} else {
		c.kept++
	}
	if n := c.done + c.kept; n%256 == 0 {
		c.report(fmt.Sprintf("%d of %d %s so far", n, c.of, c.what))
	}
}

func (c *counter) words() string {
	c.lock.Lock()
	defer c.lock.Unlock()
	text := fmt.Sprintf("%d of %d %s", c.done, c.of, c.what)
	if c.kept > 0 {
		text += "; " + english.Plural(int(c.kept), "is", "are") + " as before: something else is there by now, or it was refused"
	}
	return text
}
