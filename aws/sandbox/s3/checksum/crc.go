package checksum

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/bits"

	"bothways/aws/sandbox/store"
)

// Joining the CRCs of two runs of bytes into that of both: a CRC is linear,
// so the first one only has to be moved past the length of the second. Moving
// by one bit is a matrix over GF(2); squaring it doubles the distance (Mark
// Adler, crc32_combine in zlib).

// matrix has one column for each bit of the CRC's register.
type matrix []uint64

func (m matrix) times(vector uint64) uint64 {
	var sum uint64
	for ; vector != 0; vector &= vector - 1 { // without its lowest bit
		sum ^= m[bits.TrailingZeros64(vector)]
	}
	return sum
}

func (m matrix) squared() matrix {
	square := make(matrix, len(m))
	for i, column := range m {
		square[i] = m.times(column)
	}
	return square
}

// combine returns the CRC of two runs of bytes whose CRCs are first and
// second, the second being length bytes long. The polynomial is reversed.
func combine(polynomial uint64, width int, first, second uint64, length int64) uint64 {
	move := make(matrix, width) // past one zero bit
	move[0] = polynomial
	for i := 1; i < width; i++ {
		move[i] = 1 << (i - 1)
	}
	for range 3 {
		move = move.squared() // past one zero byte
	}
	for ; length > 0; length >>= 1 {
		if length&1 == 1 {
			first = move.times(first)
		}
		move = move.squared()
	}
	return first ^ second
}

// joinCRCs returns the base64 CRC of the joined parts.
func joinCRCs(algorithm string, parts []*store.UploadPart) (string, error) {
	polynomial, width := uint64(crc32.IEEE), 32
	switch algorithm {
	case "CRC32":
	case "CRC32C":
		polynomial = crc32.Castagnoli
	case "CRC64NVME":
		polynomial, width = 0x9a6c9329ac4bc9b5, 64
	default:
		return "", fmt.Errorf("joining checksums: %s has no full-object form", algorithm)
	}
	var whole uint64
	for _, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.Checksum.Value)
		if err != nil || len(raw) != width/8 {
			return "", fmt.Errorf("joining checksums: part %d has none", p.Number)
		}
		whole = combine(polynomial, width, whole, bigEndian(raw), p.Body.Size())
	}
	raw := binary.BigEndian.AppendUint64(nil, whole)[8-width/8:]
	return base64.StdEncoding.EncodeToString(raw), nil
}

func bigEndian(raw []byte) uint64 {
	return binary.BigEndian.Uint64(append(make([]byte, 8-len(raw)), raw...))
}
