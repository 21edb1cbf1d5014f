package drill

import (
	"context"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// makeConflicts writes the keys that both sides change. In a cut replication goes
// on, so that there is none: the side that is cut off is not written to.
func (r *run) makeConflicts(ctx context.Context) error {
	if r.Scope.Kind != record.Pause {
		return nil
	}
	kinds := []record.ConflictKind{record.WriteWrite, record.DeleteWrite, record.MarkerMarker}
	for n := range r.Scope.Conflicts {
		// As many of each order, so that the later writer is not always the same.
		first, second := pair.A, pair.B
		if n/len(kinds)%2 == 1 {
			first, second = second, first
		}
		c := record.Conflict{Kind: kinds[n%len(kinds)], Wrote: map[pair.SideName]record.Written{}}
		o := r.newObject(pair.AtoB)
		c.Key = o.key
		var err error
		if c.Wrote[first], err = r.conflict(ctx, first, o, c.Kind == record.DeleteWrite); err != nil {
			return err
		}
		if c.Wrote[second], err = r.conflict(ctx, second, o, c.Kind == record.MarkerMarker); err != nil {
			return err
		}
		c.At = time.Now()
		r.conflicts = append(r.conflicts, c)
		r.emit(c)
	}
	return nil
}

// conflict writes, or deletes, a key on a side.
func (r *run) conflict(ctx context.Context, side pair.SideName, o *object, deletes bool) (record.Written, error) {
	if deletes {
		return r.mark(ctx, side, o)
	}
	return r.put(ctx, r.World.Clients(side).S3, side, o, "bothways drill "+r.Scope.Drill+", written on side "+string(side))
}

// served looks what each side serves of the keys that both changed.
func (r *run) served(ctx context.Context) {
	for _, c := range r.conflicts {
		c.Serves, c.At = map[pair.SideName]record.Served{}, time.Now()
		known := true
		for _, side := range pair.Sides() {
			_, latest, err := r.stands(ctx, side, c.Key)
			if err != nil {
				latest, known = record.Served{Unknown: err.Error()}, false
			}
			for wrote, w := range c.Wrote {
				if w.Version != "" && w.Version == latest.Version {
					latest.Of = wrote
				}
			}
			c.Serves[side] = latest
		}
		if known {
			same := c.Serves[pair.A].Version == c.Serves[pair.B].Version && c.Serves[pair.A].None == c.Serves[pair.B].None
			c.Same = &same
		}
		r.emit(c)
	}
}
