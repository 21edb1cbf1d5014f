package step

import "context"

// action is what a step does when it runs, with everything it needs bound to
// it when the plan was made: what was reviewed is what runs.
type action interface {
	// look reads whether what the step wants already holds, and says in words
	// what it found.
	look(ctx context.Context) (holds bool, detail string, err error)
	// do makes it so and verifies it. It is idempotent. report tells what is
	// being waited for while it runs. With an error, detail is what is to be
	// said beside it, or "".
	do(ctx context.Context, report func(detail string)) (detail string, err error)
}
