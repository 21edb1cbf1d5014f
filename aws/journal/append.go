package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gofrs/flock"

	"bothways/aws/localfile"
)

// WritingError says that a journal is being written by another process.
type WritingError struct{ Path string }

func (e *WritingError) Error() string {
	return "another bothways on this computer is writing " + e.Path + " right now: wait until it ends, or end it"
}

// Append opens the journal of a run that ended, to go on with it. A last line
// that was cut off is dropped. Where another process writes it the error is a
// *WritingError.
func Append(path string) (*Journal, error) {
	if err := localfile.Check(path); err != nil {
		return nil, fmt.Errorf("open the journal %s: %w", path, err)
	}
	lock, taken, err := take(writingLock(path))
	if err == nil && !taken {
		return nil, &WritingError{path}
	}
	if err != nil {
		lock = nil // there can't be one here
	}
	j, err := appendTo(path, lock)
	if err != nil {
		releaseWriting(lock)
		return nil, fmt.Errorf("open the journal %s: %w", path, err)
	}
	return j, nil
}

func appendTo(path string, lock *flock.Flock) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0) //nolint:gosec // the folder is the user's own setting
	if err != nil {
		return nil, err
	}
	end, err := lastLineEnd(file)
	if err == nil {
		err = file.Truncate(end)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &Journal{path: path, file: file, lock: lock}, nil
}

// lastLineEnd is where the last whole line ends.
func lastLineEnd(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	block := make([]byte, 4<<10)
	for end := info.Size(); end > 0; {
		from := max(0, end-int64(len(block)))
		part := block[:end-from]
		if _, err := file.ReadAt(part, from); err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if at := bytes.LastIndexByte(part, '\n'); at >= 0 {
			return from + int64(at) + 1, nil
		}
		end = from
	}
	return 0, nil
}
