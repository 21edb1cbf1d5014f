package inventory

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/cespare/xxhash/v2"
)

// spill spreads rows over files by the hash of their keys, so that all that both
// sides have of a key lies in one file.
type spill struct {
	folder string
	name   string
	over   uint64 // the hash is divided by this first, as files of files are
	files  []*spillFile
}

// spillFile is one of them, made when its first row comes.
type spillFile struct {
	mu   sync.Mutex
	file *os.File
	to   *bufio.Writer
	skip bool
	text []byte
}

// newSpill makes n files; those that skip says take nothing.
func newSpill(folder, name string, over uint64, n int, skip func(i int) bool) *spill {
	s := &spill{folder: folder, name: name, over: over, files: make([]*spillFile, n)}
	for i := range s.files {
		s.files[i] = &spillFile{skip: skip(i)}
	}
	return s
}

// add takes a row of a side. Several goroutines may call it.
func (s *spill) add(row *Row, side byte) error {
	n := xxhash.Sum64String(row.Key) / s.over % uint64(len(s.files))
	f := s.files[n]
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.skip {
		return nil
	}
	f.text = appendRecord(f.text[:0], row, side)
	return s.write(int(n), f, f.text)
}

// copy takes a record as it is.
func (s *spill) copy(key, text []byte) error {
	n := xxhash.Sum64(key) / s.over % uint64(len(s.files))
	f := s.files[n]
	if f.skip {
		return nil
	}
	return s.write(int(n), f, text)
}

// spillBuffer is how many bytes are gathered for a file before they are written.
const spillBuffer = 16 << 10

func (s *spill) write(n int, f *spillFile, text []byte) (err error) {
	if f.file == nil {
		if f.file, err = os.Create(filepath.Join(s.folder, fmt.Sprintf("%s-%d", s.name, n))); err != nil {
			return err
		}
		f.to = bufio.NewWriterSize(f.file, spillBuffer)
	}
	_, err = f.to.Write(text)
	return err
}

// finish writes what is gathered, and lets the memory go.
func (s *spill) finish() error {
	var failed []error
	for _, f := range s.files {
		if f.file != nil {
			failed = append(failed, f.to.Flush(), f.file.Close())
			f.to, f.text = nil, nil
		}
	}
	return errors.Join(failed...)
}

// take removes a file after use has had it; one without a row is not there.
func (s *spill) take(n int, use func(path string) error) error {
	f := s.files[n]
	if f.file == nil {
		return nil
	}
	return errors.Join(use(f.file.Name()), os.Remove(f.file.Name()))
}
