package audit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sourcegraph/conc"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/apierror"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/listing"
	"bothways/aws/audit/spill"
	"bothways/aws/pair"
)

// run is an audit that is under way.
type run struct {
	config  Config
	began   time.Time
	cutOff  time.Time
	resumed *Record
	limit   *limiter
	sides   map[pair.SideName]*listing.Side
	watch   *watch
	keep    *keeper
	sink    *Sink
	found   *difference.Unlisted // nil: nobody had to look
	queue   chan due

	emitting sync.Mutex
	out      pair.Emit
}

// Run compares both sides. It emits a Started, then Progress, Differences as they
// are judged, and a Checkpoint for every part that is done, before which its
// Differences do not count; at last a Result, whichever way it ended. Its error is nil only where everything was compared;
// a context that ended is one, and so is a side that gave no answer for too
// long (*OutageError). What was kept until then a later run can go on from.
func Run(ctx context.Context, config Config, emit pair.Emit) (Result, error) {
	r := &run{config: config.withDefaults(), began: time.Now(), resumed: config.Resume, out: emit}
	r.limit = newLimiter(r.config.Workers)
	r.sides = map[pair.SideName]*listing.Side{pair.A: r.config.side(pair.A), pair.B: r.config.side(pair.B)}
	r.watch, r.keep = newWatch(r), &keeper{run: r}
	r.sink = &Sink{run: r, Wire: &Wire{run: r}}
	r.queue = make(chan due, queueMost)
	if r.resumed != nil {
		r.watch.before = r.resumed.Tally
	}
	if err := r.start(ctx); err != nil {
		return Result{}, err
	}
	err := r.all(ctx)
	result := r.result(err)
	r.emit(r.watch.progress(time.Now()))
	r.emit(result)
	return result, err
}

// start asks both sides for their clocks, which also says whether they can be
// listed at all, and opens the rows.
func (r *run) start(ctx context.Context) error {
	pages := make([]listing.Page, 2)
	asking := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for i, side := range pair.Sides() {
		asking.Go(func(ctx context.Context) error {
			q := listing.Query{Prefix: r.config.Prefix, Most: 1}
			err := r.persist(ctx, side, min(r.config.Patience, startPatience), func() error {
				err := r.sides[side].Read(ctx, q, &pages[i])
				r.watch.listedPage(pages[i].Bytes)
				return err
			})
			if err != nil {
				return fmt.Errorf("side %s: %w", side, err)
			}
			return nil
		})
	}
	if err := asking.Wait(); err != nil {
		return err
	}
	r.cutOff = r.config.CutOff
	started := Started{Pair: r.config.World.Pair, Prefix: r.config.Prefix, Since: r.config.Since, Lists: r.lists()}
	switch {
	case r.resumed != nil:
		r.cutOff, started.Resumes = r.resumed.Started.CutOff, r.resumed.Opening.RunID
	case r.cutOff.IsZero():
		if err := clocks(pages, time.Now()); err != nil {
			return err
		}
		r.cutOff = cutOff(pages, time.Now()).Add(-r.config.Grace)
	}
	if err := r.keep.open(r.config.Rows, r.resumed); err != nil {
		return err
	}
	spill.Sweep(r.sink.Wire.dir())
	started.CutOff, started.Rows = r.cutOff, base(r.config.Rows)
	r.emit(started)
	return nil
}

// startPatience is how long a side may be silent before anything is compared:
// it may be the wrong address.
const startPatience = 30 * time.Second

// cutOff is the earlier of both servers' clocks; a server without one has this
// computer's.
func cutOff(pages []listing.Page, now time.Time) time.Time {
	earliest := now
	for i := range pages {
		if date := pages[i].Date; !date.IsZero() && date.Before(earliest) {
			earliest = date
		}
	}
	return earliest.UTC().Truncate(time.Second)
}

// all compares, and looks again, until nothing is left.
func (r *run) all(ctx context.Context) error {
	showing, stop := context.WithCancel(ctx)
	var shown conc.WaitGroup // hands its panic on to the caller
	defer shown.Wait()
	defer stop()
	shown.Go(func() { r.watch.show(showing) })

	source := r.config.Source
	if source == nil {
		source = direct
	}
	working := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	working.Go(func(ctx context.Context) error {
		defer close(r.queue)
		if err := source(ctx, r.sink); err != nil {
			return err
		}
		r.watch.enter(Looking)
		return nil
	})
	for range lookers {
		working.Go(r.lookAgain)
	}
	err := working.Wait()
	if err == nil {
		err = r.unlisted(ctx)
	}
	return errors.Join(err, r.keep.close())
}

func (r *run) result(err error) Result {
	r.watch.enter(Ended)
	if err == nil {
		r.watch.share(1)
	}
	result := Result{Tally: r.watch.total(), CutOff: r.cutOff, Began: r.began.UTC(), Finished: time.Now().UTC(), Requests: r.watch.requests(), Complete: err == nil, Lists: r.lists()}
	if r.config.Notes != nil {
		result.Unread = r.config.Notes()
	}
	if r.resumed != nil {
		result.Began = r.resumed.Opening.StartedAt.UTC()
	}
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		result.Why = "it was interrupted"
	default:
		result.Why = apierror.Describe(err)
	}
	return result
}

func (r *run) requestsBefore() Requests {
	if r.resumed == nil {
		return Requests{}
	}
	return r.resumed.Requests
}

// emit lets events out one at a time.
func (r *run) emit(e pair.Event) {
	r.emitting.Lock()
	defer r.emitting.Unlock()
	r.out(e)
}
