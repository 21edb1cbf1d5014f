package store

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// Body is the immutable content of one object version. Versions in several
// buckets share one body; the last Release frees its bytes.
type Body struct {
	size   int64
	pieces []*piece
	refs   atomic.Int64
}

// piece is a run of bytes, in memory or in a file.
type piece struct {
	bodies  *BodyStore
	data    []byte
	path    string  // "" means in data
	content Content // in place of data and path, where nothing keeps the bytes
	size    int64
	sums    sums // nil where nothing tells damage
	refs    atomic.Int64
}

func newBody(p *piece) *Body {
	p.refs.Store(1)
	b := &Body{size: p.size, pieces: []*piece{p}}
	b.refs.Store(1)
	return b
}

// Join makes one body of several by reference to their bytes. It has one
// reference, the caller's; those of the parts stay as they are.
func Join(parts []*Body) *Body {
	joined := &Body{}
	joined.refs.Store(1)
	for _, part := range parts {
		joined.size += part.size
		for _, p := range part.pieces {
			p.refs.Add(1)
			joined.pieces = append(joined.pieces, p)
		}
	}
	return joined
}

// Size returns the length in bytes.
func (b *Body) Size() int64 { return b.size }

// Retain adds a reference.
func (b *Body) Retain() *Body {
	b.refs.Add(1)
	return b
}

// Release drops a reference; the last one frees the bytes.
func (b *Body) Release() {
	if b == nil || b.refs.Add(-1) != 0 {
		return
	}
	for _, p := range b.pieces {
		p.release()
	}
}

func (p *piece) release() {
	if p.refs.Add(-1) != 0 {
		return
	}
	if p.content != nil {
		return
	}
	if p.path == "" {
		p.bodies.held.Add(-p.size)
		p.data = nil
		return
	}
	if p.bodies.Durable() {
		p.bodies.obsolete.add(p.path)
		return
	}
	// A file that can't be removed now goes with the store's directory.
	_ = os.Remove(p.path)
}

// WriteRange writes length bytes from offset to w, or ErrDamaged before the first
// byte of a block that changed on disk. The caller holds a reference.
func (b *Body) WriteRange(w io.Writer, offset, length int64) error {
	for _, p := range b.pieces {
		if length == 0 {
			return nil
		}
		if offset >= p.size {
			offset -= p.size
			continue
		}
		n := min(length, p.size-offset)
		if err := p.writeRange(w, offset, n); err != nil {
			return err
		}
		offset, length = 0, length-n
	}
	if length != 0 {
		return io.ErrUnexpectedEOF
	}
	return nil
}

func (p *piece) writeRange(w io.Writer, offset, length int64) error {
	if p.content != nil {
		return p.content.WriteRange(w, offset, length)
	}
	if p.path == "" {
		if p.sums != nil {
			return p.copyChecked(w, bytes.NewReader(p.data), offset, length)
		}
		_, err := w.Write(p.data[offset : offset+length])
		return err
	}
	f, err := os.Open(p.path)
	if err != nil {
		return fmt.Errorf("reading a body: %w", err)
	}
	defer f.Close()
	if p.sums != nil {
		return p.copyChecked(w, f, offset, length)
	}
	n, err := io.Copy(w, io.NewSectionReader(f, offset, length))
	if err == nil && n < length {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// Reader reads length bytes from offset. The caller holds a reference until
// it is done and closes the reader.
func (b *Body) Reader(offset, length int64) io.ReadCloser {
	if len(b.pieces) == 1 && b.pieces[0].content == nil && b.pieces[0].path == "" && b.pieces[0].sums == nil {
		return io.NopCloser(bytes.NewReader(b.pieces[0].data[offset : offset+length]))
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(b.WriteRange(w, offset, length)) }()
	return r
}
