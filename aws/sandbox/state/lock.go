package state

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// LockName is the file of a directory's lock.
const LockName = "lock"

// Lock holds a directory for this process. The operating system drops it with
// its holder, whatever ends that; its file goes when it is released.
type Lock struct{ lock *flock.Flock }

// ErrHeld says that another process holds a directory.
var ErrHeld = errors.New("another process uses it")

// Hold takes a directory, or returns ErrHeld.
func Hold(dir string) (*Lock, error) {
	path := filepath.Join(dir, LockName)
	for {
		lock := flock.New(path, flock.SetPermissions(0o600))
		taken, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("locking %s: %w", dir, errors.Join(err, lock.Close()))
		}
		if !taken {
			return nil, errors.Join(ErrHeld, lock.Close())
		}
		held, err := lock.Stat()
		if err != nil {
			return nil, fmt.Errorf("locking %s: %w", dir, errors.Join(err, lock.Close()))
		}
		// Whoever held it may have removed the file between our opening it and
		// our locking it: then the name is another file's by now, or nobody's.
		if named, err := os.Stat(path); err == nil && os.SameFile(held, named) {
			return &Lock{lock}, nil
		}
		if err := lock.Close(); err != nil {
			return nil, fmt.Errorf("locking %s: %w", dir, err)
		}
	}
}

// Release lets go.
func (l *Lock) Release() error {
	_ = os.Remove(l.lock.Path()) // Windows removes no open file; an empty one that stays harms nobody
	return l.lock.Close()
}
