package step

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"bothways/probe/wording"
)

// Settling is how long AWS advises to wait after versioning was switched on
// for the first time (S3 API reference, PutBucketVersioning).
const Settling = 15 * time.Minute

// errSkipped ends a step that the user skipped.
var errSkipped = errors.New("skipped")

// Settle lets time pass.
type Settle struct {
	Skipped chan struct{}
	Once    *sync.Once
}

func (Settle) shown() shown {
	return shown{call: "none", cli: fmt.Sprintf("sleep %d", int(Settling.Seconds()))}
}

func (Settle) look(context.Context) (bool, string, error) { return false, "", nil }

func (a Settle) do(ctx context.Context, report func(string)) (string, error) {
	end := time.Now().Add(Settling)
	for {
		left := time.Until(end)
		if left <= 0 {
			return "waited " + wording.Duration(Settling), nil
		}
		report(fmt.Sprintf("%s left, until %s", wording.Duration(left), end.Format(time.TimeOnly)))
		select {
		case <-time.After(min(left, time.Minute)):
		case <-a.Skipped:
			return fmt.Sprintf("skipped with %s left: single reads of new objects may still miss", wording.Duration(time.Until(end))), errSkipped
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// Skip ends a step that only waits, now or once it begins, and says whether
// there is such a step.
func Skip(steps []Step, id string) bool {
	for _, step := range steps {
		if waiting, ok := step.action.(Settle); ok && step.ID == id {
			waiting.Once.Do(func() { close(waiting.Skipped) })
			return true
		}
	}
	return false
}
