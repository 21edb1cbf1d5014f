package backfill

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/audit/difference"
	"bothways/aws/backfill/manifest"
	"bothways/aws/pair"
)

// stillness is how long nothing may come any more before what is on its way is
// no longer waited for, and restful how long to wait from look to look at most.
const (
	stillness = 15 * time.Minute
	restful   = time.Minute
	// mostWaited bounds how many targets are kept to be looked at again.
	mostWaited = 200_000
)

// look looks at everything that was to be put right, on both sides, and waits
// for what is on its way. What is left is told and counted.
func (r *run) look(ctx context.Context, report func(string)) (string, error) {
	all := r.targets(ctx)
	r.mu.Lock()
	r.result.Tried, r.result.There, r.result.Pending, r.result.Missing, r.result.Unknown, r.result.Gone, r.result.Blind, r.result.Differ, r.result.Unlike, r.numbers = 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
	r.mu.Unlock()
	if err := r.await(ctx, all, report, r.count); err != nil {
		return "", err
	}
	r.mu.Lock()
	r.result.At = time.Now()
	result := r.result
	r.mu.Unlock()
	return result.Words(), nil
}

// await looks at targets until what is on its way has come, and hands each with
// what was seen of it to take, which holds the lock.
func (r *run) await(ctx context.Context, all func(func(target, error) bool), report func(string), take func(target, sight)) error {
	waiting, err := r.lookAt(ctx, all, report, false, take)
	if err != nil {
		return err
	}
	still := time.Now()
	for pause := 2 * time.Second; len(waiting) > 0; pause = min(pause*3/2, restful) {
		late := time.Since(still) > stillness
		if !late {
			report(fmt.Sprintf("%d are on their way; waiting for them", len(waiting)))
			select {
			case <-time.After(pause):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		before := len(waiting)
		again := waiting
		if waiting, err = r.lookAt(ctx, func(yield func(target, error) bool) {
			for _, t := range again {
				if !yield(t, nil) {
					return
				}
			}
		}, report, late, take); err != nil {
			return err
		}
		if len(waiting) < before {
			still = time.Now()
		}
		if late {
			break
		}
	}
	return nil
}

// lookAt looks at targets, several at a time, and returns those that are on
// their way. The last time these are left, too.
func (r *run) lookAt(ctx context.Context, all func(func(target, error) bool), report func(string), last bool, take func(target, sight)) ([]target, error) {
	var waiting []target
	var looked int64
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(hands)
	var failed error
	for t, err := range all {
		if err != nil {
			failed = err
			break
		}
		group.Go(func(ctx context.Context) error {
			var found sight
			err := patiently(ctx, func() (err error) {
				found, err = r.lookOnce(ctx, t)
				return err
			})
			if err != nil {
				return err
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			if looked++; looked%1024 == 0 {
				report(humanize.Comma(looked) + " looked at so far")
			}
			if found.seen == pending && !last && len(waiting) < mostWaited {
				waiting = append(waiting, t)
				return nil
			}
			take(t, found)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return waiting, failed
}

// count takes a target's outcome in. The lock is held.
func (r *run) count(t target, found sight) {
	r.result.Tried++
	switch found.seen {
	case there:
		r.result.There++
		if found.blind {
			r.result.Blind++
		}
		return
	case goneHere:
		r.result.There++
		r.result.Gone++
		return
	case pending:
		r.result.Pending++
	case unknown:
		r.result.Unknown++
	case missing:
		r.result.Missing++
	case other:
		r.result.Differ++
	case unlike:
		r.result.Unlike++
	}
	r.numbers++
	r.emit(Left{Number: r.numbers, Direction: &t.to, Key: t.key, VersionID: t.version, Code: found.code, Words: found.words, Todo: found.todo})
}

// targets are everything that was to be put right: from the rows, or from the
// manifests that an earlier run left.
func (r *run) targets(ctx context.Context) func(func(target, error) bool) {
	return func(yield func(target, error) bool) {
		more := true
		for _, d := range pair.Directions() {
			l := r.ways[d]
			if !l.finish {
				continue
			}
			for _, p := range l.parts {
				text, err := l.order.Open(ctx, p.standing.Key)
				if err == nil {
					err = manifest.Read(text, func(line manifest.Line) error {
						if more = more && yield(target{to: d, key: line.Key, version: line.VersionID, served: true}, nil); !more {
							return context.Canceled
						}
						return nil
					})
				}
				if err != nil && more {
					yield(target{}, err)
				}
				if !more || err != nil {
					return
				}
			}
		}
		err := r.each(ctx, func(d difference.Difference, w work) error {
			t, does := targetOf(d, w)
			if !does {
				return nil
			}
			if more = more && yield(t, nil); !more {
				return context.Canceled
			}
			return nil
		})
		if err != nil && more {
			yield(target{}, err)
		}
	}
}

// sayUntried tells of each difference that was left alone.
func (r *run) sayUntried(ctx context.Context) error {
	untried := map[Reason]int64{}
	err := r.each(ctx, func(d difference.Difference, w work) error {
		if w.left == nil {
			return nil
		}
		untried[w.left.reason]++
		r.mu.Lock()
		r.numbers++
		number := r.numbers
		r.mu.Unlock()
		r.emit(Left{Number: number, Direction: d.Direction, Key: d.Key, VersionID: d.Entry().VersionID, Reason: w.left.reason, Words: w.left.words, Todo: w.left.advice()})
		return nil
	})
	if len(untried) > 0 {
		r.result.Untried = untried
	}
	return err
}
