package change

import (
	"strings"
	"time"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

// news gives a step run the events of steps.
func news(s *stepRun, ids string, status step.Status, detail string, elapsed time.Duration) {
	for id := range strings.FieldsSeq(ids) {
		s.take(host.Batch{Events: []pair.Event{step.Event{ID: id, Status: status, Detail: detail, Attempt: 1, ElapsedMS: elapsed.Milliseconds(), At: consoletest.Noon}}})
	}
}
