package probe

import (
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"time"
)

// blockSize is the stretch of a body that comes from one generator. Seeking
// costs at most the generation of one block.
const blockSize = 64 << 10

// body is an object's content, made while it is read: random, so that nothing
// on the way can shorten it, the same at each reading, so that the SDK can hash
// it and rewind it, and never held in memory, whatever its size.
type body struct {
	seed [sha256.Size]byte
	from int64 // where this section starts in the object
	size int64

	mu       sync.Mutex
	at       int64 // within the section
	stream   *rand.ChaCha8
	streamAt int64     // absolute position of the stream
	lastRead time.Time // start of the newest Read that returned bytes
}

// newBody is the content of the object at key, unique to the key.
func newBody(key string, size int64) *body {
	return &body{seed: sha256.Sum256([]byte(key)), size: size}
}

// section is a part of the content that can be read on its own.
func (b *body) section(from, size int64) *body {
	return &body{seed: b.seed, from: from, size: size}
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.at >= b.size {
		return 0, io.EOF
	}
	started := time.Now()
	p = p[:min(int64(len(p)), b.size-b.at)]
	for filled := 0; filled < len(p); {
		position := b.from + b.at
		b.align(position)
		n := min(blockSize-int(position%blockSize), len(p)-filled)
		_, _ = b.stream.Read(p[filled : filled+n]) // ChaCha8 never fails
		filled += n
		b.at += int64(n)
		b.streamAt += int64(n)
	}
	if len(p) > 0 {
		b.lastRead = started
	}
	return len(p), nil
}

// align makes the stream stand at the absolute position.
func (b *body) align(position int64) {
	block := position / blockSize
	if b.stream != nil && b.streamAt == position && position%blockSize != 0 {
		return
	}
	seed := b.seed
	for i := range 8 {
		seed[i] ^= byte(block >> (8 * i))
	}
	b.stream = rand.NewChaCha8(seed)
	b.streamAt = position
	skip := make([]byte, position%blockSize)
	_, _ = b.stream.Read(skip)
}

// Seek implements io.Seeker.
func (b *body) Seek(offset int64, whence int) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch whence {
	case io.SeekCurrent:
		offset += b.at
	case io.SeekEnd:
		offset += b.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the start of a probe's content")
	}
	b.at = offset
	return offset, nil
}

// lastReadAt is the instant before the last bytes were handed out: the object
// cannot have been complete anywhere before it.
func (b *body) lastReadAt() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lastRead
}
