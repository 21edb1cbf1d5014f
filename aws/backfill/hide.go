package backfill

import (
	"context"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// keysOnce tells the first of several markers for one key of a side, whose rows
// follow each other.
type keysOnce map[pair.SideName]string

// first is 1 for a key's first marker on its side, and 0 for the rest.
func (k keysOnce) first(m marking) int64 {
	if last, any := k[m.side]; any && last == m.key {
		return 0
	}
	k[m.side] = m.key
	return 1
}

// toBeHidden are the versions that a job brings to a side and that a marker is to
// hide there: it can't before they have come.
func (r *run) toBeHidden(ctx context.Context, side pair.SideName) func(func(target, error) bool) {
	return func(yield func(target, error) bool) {
		more := true
		err := r.each(ctx, func(d difference.Difference, w work) error {
			if w.replicate == nil || w.mark == nil || w.mark.side != side {
				return nil
			}
			t, _ := targetOf(d, w)
			t.served = false // that is what the marker is for
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

// unlikeWork is what is left to do for a version that has come, while the sides
// serve different versions of its key.
func unlikeWork(w work) work {
	if w.mark != nil {
		return work{mark: w.mark}
	}
	return not(Unlike, "it is on both sides by now, and they serve different versions of its key", "audit again: it says which side serves what, and what puts it right")
}
