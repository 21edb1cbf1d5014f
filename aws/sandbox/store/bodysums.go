package store

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// ErrDamaged says that bytes of a body are no longer those that were written.
var ErrDamaged = errors.New("bytes of the body changed after they were written")

// sumBlock is how many bytes of a piece have a sum of their own: what is read is
// checked block by block before any of it is given out, so that a large body
// needs no second pass and a range of it little more than the range.
const sumBlock = fileAbove

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) } // made once, by the library

// sums are the CRC-32C of each block of a piece, four bytes each, big-endian. A
// state that was written before there were sums has none.
type sums []byte

func sumsOf(data []byte) sums {
	var s summing
	_, _ = s.Write(data)
	return s.end()
}

// holds says whether a block is as it was written.
func (s sums) holds(number int64, block []byte) bool {
	at := number * crc32.Size
	return at+crc32.Size <= int64(len(s)) && binary.BigEndian.Uint32(s[at:]) == crc32.Checksum(block, castagnoli())
}

// summing makes sums of what is written to it.
type summing struct {
	done sums
	crc  uint32
	in   int // bytes of the block that has begun
}

func (s *summing) Write(data []byte) (int, error) {
	written := len(data)
	for len(data) > 0 {
		n := min(len(data), sumBlock-s.in)
		s.crc = crc32.Update(s.crc, castagnoli(), data[:n])
		data = data[n:]
		if s.in += n; s.in == sumBlock {
			s.close()
		}
	}
	return written, nil
}

func (s *summing) close() {
	s.done = binary.BigEndian.AppendUint32(s.done, s.crc)
	s.crc, s.in = 0, 0
}

// size is how many bytes were written to it.
func (s *summing) size() int64 { return int64(len(s.done)/crc32.Size)*sumBlock + int64(s.in) }

func (s *summing) end() sums {
	if s.in > 0 {
		s.close()
	}
	return s.done
}

// copyChecked writes length bytes from offset of a piece to w, and none of a
// block that is damaged.
func (p *piece) copyChecked(w io.Writer, from io.ReaderAt, offset, length int64) error {
	block := p.bodies.blocks.Get().(*[]byte)
	defer p.bodies.blocks.Put(block)
	for length > 0 {
		number := offset / sumBlock
		start := number * sumBlock
		data := (*block)[:min(sumBlock, p.size-start)]
		if n, err := from.ReadAt(data, start); n < len(data) {
			if errors.Is(err, io.EOF) {
				err = ErrDamaged // shorter than it was
			}
			return err
		}
		if !p.sums.holds(number, data) {
			return ErrDamaged
		}
		data = data[offset-start:]
		data = data[:min(length, int64(len(data)))]
		if _, err := w.Write(data); err != nil {
			return err
		}
		offset, length = offset+int64(len(data)), length-int64(len(data))
	}
	return nil
}
