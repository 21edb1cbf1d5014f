package inventory

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/dustin/go-humanize"
)

// What a row may have at most. A key has at most 1,024 bytes in UTF-8 (S3 User
// Guide, Naming Amazon S3 objects), as IDs of versions have; the others are far
// above what S3 writes.
const (
	mostKey    = 1024
	mostID     = 1024
	mostETag   = 1024
	mostName   = 64 // of a storage class, of a replication status
	mostStates = 32 // replication statuses of a list
	// mostRow is the bytes of a row of CSV: its ACL may stand beside what is read,
	// with a hundred grants.
	mostRow = 256 << 10
)

// wrong says what no row that S3 wrote has, "" where there is nothing.
func (r *Row) wrong(bucket, source string) string {
	long := func(what string, has, most int) string {
		return fmt.Sprintf("its %s has %s bytes, and at most %s are read", what, humanize.Comma(int64(has)), humanize.Comma(int64(most)))
	}
	switch {
	case bucket != source:
		return fmt.Sprintf("it is of the bucket %q and not of %q", bucket[:min(len(bucket), mostName)], source)
	case r.Key == "":
		return "it has no key"
	case len(r.Key) > mostKey:
		return long("key", len(r.Key), mostKey)
	case len(r.VersionID) > mostID:
		return long("version ID", len(r.VersionID), mostID)
	case len(r.ETag) > mostETag:
		return long("ETag", len(r.ETag), mostETag)
	case len(r.Class) > mostName:
		return long("storage class", len(r.Class), mostName)
	case len(r.Status) > mostName:
		return long("replication status", len(r.Status), mostName)
	case r.Size < 0:
		return fmt.Sprintf("its size is %d", r.Size)
	case r.Modified.Year() < 1970 || r.Modified.Year() > 9999:
		return fmt.Sprintf("its time is of the year %d", r.Modified.Year())
	}
	return ""
}

// cancelled ends reading when its context ends, also where the bytes are at hand.
type cancelled struct {
	ctx  context.Context
	from io.Reader
}

// Read implements io.Reader.
func (c cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.from.Read(p[:min(len(p), 1<<20)])
}

// cancelledAt is the same of what is read back and forth.
type cancelledAt struct {
	ctx  context.Context
	from io.ReaderAt
}

// ReadAt implements io.ReaderAt.
func (c cancelledAt) ReadAt(p []byte, off int64) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.from.ReadAt(p, off)
}

// rowBound ends reading where no row ends within mostRow bytes: a line that is
// too long, a quote that nobody closes, empty lines without end. The decoder of
// CSV would keep all of it, or look for the next row in vain.
type rowBound struct {
	from  io.Reader
	given int64 // bytes
	ended int64 // where the last row did
	row   int64 // its number
	err   error // what reading ended with, as the decoder may word it otherwise
}

// Read implements io.Reader.
func (b *rowBound) Read(p []byte) (int, error) {
	if b.given-b.ended > mostRow {
		b.err = &rowError{b.row + 1, fmt.Sprintf("it does not end within %s bytes, the most that is read of a row", humanize.Comma(mostRow))}
		return 0, b.err
	}
	n, err := b.from.Read(p)
	b.given += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// next reads a row.
func (b *rowBound) next(rows *csv.Reader) ([]string, error) {
	record, err := rows.Read()
	b.ended = rows.InputOffset()
	b.row++
	if err != nil && b.err != nil {
		err = b.err
	}
	return record, err
}

// sizedReader ends reading where a file is longer than its manifest says.
type sizedReader struct {
	from io.Reader
	size int64
	had  int64
}

// Read implements io.Reader.
func (s *sizedReader) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if s.had += int64(n); s.had > s.size {
		return 0, &sizeError{fmt.Sprintf("has more than the %s bytes that the manifest gives", humanize.Comma(s.size))}
	}
	return n, err
}

// short says that the file is shorter.
func (s *sizedReader) short() error {
	if s.had < s.size {
		return &sizeError{fmt.Sprintf("has %s bytes, and the manifest gives %s", humanize.Comma(s.had), humanize.Comma(s.size))}
	}
	return nil
}

// sizeError says that a file has another size than its manifest gives.
type sizeError struct{ why string }

func (e *sizeError) Error() string { return e.why }
