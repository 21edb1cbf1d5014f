package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"bothways/aws/sandbox/state"
)

// unfinishedExtension ends the name of a body's file that is still written.
const unfinishedExtension = ".part"

// asideExtension ends the name of the folder for files that no log names.
const asideExtension = ".before"

// unfinished is what the name of a file ends with until its body is complete.
// Only a durable store makes a difference there: nobody else reads the names.
func (s *BodyStore) unfinished() string {
	if s.Durable() {
		return unfinishedExtension
	}
	return ""
}

// finish gives the file of a complete body its name. The log knows it first: a
// file under its name that the log does not have is then not one that a crash
// left, but one whose line was lost.
func (s *BodyStore) finish(path string) error {
	s.log.Append(entryBody, filepath.Base(path))
	if err := os.Rename(path+unfinishedExtension, path); err != nil {
		return err
	}
	s.obsolete.added()
	return nil
}

// Sweep removes the files that the log has named and nobody adopted, such as
// those of uploads that were not completed, and makes the store ready for new
// bodies. Files that the log never named are put aside, in the folder aside: the
// log has lost lines. What isn't named as a body is somebody else's, and stays.
func (s *BodyStore) Sweep() (aside string, unnamed int, err error) {
	for _, p := range s.adopted {
		p.release()
	}
	s.obsolete.remove(s.obsolete.take())
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return "", 0, fmt.Errorf("making room for bodies: %w", err)
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return "", 0, fmt.Errorf("reading the bodies of the sandbox: %w", err)
	}
	aside = s.dir + asideExtension
	s.passOver(aside)
	s.passOver(s.dir)
	for _, e := range entries {
		path := filepath.Join(s.dir, e.Name())
		_, complete := bodyNumber(e.Name())
		switch {
		case complete && s.adopted[e.Name()] != nil:
		case complete && !s.named[e.Name()]:
			if err := putAside(path, aside); err != nil {
				return "", 0, err
			}
			unnamed++
		case complete, isUnfinished(e.Name()):
			if err := os.Remove(path); err != nil {
				return "", 0, fmt.Errorf("removing a body that nobody needs: %w", err)
			}
		}
	}
	clear(s.adopted)
	clear(s.named)
	return aside, unnamed, state.SyncDir(filepath.Dir(s.dir))
}

// passOver keeps new bodies from the names that a folder has, if it is there.
func (s *BodyStore) passOver(dir string) {
	entries, _ := os.ReadDir(dir) // what can't be read, nothing is moved to
	for _, e := range entries {
		if number, ours := bodyNumber(e.Name()); ours {
			s.serial.Store(max(s.serial.Load(), number))
		}
	}
}

func isUnfinished(name string) bool {
	if filepath.Ext(name) != unfinishedExtension {
		return false
	}
	_, ours := bodyNumber(name[:len(name)-len(unfinishedExtension)])
	return ours
}

// putAside moves a file to a folder, which is made if need be. One that has its
// name there is not replaced.
func putAside(path, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("putting a body aside that the sandbox's state does not name: %w", err)
	}
	to := filepath.Join(dir, filepath.Base(path))
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("putting a body aside that the sandbox's state does not name: %s is there already; move that folder away", to)
	}
	if err := os.Rename(path, to); err != nil {
		return fmt.Errorf("putting a body aside that the sandbox's state does not name: %w", err)
	}
	return nil
}
