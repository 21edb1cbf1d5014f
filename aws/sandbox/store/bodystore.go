package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"bothways/aws/sandbox/state"
)

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
// directory of its own. Unless the store is durable, Close removes it.
type BodyStore struct {
	dir    string
	held   atomic.Int64 // bytes in memory
	serial atomic.Uint64
	blocks sync.Pool // *[]byte of fileAbove bytes
	// adopted are the files of a durable store that are in use from before;
	// nil for a store that is not durable.
	adopted  map[string]*piece
	obsolete obsolete
}

// OpenBodyStore makes a fresh directory under parent ("" means the system's
// directory for temporary files) and removes those that crashed runs left
// there.
func OpenBodyStore(parent string) (*BodyStore, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	prefix, err := dirPrefix()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, fmt.Errorf("making room for large bodies: %w", err)
	}
	if err := removeStale(parent, prefix); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(parent, prefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return nil, fmt.Errorf("making room for large bodies: %w", err)
	}
	return newBodyStore(dir), nil
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
	if err := os.RemoveAll(s.dir); err != nil {
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
		return s.file(func(f *os.File) (int64, error) {
			n, err := f.Write(data)
			return int64(n), err
		})
	}
	s.held.Add(size)
	return newBody(&piece{bodies: s, data: append([]byte(nil), data...), size: size}), nil
}

// spool writes a body to a file whose first block has been read already.
func (s *BodyStore) spool(block []byte, rest io.Reader, sums io.Writer) (*Body, error) {
	return s.file(func(f *os.File) (int64, error) {
		both := io.MultiWriter(f, sums)
		if _, err := both.Write(block); err != nil {
			return 0, err
		}
		n, err := io.CopyBuffer(both, struct{ io.Reader }{rest}, block)
		return int64(len(block)) + n, err
	})
}

func (s *BodyStore) file(fill func(*os.File) (int64, error)) (*Body, error) {
	path := filepath.Join(s.dir, strconv.FormatUint(s.serial.Add(1), 10))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a number in our own directory
	if err != nil {
		return nil, fmt.Errorf("keeping a body: %w", err)
	}
	size, err := fill(f)
	if s.Durable() && err == nil {
		err = f.Sync()
		s.obsolete.added()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	return newBody(&piece{bodies: s, path: path, size: size}), nil
}

// dirPrefix names this computer, so that a directory shared with another
// (whose process numbers mean nothing here) is never taken for stale.
func dirPrefix() (string, error) {
	host, err := os.Hostname()
	if err != nil {
		return "", fmt.Errorf("naming the directory of large bodies: %w", err)
	}
	host = strings.Map(func(r rune) rune {
		if r == '-' || r == os.PathSeparator || r == '/' {
			return '_'
		}
		return r
	}, host)
	return "bothways-sandbox-" + host + "-", nil
}

// removeStale removes the directories whose process is gone.
func removeStale(parent, prefix string) error {
	found, err := filepath.Glob(filepath.Join(parent, prefix+"*"))
	if err != nil {
		return fmt.Errorf("looking for what crashed runs left: %w", err)
	}
	for _, dir := range found {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		number, err := strconv.Atoi(pid)
		if err != nil || number == os.Getpid() || state.Alive(number) {
			continue
		}
		if err := os.RemoveAll(dir); err != nil && !errors.Is(err, os.ErrPermission) {
			return fmt.Errorf("removing what a crashed run left: %w", err)
		}
	}
	return nil
}
