package audit

import (
	"context"
	"time"

	"github.com/sourcegraph/conc/pool"

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

// direct compares the listings of both sides. A worker asks for pages of both at
// once, so that half as many workers as requests are enough.
func direct(ctx context.Context, sink *Sink) error {
	ways := newWays(sink.Left(), sink.Share)
	working := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for range max(1, sink.run.config.Workers/2) {
		working.Go(func(ctx context.Context) error {
			c := &cutter{wire: sink.Wire, prefix: sink.run.config.Prefix}
			for {
				s, err := ways.take(ctx, c.cut)
				if err != nil || s == nil {
					return err
				}
				if err := walk(ctx, sink, s); err != nil {
					return err
				}
			}
		})
	}
	return working.Wait()
}

// walk compares a stretch of keys.
func walk(ctx context.Context, sink *Sink, s *stretch) error {
	ctx, stop := context.WithCancel(ctx)
	both := newJoint(sink.Wire, sink.Rules(), listing.Query{Prefix: sink.run.config.Prefix, After: s.from}, s.to, s.reach)
	defer both.close()
	defer stop()
	both.begin(ctx)
	w := &walker{sink: sink, from: s.from}
	w.begin()
	add := w.add // once, and not for every key
	for number := 1; ; number++ {
		key, more, err := both.next(ctx)
		if err != nil {
			return err
		}
		if !more {
			w.show()
			w.part.To = s.finish()
			return sink.Put(ctx, w.part)
		}
		// Only a part that ends here needs the key for longer than its page.
		closes := w.part.total >= mostCandidates || number%shownEvery == 0 && w.due()
		last := ""
		if closes {
			last = string(key)
		}
		if err := both.compare(ctx, key, &w.part.Counts, add); err != nil {
			return err
		}
		switch {
		case closes:
			w.show()
			w.part.To = last
			if err := sink.Put(ctx, w.part); err != nil {
				return err
			}
			w.from = last
			w.begin()
		case number%shownEvery == 0:
			w.show()
		}
	}
}

// shownEvery so many keys the counts are shown.
const shownEvery = 512

// walker gathers parts of a stretch.
type walker struct {
	sink  *Sink
	from  string
	part  *Part
	begun time.Time
	shown compare.Counts
	found int // of the part's candidates, what was shown
}

func (w *walker) begin() {
	w.part, w.begun, w.shown, w.found = NewPart("", w.from, ""), time.Now(), compare.Counts{}, 0
}

func (w *walker) add(c difference.Candidate) { w.part.Add(c) }

func (w *walker) due() bool { return time.Since(w.begun) >= w.sink.run.partTime() }

// show has counted what came since the last time.
func (w *walker) show() {
	w.sink.Live(w.part.Counts.Minus(w.shown), w.part.total-w.found)
	w.shown, w.found = w.part.Counts, w.part.total
}

// partTime is how long a part may take now.
func (r *run) partTime() time.Duration {
	return min(max(time.Since(r.began)/partShare, partAtLeast), partAtMost)
}
