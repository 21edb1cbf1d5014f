package backfill

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// Looked is what a look before the plan found: an audit's rows say what was so
// when it looked, and an earlier backfill, or somebody else, may have put it right.
type Looked struct {
	// Versions were looked at, and Stand are those of them that are as they should
	// be on both sides; Gone of these are on neither any more.
	Versions int64 `json:"versions"`
	Stand    int64 `json:"stand"`
	Gone     int64 `json:"gone,omitempty"`
	// Blind of those that stand are of one size, and no ETag or checksum tells
	// whether they hold the same.
	Blind int64 `json:"blind,omitempty"`
	// Unlooked were not looked at, because they are too many, or because an earlier
	// run's job for exactly them is gone on with.
	Unlooked int64     `json:"unlooked,omitempty"`
	Heads    int64     `json:"heads"`
	At       time.Time `json:"at"`
	// Proven is when an earlier backfill of this audit proved that nothing was
	// left, by its journal, and By that run; zero: none is known.
	Proven time.Time `json:"proven,omitzero"`
	By     string    `json:"by,omitempty"`
}

// EventName implements pair.Event.
func (Looked) EventName() string { return "backfill_looked" }

// All says whether everything that the audit would have had put right stands.
func (l Looked) All() bool { return l.Versions > 0 && l.Stand == l.Versions && l.Unlooked == 0 }

// Words say what was found, in a sentence without a full stop.
func (l Looked) Words() string {
	at := "looked at " + l.At.UTC().Format(time.RFC3339)
	if !l.Proven.IsZero() {
		at = "since " + l.Proven.UTC().Format(time.RFC3339) + ", when backfill " + l.By + " proved it; " + at + " again"
	}
	text := fmt.Sprintf("%s of %s stand on both sides by now (%s) and need nothing", humanize.Comma(l.Stand), humanize.Comma(l.Versions), at)
	if l.All() {
		text = fmt.Sprintf("nothing is left to do: all %s stand on both sides, %s", humanize.Comma(l.Versions), at)
	}
	if l.Gone > 0 {
		text += fmt.Sprintf("; %s of them are on neither side any more", humanize.Comma(l.Gone))
	}
	return text + blindWords(l.Blind)
}

// blindWords say of how many only the size was compared.
func blindWords(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; of %s the kind and the size were compared, and no ETag or checksum tells whether their bytes are the same", humanize.Comma(n))
}

const (
	// lookers is how many versions are looked at side by side before the plan.
	lookers = 48
	// mostLooked bounds how many are: two HEADs each of more than these would cost
	// what nobody agreed to.
	mostLooked = 5_000_000
)

// settled keeps bits for a row of the audit, by its number: whether it stands,
// whether something else came in its place, and whether it has come while the sides
// serve different versions of its key. The zero settled has none.
type settled struct{ stands, other, unlike []uint64 }

func mark(bits *[]uint64, row int64) {
	for int64(len(*bits)) <= row/64 {
		*bits = append(*bits, make([]uint64, 1+len(*bits)/4)...)
	}
	(*bits)[row/64] |= 1 << (row % 64)
}

func marked(bits []uint64, row int64) bool {
	return row/64 < int64(len(bits)) && bits[row/64]&(1<<(row%64)) != 0
}

// lookBefore looks at everything that would be put right, but for the directions
// whose job is gone on with. What stands is not planned again.
func (r *run) lookBefore(ctx context.Context, goneOn map[pair.Direction]bool) error {
	var versions, unlooked int64
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(lookers)
	err := r.rows(ctx, func(row int64, d difference.Difference, w work) error {
		t, does := targetOf(d, w)
		if !does {
			return nil
		}
		if w.replicate != nil && goneOn[*w.replicate] || versions >= mostLooked {
			unlooked++
			return nil
		}
		versions++
		group.Go(func(ctx context.Context) error { return r.settle(ctx, row, t) })
		return ctx.Err()
	})
	if looking := group.Wait(); err == nil {
		err = looking
	}
	for _, side := range pair.Sides() {
		r.before.Heads += r.heads[side].Load()
	}
	r.before.Versions, r.before.Unlooked, r.before.At = versions, unlooked, time.Now()
	return err
}

// settle looks at one target, and keeps what needs no plan.
func (r *run) settle(ctx context.Context, row int64, t target) error {
	var found sight
	if err := patiently(ctx, func() (err error) {
		found, err = r.lookOnce(ctx, t)
		return err
	}); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.looked++; r.looked%256 == 0 && r.asked.Tell != nil {
		r.asked.Tell(r.looked)
	}
	switch found.seen {
	case goneHere:
		r.before.Gone++
	case there:
	case other:
		mark(&r.settled.other, row)
		return nil
	case unlike:
		mark(&r.settled.unlike, row)
		return nil
	case missing, pending, unknown: // which a plan may help
		return nil
	}
	if found.blind {
		r.before.Blind++
	}
	r.before.Stand++
	mark(&r.settled.stands, row)
	return nil
}

// replaced is the work for what is something else by now than the audit saw.
func replaced(side pair.SideName) work {
	return not(Replaced, "side "+string(side)+" has something else under this version by now, of another kind, size or content", "audit again, and look at both before anything is copied")
}
