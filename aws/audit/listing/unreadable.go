package listing

// UnreadableError says that an answer with a good status is no listing of S3's:
// it is cut off, or somebody else's.
type UnreadableError struct{ Why string }

func (e *UnreadableError) Error() string {
	return "the answer is no listing of versions: " + e.Why
}
