package distance

import (
	"context"
	"time"
)

// Wait lets d pass, or less if the context ends first, whose error it then
// returns.
func Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
