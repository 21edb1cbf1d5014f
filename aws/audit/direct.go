package audit

import (
	"context"
	"time"

	"bothways/aws/audit/compare"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/listing"
)

// What closes a part: so many candidates, or so long a time, which grows with
// the audit so that its checkpoints stay few.
const (
	mostCandidates = 1000
	partAtLeast    = 500 * time.Millisecond
	partAtMost     = 30 * time.Second
	partShare      = 60 // a part takes a sixtieth of the time so far
)

// direct compares the listings of both sides.
func direct(ctx context.Context, sink *Sink) error {
	for _, r := range sink.Left() {
		if err := directly(ctx, sink, r); err != nil {
			return err
		}
	}
	return nil
}

// directly compares a range of keys.
func directly(ctx context.Context, sink *Sink, r Range) error {
	both := newJoint(sink.Wire, sink.Rules(), listing.Query{Prefix: sink.run.config.Prefix, After: r.From}, r.To)
	part, begun := NewPart("", r.From, r.To), time.Now()
	add := func(c difference.Candidate) { part.Add(c) }
	var shown compare.Counts
	shownFound := 0
	for number := 0; ; number++ {
		key, more, err := both.next(ctx)
		if err != nil {
			return err
		}
		if !more {
			sink.Live(part.Counts.Minus(shown), part.total-shownFound)
			return sink.Put(ctx, part)
		}
		last := string(key)
		if err := both.compare(ctx, key, &part.Counts, add); err != nil {
			return err
		}
		if number%1000 != 0 && part.total < mostCandidates {
			continue
		}
		sink.Live(part.Counts.Minus(shown), part.total-shownFound)
		shown, shownFound = part.Counts, part.total
		if part.total < mostCandidates && time.Since(begun) < sink.run.partTime() {
			continue
		}
		part.To = last
		if err := sink.Put(ctx, part); err != nil {
			return err
		}
		part, begun = NewPart("", last, r.To), time.Now()
		shown, shownFound = compare.Counts{}, 0
	}
}

// partTime is how long a part may take now.
func (r *run) partTime() time.Duration {
	return min(max(time.Since(r.began)/partShare, partAtLeast), partAtMost)
}
