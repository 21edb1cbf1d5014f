package step

import "context"

// action is what a step does when it runs, with everything it needs bound to
// it when the plan was made: what was reviewed is what runs.
type action interface {
	// call is the API operation, request exactly what it sends, as indented
	// JSON, and cli the same as one line for the AWS CLI.
	call() string
	request() string
	cli() string
	// look reads whether what the step wants already holds, and says in words
	// what it found.
	look(ctx context.Context) (holds bool, detail string, err error)
	// do makes it so and verifies it. It is idempotent. report tells what is
	// being waited for while it runs. With an error, detail is what is to be
	// said beside it, or "".
	do(ctx context.Context, report func(detail string)) (detail string, err error)
}

// New is a step that carries out an action: what the action calls and sends is
// put beside what the planner says of it.
func New(does action, s Step) Step {
	s.Call, s.Request, s.CLI, s.action = does.call(), does.request(), does.cli(), does
	return s
}
