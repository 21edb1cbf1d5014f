package drill_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"bothways/aws/drill"
	"bothways/aws/drill/pause"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
)

// stuck is a pause that does not end the first time it is asked to.
type stuck struct {
	drill.Fault
	asked int
}

var errStuck = errors.New("the network is gone")

func (s *stuck) End(ctx context.Context, emit pair.Emit) error {
	if s.asked++; s.asked == 1 {
		return errStuck
	}
	return s.Fault.End(ctx, emit)
}

// A pause that could not be ended is said to be that, and no change of a
// configuration; nothing waits for what it holds, and cleaning up ends it.
func TestAFaultThatDoesNotEndIsNoChangeOfAConfiguration(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		theirs, scope := l.decoy(), l.pauseScope()
		cfg := l.config(scope, &stuck{Fault: pause.New(l.world, scope)}, probe.Clients{A: l.world.A.S3, B: l.world.B.S3})
		result, _ := drill.Run(t.Context(), cfg, l.emit)
		why := strings.Join(result.Why, "; ")
		if result.Verdict != record.Errored || !strings.Contains(why, errStuck.Error()) || strings.Contains(why, "as it was") {
			t.Errorf("got %+v", result)
		}
		if now := l.theirs(theirs); now != theirs.before {
			t.Errorf("after it stands\n%s\nwant\n%s", now, theirs.before)
		}
		for _, c := range of[record.Change](l) {
			if slices.Contains([]record.State{record.Draining, record.Converged, record.FailedBack}, c.State) {
				t.Errorf("it waits for %s", c.State)
			}
		}
		if ends := slices.DeleteFunc(of[record.Instant](l), func(i record.Instant) bool { return i.What != record.FaultEnds }); len(ends) > 0 {
			t.Errorf("the fault is said to have ended: %+v", ends)
		}
	})
}
