package journal

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// NotAFileError says that a name in the runs' folder is no regular file, so that
// opening it could wait for ever, or have effects. bothways makes no such thing.
type NotAFileError struct {
	Path string
	Is   string // what it is, with its article
}

func (e *NotAFileError) Error() string {
	return "it is " + e.Is + ", and no regular file: it is not opened"
}

// Open opens a regular file for reading. Anything else is a *NotAFileError, and
// is not touched: whoever opens a named pipe waits until somebody writes to it.
func Open(path string) (*os.File, error) {
	if err := regular(path); err != nil {
		return nil, err
	}
	file, err := os.Open(path) //nolint:gosec // the user names the file, or it is one of the journal's own folder
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() { // somebody replaced it meanwhile
		err = &NotAFileError{path, kindOf(info.Mode())}
	}
	if err != nil {
		_ = file.Close() // nothing was written
		return nil, err
	}
	return file, nil
}

// regular returns an error unless a name is a regular file's, or leads to one.
func regular(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &NotAFileError{path, kindOf(info.Mode())}
	}
	return nil
}

func kindOf(mode fs.FileMode) string {
	switch {
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

// Strange names what lies in the runs' folder under the name of a journal and is
// no regular file, with what it is.
func Strange(dir string) []string {
	var strange []string
	entries, _ := os.ReadDir(dir) // whoever reads the runs says why it can't be read
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), Extension) || e.Type().IsRegular() {
			continue
		}
		if info, err := os.Stat(filepath.Join(dir, e.Name())); err == nil && !info.Mode().IsRegular() {
			strange = append(strange, fmt.Sprintf("%s is %s", e.Name(), kindOf(info.Mode())))
		}
	}
	return strange
}

// readSmall reads a regular file of a few lines; of a longer one its first bytes.
func readSmall(path string) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, 64<<10))
}
