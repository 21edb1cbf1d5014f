package drill

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/drill/alarm"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

const (
	// looks is the time between two looks at objects and alarms.
	looks = 2 * time.Second
	// spreads is the time before another object is tried after one that was
	// replicated: IAM takes a while to spread what is new, usually seconds.
	spreads = 10 * time.Second
)

// failing is what was written to fail in one direction.
type failing struct {
	direction pair.Direction
	tried     []trial
	next      time.Time // no other one before then
	failed    bool      // one did: first
	first     trial
	more      time.Time // when further ones were written last
	many      bool      // they were
	unseen    error     // why the last look at one showed nothing
}

// trial is one object that is to fail.
type trial struct {
	object  *object
	version string
	posted  time.Time
	status  string // as HEAD said last
	pending bool
}

// ringing is a drill of an alarm as it goes on.
type ringing struct {
	ways  []*failing
	bells []*bell
}

// bell is an alarm that has not rung yet.
type bell struct {
	alarm.Bell
	low    time.Time // it was asked then, and did not ring
	silent bool      // it was seen not to ring
	asked  time.Time // when the last answer came
	unread string    // why the last one could not be read
	done   bool
}

// makeFail writes objects until one of each direction failed. One that was written
// before the policy holds everywhere is replicated as ever: then another one is
// written, under another key.
func (r *run) makeFail(ctx context.Context) error {
	r.ringing = &ringing{}
	for _, d := range r.Scope.Failing() {
		r.ringing.ways = append(r.ringing.ways, &failing{direction: d})
	}
	for _, b := range r.Alarm.Bells() {
		r.ringing.bells = append(r.ringing.bells, &bell{Bell: b})
	}
	for {
		left := 0
		for _, f := range r.ringing.ways {
			if !f.failed {
				if err := r.tryToFail(ctx, f); err != nil {
					return err
				}
			}
			if !f.failed {
				left++
			}
		}
		if left == 0 {
			return nil
		}
		for _, b := range r.ringing.bells {
			sent := time.Now()
			if now, err := b.Look(ctx); err == nil && !now.Rings {
				b.low, b.silent, b.asked = sent, true, time.Now()
			}
		}
		if err := pausing(ctx, looks); err != nil {
			for _, f := range r.ringing.ways {
				if f.unseen != nil {
					err = fmt.Errorf("%w: %w", err, f.unseen)
				}
			}
			return err
		}
	}
}

// tryToFail looks at what was written last, and writes another one where that is
// replicated.
func (r *run) tryToFail(ctx context.Context, f *failing) error {
	if len(f.tried) > 0 {
		last := &f.tried[len(f.tried)-1]
		// What can't be looked at now may be later: the time box ends it.
		if f.unseen = r.look(ctx, f.direction, last, record.During); f.unseen != nil {
			return nil
		}
		switch {
		case last.status == string(types.ReplicationStatusFailed):
			f.failed, f.first, f.more = true, *last, time.Now()
			return nil
		case last.pending:
			return nil
		case f.next.IsZero():
			f.next = time.Now().Add(spreads)
		}
	}
	if time.Now().Before(f.next) {
		return nil
	}
	f.next = time.Time{}
	return r.write(ctx, f)
}

// write writes an object that is to fail.
func (r *run) write(ctx context.Context, f *failing) error {
	side := f.direction.From()
	o := &object{key: r.Scope.Pair.CanaryKey(pair.AlarmRun(r.Scope.Drill), f.direction, len(f.tried)+1), fails: true}
	r.objects = append(r.objects, o)
	wrote, err := r.put(ctx, r.World.Clients(side).S3, side, o, "bothways drill "+r.Scope.Drill+", made to fail")
	if err != nil {
		return err
	}
	f.tried = append(f.tried, trial{object: o, version: wrote.Version, posted: wrote.At, pending: true})
	return nil
}

// look asks what became of an object, and tells of each change.
func (r *run) look(ctx context.Context, d pair.Direction, t *trial, m record.Moment) error {
	bucket := r.Scope.Pair.From(d).Bucket
	r.meter.asked(d.From(), "HeadObject", 0)
	out, err := r.World.Clients(d.From()).S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &t.object.key, VersionId: &t.version})
	if apierror.Missing(err) { // not seen everywhere yet
		return nil
	}
	if err != nil {
		return fmt.Errorf("ask what became of %s on side %s: %w", t.object.key, d.From(), err)
	}
	before := t.status
	t.status, t.pending = string(out.ReplicationStatus), out.ReplicationStatus == types.ReplicationStatusPending
	if t.status != before {
		now := time.Now()
		r.emit(record.ObjectStatus{Direction: d, Side: d.From(), Moment: m, Key: t.object.key, Version: t.version, Status: t.status, At: now, SinceStartMS: r.ms(now)})
	}
	return nil
}

// failedWords say how many objects it took.
func (r *run) failedWords() string {
	words := make([]string, 0, 2)
	for _, f := range r.ringing.ways {
		text := f.direction.Arrow() + ": an object failed to replicate"
		if n := len(f.tried) - 1; n > 0 {
			text += fmt.Sprintf(", after %s that did not because the policy did not hold everywhere yet", wording.Count(n, "object"))
		}
		words = append(words, text)
	}
	return strings.Join(words, "; ")
}

// failed is when the upload of what failed first was acknowledged, in a direction,
// or with nil in any.
func (r *run) failed(d *pair.Direction) (at time.Time) {
	for _, f := range r.ringing.ways {
		if f.failed && (d == nil || *d == f.direction) && (at.IsZero() || f.first.posted.Before(at)) {
			at = f.first.posted
		}
	}
	return at
}

