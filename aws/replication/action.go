package replication

import "context"

// action is what a step does when it runs. Implementations: one a kind of
// step, each a file of this package.
type action interface {
	// look reads whether what the step wants already holds.
	look(ctx context.Context, run *run) (holds bool, detail string, err error)
	// do makes it so. It is idempotent.
	do(ctx context.Context, run *run) (detail string, err error)
}

type run struct{}
