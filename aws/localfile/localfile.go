// Package localfile opens files that others have named or put there. What is no
// regular file is not opened: a named pipe waits until somebody writes to it, and
// a device may never end.
package localfile

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/dustin/go-humanize"
)

// NotRegularError says that a name is not a regular file's.
type NotRegularError struct {
	Path string
	Is   string // what it is, with its article
}

func (e *NotRegularError) Error() string {
	return "it is " + e.Is + ", and no regular file: it is not opened"
}

// TooLargeError says that a file is larger than what it is for can be.
type TooLargeError struct{ Most int64 } // bytes

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("it is larger than %s: it is no such file", strings.Replace(humanize.IBytes(uint64(e.Most)), ".0 ", " ", 1))
}

// Open opens a regular file for reading. Anything else is a *NotRegularError, and
// is not touched.
func Open(path string) (*os.File, error) {
	if err := Check(path); err != nil {
		return nil, err
	}
	file, err := os.Open(path) //nolint:gosec // the callers' own names
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() { // somebody replaced it meanwhile
		err = &NotRegularError{path, Kind(info.Mode())}
	}
	if err != nil {
		_ = file.Close() // nothing was written
		return nil, err
	}
	return file, nil
}

// Read reads a regular file of at most so many bytes. A longer one is a
// *TooLargeError.
func Read(path string, most int64) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > most {
		return nil, &TooLargeError{most}
	}
	return text, nil
}

// Check returns an error unless a name is a regular file's, or leads to one.
func Check(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &NotRegularError{path, Kind(info.Mode())}
	}
	return nil
}

// Kind says what a file is, with its article.
func Kind(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "a file"
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}
