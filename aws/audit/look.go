package audit

import (
	"context"
	"time"

	"github.com/sourcegraph/conc/iter"

	"bothways/aws/apierror"
	"bothways/aws/audit/compare"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/listing"
	"bothways/aws/pair"
)

// looked is what became of a part's candidates at their second look.
type looked struct {
	tally difference.Tally
	rows  []difference.Difference
}

// How second looks are made.
const (
	lookers   = 4  // parts at a time
	judges    = 16 // differences of a part at a time
	queueMost = 64 // parts that wait for their second look
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
	for d := range r.queue {
		select {
		case <-time.After(time.Until(d.at)):
		case <-ctx.Done():
			return ctx.Err()
		}
		found, err := r.look(ctx, d.part)
		if err != nil {
			return err
		}
		if err := r.keep.commit(d.part, found); err != nil {
			return err
		}
	}
	return nil
}

// look asks both sides again for each key that differed, and has judged what
// differs still.
func (r *run) look(ctx context.Context, p *Part) (*looked, error) {
	out := &looked{}
	var again []difference.Candidate
	for i := range p.found {
		f := &p.found[i]
		f.sort()
		var still difference.Count
		if err := r.lookAt(ctx, f.key, func(c difference.Candidate) {
			if f.has(p.hash(c)) {
				again = append(again, c)
				still.Versions++
				still.Bytes += c.Entry().Size
			}
		}); err != nil {
			return nil, err
		}
		if passed := f.total - still.Versions; passed > 0 {
			out.tally.AddCount(difference.Passed, difference.Count{Versions: passed, Bytes: max(0, f.size()-still.Bytes)})
		}
		if len(again) >= judges*4 || i == len(p.found)-1 {
			if err := r.judge(ctx, again, out); err != nil {
				return nil, err
			}
			again = again[:0]
		}
	}
	return out, nil
}

// lookAt lists exactly one key on both sides, and compares it.
func (r *run) lookAt(ctx context.Context, key string, found func(difference.Candidate)) error {
	both := newJoint(r.sink.Wire, r.sink.Rules(), listing.Query{Prefix: key}, key)
	for {
		at, more, err := both.next(ctx)
		if err != nil || !more {
			return err
		}
		var counts compare.Counts
		if err := both.compare(ctx, at, &counts, found); err != nil {
			return err
		}
	}
}

// judge has differences judged, some at a time.
func (r *run) judge(ctx context.Context, all []difference.Candidate, out *looked) error {
	type verdict struct {
		difference.Difference
		err error
	}
	verdicts := iter.Mapper[difference.Candidate, verdict]{MaxGoroutines: judges}.Map(all, func(c *difference.Candidate) verdict {
		d, err := r.verdict(ctx, *c)
		return verdict{d, err}
	})
	for _, v := range verdicts {
		if v.err != nil {
			return v.err
		}
		out.tally.Add(v.Difference)
		out.rows = append(out.rows, v.Difference)
	}
	return nil
}

// verdict judges one difference. What can't be asked for is not known; an
// outage ends the audit.
func (r *run) verdict(ctx context.Context, c difference.Candidate) (d difference.Difference, err error) {
	if r.config.Judge == nil {
		return difference.Difference{Candidate: c, Verdict: difference.Unknown, Evidence: []string{"not asked"}, LookedAt: time.Now().UTC()}, nil
	}
	side := pair.A
	if c.A == nil {
		side = pair.B
	}
	err = r.persist(ctx, side, r.config.Patience, func() (err error) {
		d, err = r.config.Judge(ctx, c)
		return err
	})
	if ctx.Err() != nil {
		return d, ctx.Err()
	}
	if err != nil {
		if passes(err) != final {
			return d, err
		}
		d = difference.Difference{Verdict: difference.Unknown, Evidence: []string{"asking failed: " + apierror.Describe(err)}}
	}
	d.Candidate, d.LookedAt = c, time.Now().UTC()
	if d.Asked && r.config.Heads == nil {
		for _, e := range []*difference.Entry{c.A, c.B} {
			if e != nil {
				r.watch.headed(1)
			}
		}
	}
	return d, nil
}
