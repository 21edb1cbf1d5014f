// Package usage is how a command ends and what it says of what was typed: exit
// codes, wrong usage, flags that can't be read, files that a flag names.
package usage

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// Exit codes. A run that a signal ended exits with 128 and the signal's
// number, so 130 after Ctrl-C.
const (
	Done     = 0
	Failed   = 1
	Mistaken = 2 // what was typed can't be done
	Changes  = 3 // a plan has something to change
)

// ending is an error that has chosen its exit code. A nil cause says nothing
// more than was already printed.
type ending struct {
	code  int
	cause error
}

func (e ending) Error() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

func (e ending) Unwrap() error { return e.cause }

// End is an error with an exit code of its own; with a nil cause it says
// nothing more than was already printed.
func End(code int, cause error) error { return ending{code, cause} }

// Wrong is for what the user typed: exit code 2.
func Wrong(format string, values ...any) error {
	return ending{Mistaken, fmt.Errorf(format, values...)}
}

// CodeOf is the exit code of a command that returned err.
func CodeOf(err error) int {
	if err == nil {
		return Done
	}
	if e, ok := errors.AsType[ending](err); ok {
		return e.code
	}
	return Failed
}

// NoArguments refuses arguments for a command that takes none.
func NoArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 && c.HasAvailableSubCommands() {
		c.SuggestionsMinimumDistance = 2
		if near := c.SuggestionsFor(args[0]); len(near) > 0 {
			return Wrong("%s has no command %q: is %s meant?", c.CommandPath(), args[0], OneOf(near))
		}
		return Wrong("%s has no command %q: see %s --help", c.CommandPath(), args[0], c.CommandPath())
	}
	if len(args) > 0 {
		return Wrong("%s takes no argument, but got %q: see %s --help", c.CommandPath(), args[0], c.CommandPath())
	}
	return nil
}
