package audit

import (
	"context"
	"time"

	"github.com/sourcegraph/conc/iter"

	"bothways/aws/apierror"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/spill"
	"bothways/aws/pair"
)

// judges is how many differences of a part are judged at a time.
const judges = 16

// looked is what became of a part's candidates at their second look.
type looked struct {
	tally difference.Tally
	rows  spill.Text
}

// judge has the confirmed differences judged, some at a time, and shows them.
func (l *look) judge() error {
	type verdict struct {
		difference.Difference
		err error
	}
	verdicts := iter.Mapper[difference.Candidate, verdict]{MaxGoroutines: judges}.Map(l.again, func(c *difference.Candidate) verdict {
		d, err := l.run.verdict(l.ctx, *c)
		return verdict{d, err}
	})
	l.again = l.again[:0]
	for _, v := range verdicts {
		if v.err != nil {
			return v.err
		}
		l.out.tally.Add(v.Difference)
		line, err := pair.EncodeEvent(v.Difference)
		if err != nil {
			return err
		}
		if _, err := l.out.rows.Write(append(line, '\n')); err != nil {
			return err
		}
		l.run.emit(v.Difference)
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
