//go:build race

package command_test

// raced says that this is a run under the race detector. It watches this process
// alone, and not the built program: with that it would see nothing.
const raced = true
