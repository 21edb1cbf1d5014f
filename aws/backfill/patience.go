package backfill

import (
	"context"
	"time"

	"bothways/aws/replication/step"
)

// How long one call of very many is asked again for what passes by itself. The
// patience of a step counts from its beginning, and these last for hours.
const (
	patience   = 3 * time.Minute
	firstPause = 500 * time.Millisecond
	mostPause  = 10 * time.Second
)

// patiently asks until an answer comes that does not pass by itself, or until none
// has come for long since the first that did.
func patiently(ctx context.Context, ask func() error) error {
	var since time.Time
	for pause := firstPause; ; pause = min(2*pause, mostPause) {
		err := ask()
		if err == nil || ctx.Err() != nil {
			return err
		}
		if since.IsZero() {
			since = time.Now()
		}
		if _, passes := step.Passes(err); !passes || time.Since(since)+pause > patience {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
