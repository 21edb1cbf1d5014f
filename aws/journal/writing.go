package journal

import (
	"os"
	"strings"

	"github.com/gofrs/flock"
)

// writingLock is the file whose lock whoever writes a journal holds. It is a file
// of its own, because on Windows a locked file can't be read.
func writingLock(path string) string { return strings.TrimSuffix(path, Extension) + lockExtension }

const lockExtension = ".lock"

// holdWriting takes the lock of a journal, or returns nil where there can't be
// one. The operating system drops it when its holder dies.
func holdWriting(path string) *flock.Flock {
	lock := flock.New(writingLock(path), flock.SetPermissions(0o600))
	if taken, err := lock.TryLock(); err != nil || !taken {
		_ = lock.Close() // there is none to let go of
		return nil
	}
	return lock
}

// releaseWriting lets go and removes the file: no other journal ever has its
// name, so nobody is waiting to open it.
func releaseWriting(lock *flock.Flock) {
	if lock != nil {
		_ = lock.Close()
		_ = os.Remove(lock.Path()) // an empty file that stays harms nobody
	}
}

// Writing says whether somebody on this computer writes a journal right now whose
// opening says that it is locked.
func Writing(path string) bool {
	name := writingLock(path)
	if _, err := os.Stat(name); err != nil {
		return false
	}
	lock := flock.New(name)
	taken, err := lock.TryLock()
	if taken {
		_ = lock.Close() // closing the file frees it
	}
	return err == nil && !taken
}
