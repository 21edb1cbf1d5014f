package replication

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"bothways/aws/pair"
	"bothways/probe/wording"
)

// settling is how long AWS advises to wait after versioning was switched on
// for the first time (S3 API reference, PutBucketVersioning).
const settling = 15 * time.Minute

// errSkipped ends a step that the user skipped.
var errSkipped = errors.New("skipped")

// settleSteps is the wait after first-time versioning, where it is wanted.
// Nothing needs it: S3 refuses a rule until versioning has settled, which the
// rules' steps bear with for as long, and the canaries prove what works
// already. It is for who writes objects once apply has ended.
func (s *Survey) settleSteps() []Step {
	if !s.World.Pair.Options.Settle || !s.firstVersioning() {
		return nil
	}
	var needs []string
	for _, name := range pair.Sides() {
		if s.Sides[name].Versioning == "" {
			needs = append(needs, KindVersioning.onSide(name))
		}
	}
	return []Step{{
		ID: string(KindSettle), Kind: KindSettle, Title: "settle", Change: Wait, Needs: needs,
		What: fmt.Sprintf("wait %s after versioning reads Enabled; can be skipped", wording.Duration(settling)),
		Why:  "Until versioning has settled everywhere, single reads of new objects may miss (S3 API reference, PutBucketVersioning).",
		Call: "none", Target: "this computer", Request: "nothing is sent", CLI: fmt.Sprintf("sleep %d", int(settling.Seconds())),
		Undo: "nothing to undo", action: settle{skipped: make(chan struct{}), once: &sync.Once{}},
	}}
}

// settle lets time pass.
type settle struct {
	skipped chan struct{}
	once    *sync.Once
}

func (settle) look(context.Context) (bool, string, error) { return false, "", nil }

func (a settle) do(ctx context.Context, report func(string)) (string, error) {
	end := time.Now().Add(settling)
	for {
		left := time.Until(end)
		if left <= 0 {
			return "waited " + wording.Duration(settling), nil
		}
		report(fmt.Sprintf("%s left, until %s", wording.Duration(left), end.Format(time.TimeOnly)))
		timer := time.NewTimer(min(left, time.Minute))
		select {
		case <-timer.C:
		case <-a.skipped:
			timer.Stop()
			return fmt.Sprintf("skipped with %s left: single reads of new objects may still miss", wording.Duration(time.Until(end))), errSkipped
		case <-ctx.Done():
			timer.Stop()
			return "", ctx.Err()
		}
	}
}

// Skip ends a step that only waits, now or once it begins, and says whether
// there is such a step. The step ends as skipped, which is no failure.
func (p Plan) Skip(id string) bool {
	for _, step := range p.Steps {
		if waiting, ok := step.action.(settle); ok && step.ID == id {
			waiting.once.Do(func() { close(waiting.skipped) })
			return true
		}
	}
	return false
}
