// Package manifest writes and reads the lists that jobs of S3 Batch Operations
// work through, and the reports that they leave: CSV with the keys in the
// encoding of URLs (S3 User Guide, "Creating an S3 Batch Operations job").
package manifest

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/url"
	"strings"
)

// MostTasks is how many objects one job may have (S3 User Guide, "S3 Batch
// Operations": 20 billion).
const MostTasks = 20_000_000_000

// Line is one version of a manifest, and what came of it in a report.
type Line struct {
	Bucket, Key string
	// VersionID is "null" for what was written while versioning was off: left
	// empty, as inventories have it, its task would fail.
	VersionID string
}

// Append writes the line behind text.
func (l Line) Append(text []byte) []byte {
	text = append(text, l.Bucket...)
	text = append(text, ',')
	text = appendKey(text, l.Key)
	text = append(text, ',')
	text = append(text, l.VersionID...)
	return append(text, '\n')
}

// appendKey escapes all but what every decoder of URLs leaves as it is: what
// they differ about, spaces and plus signs, reads the same for all, and nothing
// is left that CSV would have to quote.
func appendKey(text []byte, key string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(key) {
		c := key[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '~', c == '/':
			text = append(text, c)
		default:
			text = append(text, '%', digits[c>>4], digits[c&15])
		}
	}
	return text
}

// Digest is that of a manifest, while it is put together.
type Digest struct {
	sum   hash.Hash
	line  []byte
	lines int64
	bytes int64
}

// NewDigest is that of no line.
func NewDigest() *Digest { return &Digest{sum: sha256.New()} }

// Add takes one more line in.
func (d *Digest) Add(l Line) {
	d.line = l.Append(d.line[:0])
	d.sum.Write(d.line)
	d.lines++
	d.bytes += int64(len(d.line))
}

// Lines and Bytes are how long the manifest is.
func (d *Digest) Lines() int64 { return d.lines }

// Bytes is its length.
func (d *Digest) Bytes() int64 { return d.bytes }

// String is the digest in hexadecimal digits.
func (d *Digest) String() string { return hex.EncodeToString(d.sum.Sum(nil)[:16]) }

// Read reads a manifest, a line at a time, until take returns an error.
func Read(from io.Reader, take func(Line) error) error {
	lines := csv.NewReader(from)
	lines.FieldsPerRecord, lines.ReuseRecord = 3, true
	for n := 1; ; n++ {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read line %d of the manifest: %w", n, err)
		}
		line, err := parsed(fields)
		if err != nil {
			return fmt.Errorf("line %d of the manifest: %w", n, err)
		}
		if err := take(line); err != nil {
			return err
		}
	}
}

func parsed(fields []string) (Line, error) {
	key, err := url.PathUnescape(fields[1])
	if err != nil || key == "" {
		return Line{}, fmt.Errorf("the key %q is not in the encoding of URLs", clip(fields[1]))
	}
	return Line{Bucket: strings.Clone(fields[0]), Key: strings.Clone(key), VersionID: strings.Clone(fields[2])}, nil
}

func clip(text string) string {
	const most = 80
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}
