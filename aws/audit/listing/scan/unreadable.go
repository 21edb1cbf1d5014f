package scan

import "fmt"

// UnreadableError says that an answer with a good status is no listing of S3's:
// it is cut off, or somebody else's.
type UnreadableError struct{ Why string }

func (e *UnreadableError) Error() string {
	return "the answer is no listing of versions: " + e.Why
}

func unreadable(format string, args ...any) error {
	return &UnreadableError{fmt.Sprintf(format, args...)}
}

// RefusedError is an error of S3 that came with a good status.
type RefusedError struct{ Code, Message string }

func (e *RefusedError) Error() string { return e.Code + ": " + e.Message }
