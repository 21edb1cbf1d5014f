package journal

import (
	"strings"

	"github.com/gofrs/flock"
)

// writingLock is the file whose lock whoever writes a journal holds. It is a file
// of its own, because on Windows a locked file can't be read.
func writingLock(path string) string { return strings.TrimSuffix(path, Extension) + lockExtension }

// holdWriting takes the lock of a journal, or returns nil where there can't be
// one. The operating system drops it when its holder dies.
func holdWriting(path string) *flock.Flock {
	lock, taken, err := take(writingLock(path))
	if err != nil || !taken {
		return nil
	}
	return lock
}

// releaseWriting lets go and removes the file.
func releaseWriting(lock *flock.Flock) {
	if lock != nil {
		_ = letGo(lock) // an empty file that stays harms nobody
	}
}

// Writing says whether somebody on this computer writes a journal right now whose
// opening says that it is locked.
func Writing(path string) bool { return isHeld(writingLock(path)) }
