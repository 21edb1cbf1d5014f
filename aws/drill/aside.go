package drill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sourcegraph/conc/panics"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// A drill that is stopped still has this long for each thing that it puts back.
const puttingBack = 10 * time.Minute

// aside takes back what was done, whatever came before, and goes on as far as
// that makes sense: after a fault that went its whole way, until both sides hold
// the same again; after anything else only until everything is as it was.
func (r *run) aside(ctx context.Context, err error) {
	r.note(ctx, err)
	if err != nil && !errors.Is(err, errBox) && !r.boxed() || r.unarmed() {
		r.closing(ctx, r.last()...)
		return
	}
	states := record.States(r.Scope.Kind)
	if i := slices.Index(states, record.Restoring); i >= 0 {
		r.closing(ctx, states[i:]...)
	}
}

// unarmed says whether the drill has not come to where it changes anything but
// canaries.
func (r *run) unarmed() bool { return r.reached.Before(record.Armed) && r.state != record.Armed }

// last are the states through which a drill ends that does not go its whole way.
func (r *run) last() []record.State {
	if r.unarmed() {
		return []record.State{record.Cleaned, record.Reported}
	}
	return []record.State{record.Restoring, record.Cleaned, record.Reported}
}

// closing goes through the last states. What fails there is noted, and the rest
// goes on: each of them leaves less behind.
func (r *run) closing(ctx context.Context, states ...record.State) {
	for _, s := range states {
		if s == record.Cleaned && !r.Scope.Kind.Writes() {
			continue
		}
		if r.unended && s.After(record.Restoring) && s.Before(record.Cleaned) {
			continue // what is held arrives only once the fault is over, which cleaning sees to
		}
		patient, cancel := context.WithCancel(ctx)
		if s == record.Restoring || s == record.Cleaned { // also after an interruption
			cancel()
			patient, cancel = context.WithTimeout(context.WithoutCancel(ctx), puttingBack)
		}
		if patient.Err() == nil {
			r.note(patient, r.enter(patient, s))
		} else if r.facts.Stopped == "" && r.facts.Error == "" {
			r.note(ctx, context.Cause(ctx))
		}
		cancel()
	}
}

// rescue puts everything back on the way out of a panic. Whoever hears of it may
// be what panicked, so that nothing here hangs on it.
func (r *run) rescue(ctx context.Context, fault any) {
	r.emitting.Lock()
	out := r.out
	r.out = func(e pair.Event) { panics.Try(func() { out(e) }) }
	r.emitting.Unlock()
	r.rescuing = true
	if again, is := fault.(*panics.Recovered); is {
		fault = again.Value
	}
	words, _, _ := strings.Cut(fmt.Sprint(fault), "\n") // a stack may follow
	r.facts.Error = "bothways itself failed: " + words
	for _, s := range r.last() {
		if caught := panics.Try(func() { r.closing(ctx, s) }); caught != nil {
			r.facts.Left = append(r.facts.Left, fmt.Sprintf("what %s was to take back, perhaps (%v)", s, caught.Value))
		}
	}
	panics.Try(func() { r.end() })
}