// listen waits until every alarm rang, or the time box ends: then it is said of
// each whether it did.
func (r *run) listen(ctx context.Context) error {
	if r.Scope.ByHand {
		return r.heed(ctx)
	}
	for {
		left := 0
		for _, b := range r.ringing.bells {
			if !b.done {
				r.ask(ctx, b)
			}
			if !b.done {
				left++
			}
		}
		if left == 0 {
			return nil
		}
		if err := r.failMore(ctx); err != nil {
			return r.unheard(err)
		}
		if err := pausing(ctx, looks); err != nil {
			return r.unheard(err)
		}
	}
}

// ask looks whether an alarm rings.
func (r *run) ask(ctx context.Context, b *bell) {
	sent := time.Now()
	now, err := b.Look(ctx)
	if err != nil {
		b.unread = apierror.Describe(err)
		return
	}
	b.asked, b.unread = time.Now(), ""
	if !now.Rings {
		b.low, b.silent = sent, true
		return
	}
	from := r.failed(b.Direction)
	if !b.silent && !now.Updated.After(from) { // it rang before anything failed
		return
	}
	low := b.low
	if low.Before(from) { // the first look came late
		low = from
	}
	b.done = true
	r.emit(record.Rang{
		Alarm: b.Name, Side: b.Side, How: record.ByCloudWatch, Rang: true, FromMS: r.ms(from), LowMS: r.ms(low), HighMS: r.ms(b.asked), Updated: now.Updated, Reason: now.Reason, At: b.asked,
	})
}

// unheard says of each alarm that is left that it did not ring, or why that is not
// known.
func (r *run) unheard(why error) error {
	now := time.Now()
	for _, b := range r.ringing.bells {
		if b.done {
			continue
		}
		said := record.Rang{Alarm: b.Name, Side: b.Side, How: record.ByCloudWatch, FromMS: r.ms(r.failed(b.Direction)), LowMS: r.ms(b.low), HighMS: r.ms(b.asked), At: now}
		switch {
		case b.unread != "":
			said.Unknown = b.unread
		case !b.silent:
			said.Unknown = "it rang before anything failed"
		}
		if said.LowMS < said.FromMS { // it was never answered, or not since
			said.LowMS, said.HighMS = said.FromMS, max(said.HighMS, said.FromMS)
		}
		r.facts.Silent = append(r.facts.Silent, b.Name)
		r.emit(said)
	}
	if errors.Is(why, errBox) {
		return nil // it went as far as it was to: the alarm has had its time
	}
	return why
}

// failMore writes further objects where an alarm takes more failures, or failures
// in several periods.
func (r *run) failMore(ctx context.Context) error {
	for _, f := range r.ringing.ways {
		need, period := 0, time.Duration(0)
		for _, b := range r.ringing.bells {
			if b.done || b.Direction != nil && *b.Direction != f.direction || b.Periods < 2 && b.Failures < 2 {
				continue
			}
			need, period = max(need, min(b.Failures, alarm.MostFailures)), max(period, b.Period)
		}
		if soon := need > 1 && !f.many; need == 0 || !soon && time.Since(f.more) < period {
			continue
		}
		f.more, f.many = time.Now(), true
		for range need { // together: of those that straddle two periods, each may have too few
			if err := r.write(ctx, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// heed waits until somebody says that an alarm rang.
func (r *run) heed(ctx context.Context) error {
	if r.Heard == nil {
		return errors.New("nobody here can say that an alarm rang: name it, so that CloudWatch is asked")
	}
	name := "somebody's"
	from := r.failed(nil)
	how, err := r.Heard(ctx)
	now := time.Now()
	said := record.Rang{Alarm: name, How: record.ByHand, FromMS: r.ms(from), LowMS: r.ms(now), HighMS: r.ms(now), At: now, Rang: err == nil, Reason: how}
	if err != nil {
		r.facts.Silent = append(r.facts.Silent, name)
	}
	r.emit(said)
	if err != nil && context.Cause(ctx) == errBox { //nolint:errorlint // a cause of our own
		return nil
	}
	return err
}

// landed waits a while until nothing that the drill wrote is on its way, which would
// arrive after it is swept.
func (r *run) landed(ctx context.Context) {
	if r.ringing == nil {
		return
	}
	until := time.Now().Add(landing)
	for {
		left := 0
		for _, f := range r.ringing.ways {
			for i := range f.tried {
				if t := &f.tried[i]; t.pending {
					if err := r.look(ctx, f.direction, t, record.After); err != nil || t.pending {
						left++
					}
				}
			}
		}
		if left == 0 || time.Now().After(until) || pausing(ctx, looks) != nil {
			return
		}
	}
}

// proveAgain writes objects after the policy is off until one of each direction is
// replicated: then the role is seen to do what it did.
func (r *run) proveAgain(ctx context.Context) error {
	limited, cancel := context.WithTimeoutCause(ctx, puttingBack/2, errLong)
	defer cancel()
	for _, f := range r.ringing.ways {
		for {
			if err := r.write(limited, f); err != nil {
				return err
			}
			t := &f.tried[len(f.tried)-1]
			for t.pending {
				if err := pausing(limited, looks); err != nil {
					return again(f.direction, errors.Join(err, f.unseen))
				}
				f.unseen = r.look(limited, f.direction, t, record.After)
			}
			if t.status != string(types.ReplicationStatusFailed) && t.status != "" {
				break
			}
			if err := pausing(limited, spreads); err != nil {
				return again(f.direction, err)
			}
		}
	}
	return nil
}

func again(d pair.Direction, err error) error {
	if errors.Is(err, errLong) {
		return fmt.Errorf("%s: after the policy was taken off, no object was seen to be replicated within %s: %w", d.Arrow(), wording.Duration(puttingBack/2), err)
	}
	return err
}

// pausing waits, or until the context ends.
func pausing(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
