package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"bothways/aws/localfile"
)

const (
	lockExtension = ".lock"
	noteExtension = ".holder"
)

// take takes the lock of a file, made if it is not there. Whoever merely looks
// whether it is held, or sweeps, holds it for an instant.
func take(path string) (lock *flock.Flock, taken bool, err error) {
	for range 5 {
		if lock, taken, err = takeAtOnce(path); taken || err != nil {
			return lock, taken, err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil, false, nil
}

func takeAtOnce(path string) (*flock.Flock, bool, error) {
	for {
		if err := localfile.Check(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, false, err
		}
		lock := flock.New(path, flock.SetPermissions(0o600))
		taken, err := lock.TryLock()
		if err != nil || !taken {
			return nil, false, errors.Join(err, lock.Close())
		}
		held, err := lock.Stat()
		if err != nil {
			return nil, false, errors.Join(err, lock.Close())
		}
		// Whoever held it may have removed the file between our opening it and
		// our locking it: then the name is another file's by now, or nobody's.
		if named, err := os.Stat(path); err == nil && os.SameFile(held, named) {
			return lock, true, nil
		}
		if err := lock.Close(); err != nil {
			return nil, false, err
		}
	}
}

// letGo lets go of a lock. Its file goes while it is held, so that nobody can
// take it by that name in between.
func letGo(lock *flock.Flock) error {
	_ = os.Remove(lock.Path()) // Windows removes no open file; an empty one that stays harms nobody
	return lock.Close()
}

// isHeld says whether somebody holds the lock of a file. It makes none.
func isHeld(path string) bool {
	if localfile.Check(path) != nil {
		return false
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	taken, err := lock.TryLock()
	_ = lock.Close() // closing the file frees it
	return err == nil && !taken
}

// sweep removes the locks of a folder that nobody holds, and the notes of their
// holders: those of runs that were killed, as nobody else leaves any.
func sweep(dir string) {
	entries, _ := os.ReadDir(dir) // what can't be read is not swept
	for _, e := range entries {
		name, is := strings.CutSuffix(e.Name(), lockExtension)
		path := filepath.Join(dir, e.Name())
		if info, err := e.Info(); !is || err != nil || !info.Mode().IsRegular() || info.Size() > 0 {
			continue // not ours: a lock is an empty file
		}
		if lock, taken, err := takeAtOnce(path); err == nil && taken {
			_ = os.Remove(filepath.Join(dir, name+noteExtension)) // most have none
			_ = letGo(lock)                                       // it is freed with its file
		}
	}
}
