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

// OpenDurableBodyStore keeps bodies in a directory whose files stay after Close.
// Until Sweep, files can be adopted; only then are bodies to be written.
func OpenDurableBodyStore(dir string) *BodyStore {
	s := newBodyStore(dir)
	s.adopted, s.named = map[string]*piece{}, map[string]bool{}
	return s
}

// Durable says whether the files stay after Close.
func (s *BodyStore) Durable() bool { return s.adopted != nil }

var errNoPiece = errors.New("a file of a body is not there")

// adopt makes a body of what was written down of it. Bodies that share a file
// share it again.
func (s *BodyStore) adopt(pieces []pieceRecord) (*Body, error) {
	body := &Body{}
	body.refs.Store(1)
	for _, r := range pieces {
		p := s.adopted[r.File]
		switch {
		case r.File == "":
			p = &piece{bodies: s, data: r.Data, size: int64(len(r.Data)), sums: r.Sums}
			s.held.Add(p.size)
		case strings.ContainsAny(r.File, `/\`):
			return nil, fmt.Errorf("%q is not the name of a body", r.File)
		case p == nil || p.refs.Load() == 0:
			path := filepath.Join(s.dir, r.File)
			info, err := os.Stat(path)
			if err != nil || info.Size() != r.Size {
				delete(s.named, r.File) // it is not what was named, and may be put right
				body.Release()
				return nil, errNoPiece
			}
			s.named[r.File] = true
			p = &piece{bodies: s, path: path, size: r.Size, sums: r.Sums}
			// Replay drops a version before it takes in its next state: the
			// file must outlast that. Sweep gives this reference back.
			p.refs.Store(1)
			s.adopted[r.File] = p
		}
		p.refs.Add(1)
		body.pieces = append(body.pieces, p)
		body.size += p.size
	}
	return body, nil
}

// bodyNumber reads the number from the name of a body's file.
func bodyNumber(name string) (number uint64, ours bool) {
	digits, ours := strings.CutSuffix(name, bodyExtension)
	if !ours {
		return 0, false
	}
	number, err := strconv.ParseUint(digits, 10, 64)
	return number, err == nil
}

// obsolete are the files of a durable store that nobody needs any more. They are
// removed only when the log on disk says so too: until then a crash would bring
// back what they belong to.
type obsolete struct {
	mu      sync.Mutex
	paths   []string
	fresh   bool // files were made whose names may not be on disk
	syncing sync.Mutex
}

func (o *obsolete) add(path string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.paths = append(o.paths, path)
}

func (o *obsolete) added() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fresh = true
}

func (o *obsolete) take() (paths []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	paths, o.paths = o.paths, nil
	return paths
}

// syncNames brings the names of files to disk that may not be there yet. Whoever
// asks at the same time waits for it, too.
func (o *obsolete) syncNames(dir string) error {
	o.syncing.Lock()
	defer o.syncing.Unlock()
	o.mu.Lock()
	fresh := o.fresh
	o.fresh = false
	o.mu.Unlock()
	if !fresh {
		return nil
	}
	err := state.SyncDir(dir)
	if err != nil {
		o.added()
	}
	return err
}

// remove removes files. One that can't be removed now goes at the next start.
func (o *obsolete) remove(paths []string) {
	for _, path := range paths {
		_ = os.Remove(path)
	}
}

// Sync returns once all that has changed is on disk.
func (s *Store) Sync() error {
	if err := s.Bodies.obsolete.syncNames(s.Bodies.dir); err != nil {
		return err
	}
	gone := s.Bodies.obsolete.take()
	if err := s.log.Sync(); err != nil {
		return err
	}
	s.Bodies.obsolete.remove(gone)
	return nil
}
