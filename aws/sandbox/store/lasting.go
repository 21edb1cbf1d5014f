package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"bothways/aws/sandbox/state"
)

// OpenLastingDepot opens a directory whose files stay after Close. Until
// Settle, files can be adopted; only then are bodies to be written.
func OpenLastingDepot(dir string) (*Depot, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making room for bodies: %w", err)
	}
	d := &Depot{dir: dir, adopted: map[string]*piece{}}
	d.blocks.New = func() any { block := make([]byte, fileAbove); return &block }
	return d, nil
}

// Lasting says whether the files stay after Close.
func (d *Depot) Lasting() bool { return d.adopted != nil }

var errNoPiece = errors.New("a file of a body is not there")

// adopt makes a body of what was written down of it. Bodies that share a file
// share it again.
func (d *Depot) adopt(pieces []pieceRecord) (*Body, error) {
	body := &Body{}
	body.refs.Store(1)
	for _, r := range pieces {
		p := d.adopted[r.File]
		switch {
		case r.File == "":
			p = &piece{depot: d, data: r.Data, size: int64(len(r.Data))}
			d.held.Add(p.size)
		case strings.ContainsAny(r.File, `/\`):
			return nil, fmt.Errorf("%q is not the name of a body", r.File)
		case p == nil || p.refs.Load() == 0:
			path := filepath.Join(d.dir, r.File)
			info, err := os.Stat(path)
			if err != nil || info.Size() != r.Size {
				return nil, errNoPiece
			}
			p = &piece{depot: d, path: path, size: r.Size}
			// Replay drops a version before it takes in its next state: the
			// file must outlast that. Settle gives this reference back.
			p.refs.Store(1)
			d.adopted[r.File] = p
		}
		p.refs.Add(1)
		body.pieces = append(body.pieces, p)
		body.size += p.size
	}
	return body, nil
}

// Settle removes the files that nobody adopted, such as those of uploads that
// were not completed, and makes the depot ready for new bodies.
func (d *Depot) Settle() error {
	for _, p := range d.adopted {
		p.release()
	}
	d.doomed.remove(d.doomed.take())
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return fmt.Errorf("reading the bodies of the sandbox: %w", err)
	}
	for _, e := range entries {
		p := d.adopted[e.Name()]
		if number, err := strconv.ParseUint(e.Name(), 10, 64); err == nil && number > d.serial.Load() {
			d.serial.Store(number)
		}
		if p == nil {
			if err := os.Remove(filepath.Join(d.dir, e.Name())); err != nil {
				return fmt.Errorf("removing a body that nobody needs: %w", err)
			}
		}
	}
	clear(d.adopted)
	return nil
}

// doomed are the files of a lasting depot that nobody needs any more. They are
// removed only when the log on disk says so too: until then a crash would bring
// back what they belong to.
type doomed struct {
	mu    sync.Mutex
	paths []string
	fresh bool // files were made whose names may not be on disk
}

func (d *doomed) add(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.paths = append(d.paths, path)
}

func (d *doomed) added() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fresh = true
}

func (d *doomed) take() (paths []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	paths, d.paths = d.paths, nil
	return paths
}

// takeFresh says whether names of files are still to be brought to disk.
func (d *doomed) takeFresh() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	fresh := d.fresh
	d.fresh = false
	return fresh
}

// remove removes files. One that can't be removed now goes at the next start.
func (d *doomed) remove(paths []string) {
	for _, path := range paths {
		_ = os.Remove(path)
	}
}

// Sync returns once all that has changed is on disk.
func (s *Store) Sync() error {
	if s.Depot.doomed.takeFresh() {
		if err := state.SyncDir(s.Depot.dir); err != nil {
			return err
		}
	}
	gone := s.Depot.doomed.take()
	if err := s.log.Sync(); err != nil {
		return err
	}
	s.Depot.doomed.remove(gone)
	return nil
}
