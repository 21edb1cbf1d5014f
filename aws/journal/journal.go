// Package journal keeps the append-only record of a run on this computer:
// every intent before it and every outcome after it, one JSON object a line.
// It is a help, never the only copy of the truth: with it lost, everything
// can still be found by its marks in AWS.
package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"bothways/aws/pair"
)

// Schema is the version of the line format. A reader refuses a newer one.
const Schema = 1

// Opening is the first line of every journal: what the run is.
type Opening struct {
	Schema  int    `json:"schema"`
	RunID   string `json:"run_id"`
	Version string `json:"version"` // of bothways
	Command string `json:"command"` // console, apply, probe, destroy
	Access  string `json:"access"`  // how AWS was reached, in words
	// Sandbox: it ran in a private sandbox, so what it made died with it and
	// its numbers are simulated.
	Sandbox bool `json:"sandbox,omitempty"`
	// Endpoint is the address of S3 where that is not AWS's own, or "".
	Endpoint string `json:"endpoint,omitempty"`
	// Notes say what a reader of the numbers must know: that they are
	// simulated, or measured against an endpoint that is not AWS's own.
	Notes     []string  `json:"notes,omitempty"`
	StartedAt time.Time `json:"started_at"`
	// Locked: the journal's lock is held for as long as it is written, so
	// that one without an end and without a holder was cut off.
	Locked bool `json:"locked,omitempty"`
}

// EventName implements pair.Event.
func (Opening) EventName() string { return "run" }

// Journal is one run's file, open for appending. Its methods may be called
// from several goroutines.
type Journal struct {
	path string

	mu   sync.Mutex
	file *os.File
	lock *flock.Flock // nil: there can't be one here
	err  error        // the first failure; the run goes on in memory after it
}

// Create starts the journal of a new run in dir, which is made if it is
// missing. Where that can't be done (a read-only home, a full disk) it
// returns the error and a Journal that keeps nothing, so that the run can go
// on with one warning.
func Create(dir string, opening Opening) (*Journal, error) {
	opening.Schema = Schema
	j := &Journal{}
	if dir == "" {
		j.err = ErrNoFolder
		return j, j.err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		j.err = fmt.Errorf("make the journal's folder: %w", err)
		return j, j.err
	}
	path := filepath.Join(dir, opening.RunID+Extension)
	lock := holdWriting(path)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // the folder is the user's own setting
	if err != nil {
		releaseWriting(lock)
		j.err = fmt.Errorf("create the journal: %w", err)
		return j, j.err
	}
	j.path, j.file, j.lock, opening.Locked = path, file, lock, lock != nil
	sweep(dir)
	if err := j.Record(opening); err != nil {
		return j, err
	}
	if err := syncFolder(dir); err != nil {
		j.err = fmt.Errorf("bring the journal's name to disk: %w", err)
	}
	return j, j.err
}

// Path is the journal's file, or "" when nothing is kept.
func (j *Journal) Path() string { return j.path }

// Record appends one event and returns when it is on the disk. After the
// first failure it keeps nothing more and returns that failure every time.
func (j *Journal) Record(e pair.Event) error {
	line, err := pair.EncodeEvent(e)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		j.err = fmt.Errorf("write the journal %s: %w", j.path, err)
		return j.err
	}
	if !durable(e) {
		return nil
	}
	if err := j.file.Sync(); err != nil {
		j.err = fmt.Errorf("write the journal %s to disk: %w", j.path, err)
	}
	return j.err
}

// Durable marks the events that must outlive a power cut before the run goes
// on: intents and outcomes of changes. Samples only have to outlive this
// process, for which a completed write is enough.
type Durable interface{ Durable() bool }

func durable(e pair.Event) bool {
	d, ok := e.(Durable)
	return ok && d.Durable()
}

// Close ends the journal.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	releaseWriting(j.lock)
	j.file, j.lock = nil, nil
	if j.err == nil {
		j.err = errors.New("the journal is closed")
	}
	if err != nil {
		return fmt.Errorf("close the journal %s: %w", j.path, err)
	}
	return nil
}

// syncFolder brings the names of a folder's files to disk: without it a file
// that was synced itself may be gone after a crash of the computer. Windows
// opens no folder, and keeps names by itself.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(dir) //nolint:gosec // the folder is the user's own setting
	if err != nil {
		return err
	}
	err = folder.Sync()
	if errors.Is(err, syscall.EINVAL) { // a file system that has no such thing
		err = nil
	}
	return errors.Join(err, folder.Close())
}
