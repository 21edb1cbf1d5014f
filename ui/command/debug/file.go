package debug

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"sync"

	"bothways/aws/localfile"
)

// mode lets nobody but its owner read a log.
const mode fs.FileMode = 0o600

// ours is how each of our logs begins.
var ours = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\{"time":"[^"]+","msg":"` + begins + `"`)
})

// open opens a file to write a log behind all that it holds. What is there already
// has to be a log of ours, or an empty file: nothing else is touched.
func open(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, mode) //nolint:gosec // the user's own name
	if !errors.Is(err, fs.ErrExist) {
		return file, err
	}
	before, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil, err
	case before.Mode()&fs.ModeSymlink != 0:
		return nil, errors.New("it is a symbolic link, and what it leads to is not written to: name the file itself, or a new one")
	case !before.Mode().IsRegular():
		return nil, &localfile.NotRegularError{Path: path, Is: localfile.Kind(before.Mode())}
	}
	file, err = os.OpenFile(path, os.O_RDWR|os.O_APPEND, mode) //nolint:gosec // the user's own name
	if err != nil {
		return nil, err
	}
	if err := fit(file, before); err != nil {
		_ = file.Close() // nothing was written
		return nil, err
	}
	return file, nil
}

// fit says why an opened file is none to write a log to.
func fit(file *os.File, before fs.FileInfo) error {
	now, err := file.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(before, now) {
		return errors.New("somebody replaced it just now")
	}
	if now.Size() > 0 {
		line, err := bufio.NewReaderSize(file, 256).Peek(128)
		if !ours().Match(line) {
			if err != nil && len(line) == 0 {
				return err
			}
			return errors.New("there is a file already that is no debug log of bothways, and it is left as it is: name another")
		}
	}
	if now.Mode().Perm() != mode {
		if err := file.Chmod(mode); err != nil {
			return fmt.Errorf("others may read it, and that can't be changed: %w", err)
		}
	}
	return nil
}
