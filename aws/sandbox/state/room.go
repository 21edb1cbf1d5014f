package state

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// spareName is a file that takes room which the log gets once the disk is full.
// What is being changed at that moment is kept with it, and what comes later is
// refused before it changes anything: nobody sees what is not kept.
const spareName = "sandbox.room"

const (
	// spareMost is how many bytes it has where there is room, spareLeast where
	// there hardly is.
	spareMost  = 1 << 20
	spareLeast = 16 << 10
	// trialMost bounds the bytes with which it is tried whether there is room
	// again for what did not fit.
	trialMost = 8 << 20
	// trialGap is how long such a trial is not repeated.
	trialGap = time.Second
)

// ErrLasting marks what OnRoom is told where only another start helps.
var ErrLasting = errors.New("start the sandbox again")

// room is what a log knows of the room on its disk; the log's lock is held.
type room struct {
	size   int64     // bytes of the spare file, as they were first got; 0 has none
	spare  bool      // the file is there
	short  int64     // bytes of a body that did not fit, 0: all did
	tried  time.Time // when it was last tried whether they fit now
	told   bool
	onRoom func(error)
}

// Reserve takes the spare room, and has tell called when there is no room any
// more, with the reason, and with nil when there is again. tell must not use the
// log. From now on Ready says whether something may change.
func (l *Log) Reserve(tell func(error)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.room.onRoom = tell
	var err error
	for size := int64(spareMost); size >= spareLeast; size /= 2 {
		if err = l.spend(spareName, size); err == nil {
			l.room.size, l.room.spare = size, true
			return nil
		}
	}
	l.room.size, l.room.told = spareLeast, true // whoever called hears it from here
	return err
}

// Ready says whether what changes now can be kept: an error says why not. What
// removes something is also let through while the spare room is used up, as
// it may be what makes room. Without Reserve, everything may change.
func (l *Log) Ready(removes bool) error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r := &l.room
	switch {
	case r.size == 0, l.file == nil:
		return nil
	case l.failed != nil:
		l.tell(errors.Join(ErrLasting, l.failed))
		return l.failed
	case l.unfit != nil:
		if l.write(); l.unfit != nil {
			return l.unfit
		}
	}
	if !r.spare {
		if err := l.spend(spareName, r.size); err != nil {
			l.tell(err)
			if removes && l.spend(spareName, min(r.size, spareLeast)) == nil {
				return os.Remove(filepath.Join(l.dir, spareName))
			}
			return err
		}
		r.spare = true
	}
	if r.short > 0 && r.short <= trialMost && time.Since(r.tried) > trialGap {
		r.tried = time.Now()
		if trial := spareName + ".trial"; l.spend(trial, r.short) == nil {
			_ = os.Remove(filepath.Join(l.dir, trial))
			r.short = 0
		}
	}
	if r.short == 0 {
		l.tell(nil)
	}
	return nil
}

// Unfit notes that a body did not fit, of which size bytes were tried.
func (l *Log) Unfit(size int64, why error) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.room.short, l.room.tried = max(size, l.room.short, 1), time.Now()
	l.tell(why)
}

// Fit notes that a body of so many bytes was kept.
func (l *Log) Fit(size int64) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.room.short > 0 && size >= l.room.short {
		l.room.short = 0
		if l.room.spare {
			l.tell(nil)
		}
	}
}

// tell says once that there is no room, and once that there is again.
func (l *Log) tell(why error) {
	if (why != nil) == l.room.told || l.room.onRoom == nil {
		return
	}
	l.room.told = why != nil
	l.room.onRoom(why)
}

// spend takes room with a file of so many bytes, or leaves none. They are random,
// since some file systems keep what is alike in less.
func (l *Log) spend(name string, size int64) error {
	path := filepath.Join(l.dir, name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // as in read
	if err != nil {
		return fmt.Errorf("keeping room for the sandbox's state: %w", err)
	}
	source := rand.NewChaCha8([32]byte{})
	block := make([]byte, spareLeast)
	for left := size; left > 0 && err == nil; left -= int64(len(block)) {
		_, _ = source.Read(block) // never fails
		_, err = f.Write(block[:min(left, int64(len(block)))])
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(path) // what it did get is needed
		return fmt.Errorf("keeping room for the sandbox's state: %w", err)
	}
	return nil
}

// yield gives the spare room to the log, and says whether there was some.
func (l *Log) yield(why error) bool {
	if !l.room.spare {
		return false
	}
	l.room.spare = false
	l.tell(why)
	return os.Remove(filepath.Join(l.dir, spareName)) == nil
}
