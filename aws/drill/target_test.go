package drill_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/aws/sandbox"
)

// A pair whose steady state is slower than the target can't hold it in any fault.
func TestASteadyStateIsHeldAgainstTheTarget(t *testing.T) {
	for target, holds := range map[time.Duration]bool{time.Second: false, 15 * time.Minute: true} {
		inTime(t, func(t *testing.T) {
			l := newLab(t, sandbox.Options{Seed: 3})
			scope := l.scope(record.Cut)
			scope.Targets.RPO = target
			_, err := drill.Run(t.Context(), l.cut(scope), l.emit)
			_, refused := errors.AsType[*drill.UnhealthyError](err)
			if refused == holds || !holds && !strings.Contains(err.Error(), "target for the RPO") {
				t.Errorf("with a target of %s: %v", target, err)
			}
		})
	}
}
