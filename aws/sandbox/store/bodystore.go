package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"

	"bothways/aws/sandbox/state"
)

// bodyExtension ends the name of every file that a body is in.
const bodyExtension = ".body"

const (
	// fileAbove is the size in bytes above which a body is in a file.
	fileAbove = 1 << 20
	// memoryBudget bounds the bytes of all bodies kept in memory; once it is
	// used up, bodies above tiny go to files too.
	memoryBudget = 64 << 20
	// tiny bodies stay in memory whatever the budget says: a file costs more.
	tiny = 4 << 10
)

// BodyStore keeps bodies: small ones in memory, large ones in one file each, in a
// directory of its own. Unless the store is durable, the first large one makes
// the directory, and Close removes it.
type BodyStore struct {
	parent string // where the directory is made; "" where it is there
	making sync.Mutex
	dir    string
	owned  *state.Lock  // says that the directory's owner lives
	held   atomic.Int64 // bytes in memory
	serial atomic.Uint64
	blocks sync.Pool // *[]byte of fileAbove bytes
	// adopted are the files of a durable store that are in use from before;
	// nil for a store that is not durable.
	adopted  map[string]*piece
	named    map[string]bool // files that the log names, adopted or not
	log      *state.Log      // gets the names of files; nil: there is none
	obsolete obsolete
}

// OpenBodyStore keeps large bodies in a fresh directory under parent ("" means
// the system's directory for temporary files), and removes those that crashed
// runs left there.
func OpenBodyStore(parent string) (*BodyStore, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	if err := removeStale(parent); err != nil {
		return nil, err
	}
	s := newBodyStore("")
	s.parent = parent
	return s, nil
}

func newBodyStore(dir string) *BodyStore {
	s := &BodyStore{dir: dir}
	s.blocks.New = func() any { block := make([]byte, fileAbove); return &block }
	return s
}

// Close removes the directory with everything in it, unless it is durable.
func (s *BodyStore) Close() error {
	if s.Durable() {
		s.obsolete.remove(s.obsolete.take())
		return nil
	}
	s.making.Lock()
	defer s.making.Unlock()
	if s.dir == "" {
		return nil
	}
	if err := errors.Join(s.owned.Release(), os.RemoveAll(s.dir)); err != nil {
		return fmt.Errorf("removing the bodies of the sandbox: %w", err)
	}
	return nil
}

// Write reads r to its end into a new body and passes the bytes to sums on
// the way. The body has one reference, the caller's.
func (s *BodyStore) Write(r io.Reader, sums io.Writer) (*Body, error) {
	block := s.blocks.Get().(*[]byte)
	defer s.blocks.Put(block)
	// Not io.ReadFull: it would make a body that breaks off look complete.
	n := 0
	for n < len(*block) {
		m, err := r.Read((*block)[n:])
		n += m
		if errors.Is(err, io.EOF) {
			if _, err := sums.Write((*block)[:n]); err != nil {
				return nil, err
			}
			return s.keep((*block)[:n])
		}
		if err != nil {
			return nil, err
		}
	}
	return s.spool(*block, r, sums)
}

func (s *BodyStore) keep(data []byte) (*Body, error) {
	size := int64(len(data))
	if size > tiny && (s.Durable() || s.held.Load()+size > memoryBudget) {
		return s.file(func(f io.Writer) (int64, error) {
			n, err := f.Write(data)
			return int64(n), err
		})
	}
	s.held.Add(size)
	return newBody(&piece{bodies: s, data: append([]byte(nil), data...), size: size}), nil
}

// spool writes a body to a file whose first block has been read already.
func (s *BodyStore) spool(block []byte, rest io.Reader, sums io.Writer) (*Body, error) {
	return s.file(func(f io.Writer) (int64, error) {
		both := io.MultiWriter(f, sums)
		if _, err := both.Write(block); err != nil {
			return 0, err
		}
		n, err := io.CopyBuffer(both, struct{ io.Reader }{rest}, block)
		return int64(len(block)) + n, err
	})
}

func (s *BodyStore) file(fill func(io.Writer) (int64, error)) (*Body, error) {
	dir, err := s.folder()
	if err != nil {
		return nil, err
	}
	var f *os.File
	path := ""
	for f == nil {
		path = filepath.Join(dir, strconv.FormatUint(s.serial.Add(1), 10)+bodyExtension)
		f, err = os.OpenFile(path+s.unfinished(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil && !errors.Is(err, os.ErrExist) {
			return nil, fmt.Errorf("keeping a body: %w", err)
		}
	}
	var sum summing
	size, err := fill(io.MultiWriter(&sum, f)) // what is tried is counted, too
	if s.Durable() && err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if s.Durable() && err == nil {
		err = s.finish(path)
	}
	if err != nil {
		if onDisk := (*fs.PathError)(nil); s.log != nil && errors.As(err, &onDisk) { // not the client's
			s.log.Unfit(sum.size(), err)
		}
		return nil, errors.Join(err, os.Remove(path+s.unfinished()))
	}
	s.log.Fit(size)
	return newBody(&piece{bodies: s, path: path, size: size, sums: sum.end()}), nil
}
