package inventory

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// folderStart begins the names of the folders in which lists are joined.
const folderStart = "bothways-join-"

// folder is where lists are joined. One that a killed run left goes when the
// next one makes its own.
type folder struct {
	path string
	lock *flock.Flock
}

// openFolder makes one below dir, "" being the system's for temporary files.
func openFolder(dir string) (*folder, error) {
	if dir == "" {
		dir = os.TempDir()
	}
	sweep(dir)
	path, err := os.MkdirTemp(dir, folderStart)
	if err != nil {
		return nil, fmt.Errorf("make a folder for the join: %w", err)
	}
	f := &folder{path, flock.New(filepath.Join(path, "lock"))}
	if held, err := f.lock.TryLock(); err != nil || !held {
		return nil, errors.Join(fmt.Errorf("hold the folder %s: %w", path, err), os.RemoveAll(path))
	}
	return f, nil
}

// sweep removes the folders that nobody holds any more. One that can't be
// removed now is tried by the next run.
func sweep(dir string) {
	left, err := filepath.Glob(filepath.Join(dir, folderStart+"*"))
	if err != nil {
		return
	}
	for _, path := range left {
		if _, err := os.Lstat(filepath.Join(path, "lock")); err != nil {
			continue // being made, or none of ours
		}
		lock := flock.New(filepath.Join(path, "lock"))
		if free, err := lock.TryLock(); err == nil && free {
			_ = errors.Join(lock.Close(), os.RemoveAll(path))
		}
	}
}

func (f *folder) close() error {
	err := errors.Join(f.lock.Close(), os.RemoveAll(f.path))
	if err != nil {
		return fmt.Errorf("remove the folder of the join: %w", err)
	}
	return nil
}
