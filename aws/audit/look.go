package audit

import (
	"context"
	"slices"
	"strings"
	"time"

	"bothways/aws/audit/compare"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/keyspace"
	"bothways/aws/audit/listing"
)

// How second looks are made.
const (
	lookers   = 4  // parts at a time
	queueMost = 64 // parts that wait for their second look
	// nearEnough are keys with no more entries between them, of both sides, than
	// are listed faster than asked for one by one.
	nearEnough = 500
	fewEntries = 20 // of a page that is to hold one key
)

// due is a part whose candidates wait for their second look.
type due struct {
	part *Part
	at   time.Time
}

// wait hands a part to the lookers.
func (r *run) wait(ctx context.Context, p *Part) error {
	select {
	case r.queue <- due{p, time.Now().Add(r.config.Grace)}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lookAgain looks at the parts of the queue until it is closed.
func (r *run) lookAgain(ctx context.Context) error {
	for {
		select {
		case d, more := <-r.queue:
			if !more {
				return nil
			}
			select {
			case <-time.After(time.Until(d.at)):
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := r.lookAt(ctx, d.part); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// lookAt asks both sides again for each key of a part that differed, has judged
// what differs still, and keeps it.
func (r *run) lookAt(ctx context.Context, p *Part) error {
	l := newLook(ctx, r, p)
	defer l.out.rows.Close()
	for rest := p.found; len(rest) > 0; {
		n := 1
		for p.Slice == "" && n < len(rest) && rest[n].at-rest[n-1].at <= nearEnough {
			n++
		}
		if err := l.over(rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	if err := l.judgeLater(); err != nil {
		return err
	}
	return r.keep.commit(p, l.out)
}

// look is the second look at a part.
type look struct {
	ctx    context.Context //nolint:containedctx // it lives as long as one call
	run    *run
	part   *Part
	out    *looked
	again  []difference.Candidate // confirmed, not yet judged
	later  []difference.Candidate // delete markers among them: what is known of the others tells of them
	failed error
}

func newLook(ctx context.Context, r *run, p *Part) *look {
	slices.SortFunc(p.found, func(a, b foundKey) int { return strings.Compare(a.key, b.key) })
	out := &looked{}
	out.rows.Dir = r.sink.Wire.dir()
	return &look{ctx: ctx, run: r, part: p, out: out}
}

// due takes a difference that is confirmed, and has some judged once they are many.
func (l *look) due(c difference.Candidate) error {
	if c.Kind == difference.OneSided && c.Entry().Marker {
		if l.later = append(l.later, c); len(l.later) < mostLater {
			return nil
		}
		return l.judgeLater()
	}
	if l.again = append(l.again, c); len(l.again) < judges*4 {
		return nil
	}
	return l.judge()
}

// mostLater delete markers wait until the rest of a part is judged.
const mostLater = 1000

// judgeLater has all judged that is left, the delete markers last.
func (l *look) judgeLater() error {
	if err := l.judge(); err != nil {
		return err
	}
	l.again, l.later = append(l.again, l.later...), l.later[:0]
	return l.judge()
}

// over looks at some keys: one by its own name, several by listing from the first
// to the last.
func (l *look) over(keys []foundKey) error {
	q, to := listing.Query{Prefix: keys[0].key, Most: fewEntries}, keys[len(keys)-1].key
	if len(keys) > 1 {
		q = listing.Query{Prefix: l.run.config.Prefix, After: keyspace.Before(keys[0].key)}
	}
	both := newJoint(l.run.sink.Wire, l.run.sink.Rules(), q, to, nil)
	defer both.close()
	for len(keys) > 0 {
		key, more, err := both.next(l.ctx)
		if err != nil {
			return err
		}
		if more && string(key) < keys[0].key {
			if err := both.pass(l.ctx, key); err != nil {
				return err
			}
			continue
		}
		var still difference.Count
		if more && string(key) == keys[0].key {
			if still, err = l.compare(both, key, &keys[0]); err != nil {
				return err
			}
		}
		if passed := keys[0].total - still.Versions; passed > 0 {
			l.out.tally.AddCount(difference.Passed, difference.Count{Versions: passed, Bytes: max(0, keys[0].size()-still.Bytes)})
		}
		keys = keys[1:]
	}
	return nil
}

// compare compares a key once more, and counts what differs as it did before.
func (l *look) compare(both *joint, key []byte, f *foundKey) (still difference.Count, err error) {
	f.sort()
	var counts compare.Counts // they were counted at the first look
	err = both.compare(l.ctx, key, &counts, func(c difference.Candidate) {
		if l.failed != nil || !f.has(l.part.hash(c)) {
			return
		}
		still.Versions++
		still.Bytes += c.Entry().Size
		l.failed = l.due(c)
	})
	if err == nil {
		err = l.failed
	}
	return still, err
}
