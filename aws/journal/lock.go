package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"bothways/aws/localfile"
)

// Lock keeps other instances on this computer from changing the same pair at
// the same time. The operating system drops it when its holder dies.
type Lock struct {
	lock *flock.Flock
	note string
	// Stale is the holder that died without letting go, or nil.
	Stale *Holder
}

// Holder is who holds a lock, as it wrote of itself.
type Holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// HeldError says that another instance is at work.
type HeldError struct{ Holder Holder }

func (e *HeldError) Error() string {
	if e.Holder.PID == 0 {
		return "another bothways on this computer is changing this pair right now: wait until it ends, then plan again"
	}
	return fmt.Sprintf("another bothways on this computer (process %d, %s, since %s) is changing this pair right now: wait until it ends, or end it, then plan again",
		e.Holder.PID, e.Holder.Command, e.Holder.Since.Local().Format("15:04:05"))
}

// Acquire takes the lock of a name, such as a pair's ID and an account, in a
// folder, which is made if it is missing. Where somebody else holds it, the
// error is a *HeldError; any other error means that there can't be a lock
// here, and that the caller has to do without.
func Acquire(dir, name, command string) (*Lock, error) {
	if dir == "" {
		return nil, errors.New("there is no folder to keep a lock in")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the locks' folder: %w", err)
	}
	path := filepath.Join(dir, name+lockExtension)
	l := &Lock{note: filepath.Join(dir, name+noteExtension)}
	lock, taken, err := take(path)
	if err != nil {
		return nil, fmt.Errorf("take the lock %s: %w", path, err)
	}
	holder, noted := readHolder(l.note)
	if !taken {
		return nil, &HeldError{holder}
	}
	if l.lock = lock; noted {
		l.Stale = &holder
	}
	sweep(dir)
	text, err := json.Marshal(Holder{PID: os.Getpid(), Command: command, Since: time.Now().UTC()})
	if strange := localfile.Check(l.note); err == nil && strange != nil && !errors.Is(strange, fs.ErrNotExist) {
		err = strange
	}
	if err == nil {
		err = os.WriteFile(l.note, text, 0o600)
	}
	if err != nil { // the lock holds without its note
		l.note = ""
	}
	return l, nil
}

// HeldBy says whether somebody holds a lock now, and who.
func HeldBy(dir, name string) (Holder, bool) {
	if dir == "" || !isHeld(filepath.Join(dir, name+lockExtension)) {
		return Holder{}, false
	}
	holder, _ := readHolder(filepath.Join(dir, name+noteExtension))
	return holder, true
}

func readHolder(path string) (holder Holder, noted bool) {
	text, err := readSmall(path)
	if err != nil {
		return Holder{}, false
	}
	if json.Unmarshal(text, &holder) != nil { // torn: somebody died writing it
		return Holder{}, true
	}
	return holder, true
}

// Release lets go, and takes the files of the lock away.
func (l *Lock) Release() error {
	var err error
	if l.note != "" {
		err = os.Remove(l.note)
	}
	if err = errors.Join(err, letGo(l.lock)); err != nil {
		return fmt.Errorf("let go of the lock: %w", err)
	}
	return nil
}
