package drill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/wording"
)

// errLong ends a wait that takes longer than it may.
var errLong = errors.New("it takes too long")

// restore undoes the fault and looks whether everything is as it was.
func (r *run) restore(ctx context.Context) (string, error) {
	if r.unbox != nil {
		defer r.unbox()
	}
	err := r.Fault.End(ctx, r.emit)
	if r.unended = err != nil; !r.unended { // else it is not seen to be over
		r.ended = time.Now()
		if r.herd != nil || !r.start.IsZero() {
			r.emit(r.instant(record.FaultEnds, r.ended))
		}
	}
	return r.proveRestored(ctx, err)
}

// staleMost is how long what was read right after a pause ended may be what was
// there before: S3 does not say when all of it shows a configuration that changed.
const (
	staleMost  = time.Minute
	staleEvery = 5 * time.Second
)

// proveRestored holds both configurations against what they were. What may only be
// read late is looked at again before somebody is said to have changed it. failed
// is why the fault may go on.
func (r *run) proveRestored(ctx context.Context, failed error) (string, error) {
	var now map[pair.SideName]record.Configuration
	var sides []string
	var reading error
	for began := time.Now(); ; {
		now, reading = r.readConfigurations(ctx, record.After)
		if sides = r.changed(now); reading == nil && len(sides) == 0 || time.Since(began) >= staleMost {
			break
		}
		if pausing(ctx, staleEvery) != nil {
			break
		}
	}
	r.facts.Unread = reading != nil
	if reading != nil {
		return "", errors.Join(failed, reading)
	}
	if r.Scope.Kind == record.Pause { // the drill's own tags still stand: they are read once those are gone
		for side, c := range now {
			c.Tags = ""
			now[side] = c
		}
	}
	r.tellConfigurations(now)
	if len(sides) > 0 {
		r.facts.Restored = false
		why := fmt.Errorf("the replication configuration of side %s is not what it was before the drill: somebody else changed it, or the fault did; nothing was written over it", strings.Join(sides, " and "))
		return "", errors.Join(failed, why)
	}
	r.facts.Restored = failed == nil || r.Scope.Kind != record.Alarm // whose fault changes the roles
	if r.ringing != nil && failed == nil && !r.rescuing {
		if err := r.proveAgain(ctx); err != nil {
			return "", err
		}
		return "both configurations and the roles are what they were, and objects are replicated again", nil
	}
	return "both configurations are what they were", failed
}

// drain waits until every canary that was acknowledged before the fault ended is
// there.
func (r *run) drain(ctx context.Context) (string, error) {
	limited, cancel := context.WithTimeoutCause(ctx, r.Scope.Drain, errLong)
	defer cancel()
	until := r.ms(r.ended)
	missing := 0
	err := r.wait(limited, func() bool {
		missing = r.herd.waiting(until)
		return missing == 0
	})
	if err != nil && context.Cause(limited) == errLong && ctx.Err() == nil { //nolint:errorlint // a cause of our own
		return "", fmt.Errorf("%s did not arrive within %s", wording.Count(missing, "held canary"), wording.Duration(r.Scope.Drain))
	}
	return "everything that was held has arrived", err
}

// apart is the time between two comparisons that find both sides the same.
const apart = 30 * time.Second

// converge compares both sides until they hold the same twice, some time apart,
// and looks what they serve of the keys that both changed.
func (r *run) converge(ctx context.Context) (string, error) {
	limited, cancel := context.WithTimeoutCause(ctx, r.Scope.Drain, errLong)
	defer cancel()
	clean := 0
	for {
		compared, err := r.compare(limited, record.After)
		if err != nil {
			return "", err
		}
		clean++
		if !compared.Clean {
			clean = 0
		}
		if clean == 2 {
			break
		}
		until := time.Now().Add(apart)
		if err := r.wait(limited, func() bool { return !time.Now().Before(until) }); err != nil {
			if context.Cause(limited) == errLong { //nolint:errorlint // a cause of our own
				return "", fmt.Errorf("the two sides did not come to hold the same within %s", wording.Duration(r.Scope.Drain))
			}
			return "", err
		}
	}
	r.converged, r.facts.Converged = time.Now(), true
	r.served(ctx)
	r.testify(ctx, record.After)
	r.metrics(ctx)
	return "both sides hold the same, twice", nil
}

// failBack measures the steady state again.
func (r *run) failBack(ctx context.Context) (string, error) {
	short, err := r.enough(ctx, r.ms(r.converged))
	if err != nil {
		return "", err
	}
	if short != "" {
		return "", fmt.Errorf("the steady state did not come back within %s: %s", wording.Duration(steadyMost), short)
	}
	from := r.converged.Sub(r.herd.began())
	return steadyWords(slices.DeleteFunc(r.herd.taken(), func(s probe.Sample) bool { return s.SinceStart(r.herd.began()) < from })), nil
}

// landing is how long canaries in flight are waited for before they are cleaned
// up.
const landing = time.Minute

// clean ends the canaries and takes away all that the drill made.
func (r *run) clean(ctx context.Context) (string, error) {
	var failed []error
	r.facts.Left = nil
	if r.herd != nil {
		r.herd.runner.SetPaused(true)
		landed, cancel := context.WithTimeout(ctx, landing)
		// What does not land is swept all the same, and said to be left where it can't be.
		_ = r.wait(landed, func() bool {
			return r.herd.lane(pair.AtoB, time.Now()).Missing == 0 && r.herd.lane(pair.BtoA, time.Now()).Missing == 0
		})
		cancel()
		r.herd.stop()
		<-r.herd.told // and so they are gone
		r.adopt(r.herd.left)
		if !r.rescuing {
			r.herd.caught.Repanic()
		}
	}
	r.landed(ctx)
	failed = append(failed, r.sweep(ctx))
	if r.Fault != nil {
		failed = append(failed, r.Fault.Remove(ctx, r.emit))
		left, err := r.Fault.Left(ctx)
		r.facts.Left = append(r.facts.Left, left...)
		failed = append(failed, err)
	}
	r.readAgain(ctx)
	return "what the drill made is gone", errors.Join(failed...)
}
