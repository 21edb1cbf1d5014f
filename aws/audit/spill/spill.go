// Package spill keeps the versions of one key on disk where they are too many to
// be held at once. What belongs together lies in one part, by the version's ID.
package spill

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"time"

	"bothways/aws/audit/difference"
)

const (
	// Parts is into how many parts the versions fall: of ten million one has
	// forty thousand.
	Parts = 256
	block = 8 << 10 // bytes of a part that are gathered before they are written
	// pattern is of the files' names: nothing else is called so.
	pattern = "bothways-audit-*.spill"
)

// File is the versions of one side. It is gone with its process: where a file
// that is open can be removed it has no name, and elsewhere Sweep removes it.
type File struct {
	file   *os.File
	end    int64
	parts  [Parts][]byte   // not yet written
	blocks [Parts][]extent // written
}

type extent struct {
	from int64
	size int
}

// Sweep removes what processes that died have left in a folder. Those that are
// in use can't be removed, or have no name.
func Sweep(dir string) {
	left, _ := filepath.Glob(filepath.Join(folder(dir), pattern)) // its only error is a bad pattern
	for _, path := range left {
		_ = os.Remove(path) // it is in use
	}
}

func folder(dir string) string {
	if dir == "" {
		return os.TempDir()
	}
	return dir
}

// New makes a file in a folder; "" is the system's for such files.
func New(dir string) (*File, error) {
	file, err := os.CreateTemp(folder(dir), pattern)
	if err != nil {
		return nil, fmt.Errorf("keep a key of very many versions on disk: %w", err)
	}
	_ = os.Remove(file.Name()) // where that can't be done yet, Close does it
	return &File{file: file}, nil
}

// Close removes the file.
func (f *File) Close() error {
	err := f.file.Close()
	_ = os.Remove(f.file.Name()) // mostly it is gone already
	return err
}

// Add puts a version in.
func (f *File) Add(e *difference.Entry) error {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(e.VersionID)) // it never fails
	part := hash.Sum32() % Parts
	f.parts[part] = appendEntry(f.parts[part], e)
	if len(f.parts[part]) < block {
		return nil
	}
	n, err := f.file.WriteAt(f.parts[part], f.end)
	if err != nil {
		return fmt.Errorf("keep a key of very many versions on disk: %w", err)
	}
	f.blocks[part] = append(f.blocks[part], extent{f.end, n})
	f.end += int64(n)
	f.parts[part] = f.parts[part][:0]
	return nil
}

// Part gives back the versions of one part.
func (f *File) Part(part int) ([]difference.Entry, error) {
	var all []difference.Entry
	text := make([]byte, 0, 2*block)
	for _, at := range f.blocks[part] {
		text = append(text[:0], make([]byte, at.size)...)
		if _, err := f.file.ReadAt(text, at.from); err != nil {
			return nil, fmt.Errorf("read a key of very many versions from disk: %w", err)
		}
		var err error
		if all, err = readEntries(all, text); err != nil {
			return nil, err
		}
	}
	return readEntries(all, f.parts[part])
}

func appendEntry(to []byte, e *difference.Entry) []byte {
	var flags byte
	if e.Marker {
		flags |= 1
	}
	if e.Latest {
		flags |= 2
	}
	to = append(to, flags)
	to = binary.AppendVarint(to, e.Modified.UnixMilli())
	to = binary.AppendVarint(to, e.Size)
	for _, text := range []string{e.VersionID, e.ETag, e.Class} {
		to = append(binary.AppendUvarint(to, uint64(len(text))), text...)
	}
	return to
}

var errDamaged = errors.New("a key of very many versions reads otherwise from disk than it was written")

func readEntries(to []difference.Entry, text []byte) ([]difference.Entry, error) {
	for len(text) > 0 {
		e := difference.Entry{Marker: text[0]&1 != 0, Latest: text[0]&2 != 0}
		text = text[1:]
		modified, n := binary.Varint(text)
		size, m := binary.Varint(text[max(n, 0):])
		if n <= 0 || m <= 0 {
			return nil, errDamaged
		}
		text = text[n+m:]
		e.Modified, e.Size = time.UnixMilli(modified).UTC(), size
		for _, into := range []*string{&e.VersionID, &e.ETag, &e.Class} {
			length, n := binary.Uvarint(text)
			if n <= 0 || length > uint64(len(text)-n) {
				return nil, errDamaged
			}
			*into = string(text[n : n+int(length)])
			text = text[n+int(length):]
		}
		to = append(to, e)
	}
	return to, nil
}
