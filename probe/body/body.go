// Package body makes the content of probe objects, and cuts it into the parts
// in which it is uploaded.
package body

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Body is an object's content, made while it is read: random, so that nothing
// on the way can shorten it, the same at each reading, so that the SDK can hash
// it and rewind it, and never held in memory, whatever its size. It is the key
// stream of AES in counter mode, which can start anywhere and costs less than
// the hashing that follows.
type Body struct {
	seed [sha256.Size]byte
	from int64 // where this section starts in the object
	size int64 // bytes

	mu       sync.Mutex
	at       int64 // within the section
	stream   cipher.Stream
	streamAt int64     // absolute position of the stream
	lastRead time.Time // start of the newest Read that returned bytes
}

// New is the content of the object at key, unique to the key.
func New(key string, size int64) *Body {
	return &Body{seed: sha256.Sum256([]byte(key)), size: size}
}

// Section is a part of the content that can be read on its own.
func (b *Body) Section(from, size int64) *Body {
	return &Body{seed: b.seed, from: from, size: size}
}

// Size is how many bytes a whole reading yields.
func (b *Body) Size() int64 { return b.size }

// Read implements io.Reader.
func (b *Body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.at >= b.size {
		return 0, io.EOF
	}
	started := time.Now()
	p = p[:min(int64(len(p)), b.size-b.at)]
	if err := b.align(b.from + b.at); err != nil {
		return 0, err
	}
	clear(p)
	b.stream.XORKeyStream(p, p)
	b.at += int64(len(p))
	b.streamAt += int64(len(p))
	if len(p) > 0 {
		b.lastRead = started
	}
	return len(p), nil
}

// align makes the stream stand at the absolute position.
func (b *Body) align(position int64) error {
	if b.stream != nil && b.streamAt == position {
		return nil
	}
	block, err := aes.NewCipher(b.seed[:])
	if err != nil {
		return fmt.Errorf("make a probe's content: %w", err)
	}
	var counter [aes.BlockSize]byte
	binary.BigEndian.PutUint64(counter[8:], uint64(position/aes.BlockSize))
	b.stream, b.streamAt = cipher.NewCTR(block, counter[:]), position
	skip := make([]byte, position%aes.BlockSize)
	b.stream.XORKeyStream(skip, skip)
	return nil
}

// Seek implements io.Seeker.
func (b *Body) Seek(offset int64, whence int) (int64, error) {
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

// LastReadAt is the instant before the last bytes were handed out: the object
// cannot have been complete anywhere before it.
func (b *Body) LastReadAt() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lastRead
}

const (
	maxParts    = 10_000 // S3 User Guide, "Amazon S3 multipart upload limits"
	partSizeMin = 8 << 20

	// SinglePutMax is the most bytes of an object that goes up in one request.
	SinglePutMax = 16 << 20
	// MaxSize is the most bytes of an object that S3 takes: 10,000 parts of
	// 5 GiB (S3 User Guide, "Amazon S3 multipart upload limits").
	MaxSize int64 = maxParts * (5 << 30)
)

// PartSize is 8 MiB, or more in whole MiB where 10,000 parts would not do.
func PartSize(size int64) int64 {
	const mebibyte = 1 << 20
	least := (size + maxParts - 1) / maxParts
	return max(partSizeMin, (least+mebibyte-1)/mebibyte*mebibyte)
}

// Requests counts what one upload of so many bytes takes.
func Requests(size int64) int64 {
	if size <= SinglePutMax {
		return 1
	}
	step := PartSize(size)
	return (size+step-1)/step + 2
}
