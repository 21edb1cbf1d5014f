package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"bothways/aws/sandbox/state"
)

// folderPrefix begins the names of the directories that hold the bodies of a
// sandbox that keeps nothing.
const folderPrefix = "bothways-sandbox-"

// How old a directory must be to be taken for a crashed run's. A run that begins
// has one without a lock, and then one whose lock it is about to take, for an
// instant.
const (
	unlockedFor = time.Hour
	lockedFor   = time.Minute
)

// folder is the directory of the bodies, made if it is not there yet.
func (s *BodyStore) folder() (string, error) {
	s.making.Lock()
	defer s.making.Unlock()
	if s.dir != "" {
		return s.dir, nil
	}
	if err := os.MkdirAll(s.parent, 0o700); err != nil {
		return "", fmt.Errorf("making room for large bodies: %w", err)
	}
	dir, owned, err := heldFolder(s.parent)
	if err != nil {
		return "", fmt.Errorf("making room for large bodies: %w", err)
	}
	s.dir, s.owned = dir, owned
	return dir, nil
}

// heldFolder makes a directory under parent that is this process's until its
// lock is released; what a killed one leaves, removeStale finds.
func heldFolder(parent string) (dir string, owned *state.Lock, err error) {
	if dir, err = os.MkdirTemp(parent, folderPrefix); err != nil {
		return "", nil, err
	}
	if owned, err = state.Hold(dir); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return dir, owned, nil
}

// removeStale removes the directories whose owner is gone. Others' are left
// alone, and so are those that can't be told.
func removeStale(parent string) error {
	found, err := filepath.Glob(filepath.Join(parent, folderPrefix+"*"))
	if err != nil {
		return fmt.Errorf("looking for what crashed runs left: %w", err)
	}
	for _, dir := range found {
		if !orphaned(dir) {
			continue
		}
		if err := os.RemoveAll(dir); err != nil && !errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("removing what a crashed run left: %w", err)
		}
	}
	return nil
}

// orphaned says whether a directory was made for bodies and has no owner. Only
// names of ours are in such a one.
func orphaned(dir string) bool {
	info, err := os.Lstat(dir)
	entries, unread := os.ReadDir(dir)
	if err != nil || unread != nil || !info.IsDir() {
		return false
	}
	locked := false
	for _, e := range entries {
		locked = locked || e.Name() == state.LockName
		if _, ours := bodyNumber(e.Name()); !ours && e.Name() != state.LockName && e.Name() != authorityName {
			return false
		}
	}
	if age := time.Since(info.ModTime()); !locked || age < lockedFor {
		return age > unlockedFor
	}
	lock, err := state.Hold(dir)
	return err == nil && lock.Release() == nil
}
