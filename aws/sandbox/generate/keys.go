package generate

import (
	"bytes"
	"math/bits"
	"sort"
	"strconv"
	"strings"
)

// How the keys of a family are named.
const (
	numbers = "numbers"
	hashes  = "hashes"
)

// family is the keys of one prefix. Its names have digits of fixed widths, so
// that their byte order is that of their numbers.
type family struct {
	Keys
	first uint64 // place of its first key
	count uint64
	seed  uint64
	// widths are those of the folders and of the name.
	widths []int
	gap    uint64 // between hashes
}

func newFamily(k Keys, seed uint64) *family {
	f := &family{Keys: k, count: uint64(k.Count), seed: seed}
	rest, per := f.count-1, uint64(k.PerFolder)
	f.widths = make([]int, k.Depth+1)
	for level := k.Depth; level > 0; level-- {
		f.widths[level] = width(per - 1)
		rest /= per
	}
	f.widths[0] = width(rest)
	f.gap, _ = bits.Div64(1, 0, max(f.count, 2)) // 2^64 / count
	return f
}

func width(n uint64) int { return len(strconv.FormatUint(n, 10)) }

// appendKey appends the i-th key.
func (f *family) appendKey(to []byte, i uint64) []byte {
	to = append(to, f.Prefix...)
	if f.Names == hashes {
		to = f.appendHash(to, i)
	} else {
		to = f.appendNumber(to, i)
	}
	return append(to, f.Suffix...)
}

func (f *family) appendNumber(to []byte, i uint64) []byte {
	per := uint64(f.PerFolder)
	end := len(to) + f.Depth // slashes
	for _, width := range f.widths {
		end += width
	}
	to = append(to, make([]byte, end-len(to))...)
	at := end
	for level := f.Depth; level >= 0; level-- {
		digits := i
		if level > 0 {
			digits, i = i%per, i/per
		}
		for range f.widths[level] {
			at--
			to[at] = '0' + byte(digits%10)
			digits /= 10
		}
		if level > 0 {
			at--
			to[at] = '/'
		}
	}
	return to
}

func (f *family) appendHash(to []byte, i uint64) []byte {
	const digits = "0123456789abcdef"
	value := i*f.gap + mix(f.seed^i)%f.gap
	var name [16]byte
	for at := len(name) - 1; at >= 0; at-- {
		name[at] = digits[value&15]
		value >>= 4
	}
	for level := range f.Depth {
		to = append(append(to, name[2*level:2*level+2]...), '/')
	}
	return append(to, name[:]...)
}

// seek returns the number of the first key that is not below key, count if there
// is none. The key begins with the family's prefix.
func (f *family) seek(key []byte) uint64 {
	var room [longestKey]byte
	return uint64(sort.Search(f.Count, func(i int) bool {
		return bytes.Compare(f.appendKey(room[:0], uint64(i)), key) >= 0
	}))
}

// families are those of a document, in the order of their prefixes, none of which
// begins with another.
type families []*family

func newFamilies(all []Keys, seed uint64) (families, uint64) {
	made, first := make(families, len(all)), uint64(0)
	for i, keys := range all {
		made[i] = newFamily(keys, mix(seed+uint64(i)))
		made[i].first = first
		first += made[i].count
	}
	return made, first
}

// seek returns the place of the first key that is not below key.
func (all families) seek(key string, total uint64) uint64 {
	after := sort.Search(len(all), func(i int) bool { return all[i].Prefix > key })
	if after > 0 {
		if f := all[after-1]; strings.HasPrefix(key, f.Prefix) {
			return f.first + f.seek([]byte(key))
		}
	}
	if after < len(all) {
		return all[after].first
	}
	return total
}

// of returns the family of a place.
func (all families) of(place uint64) *family {
	after := sort.Search(len(all), func(i int) bool { return all[i].first > place })
	return all[after-1]
}

// mix scatters a number over all 64 bits, each number to another one (Steele,
// Lea, Flood: Fast splittable pseudorandom number generators).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// unmix undoes mix.
func unmix(x uint64) uint64 {
	x = (x ^ x>>31 ^ x>>62) * 0x319642b2d24d8ec3
	x = (x ^ x>>27 ^ x>>54) * 0x96de1b173f119089
	return (x ^ x>>30 ^ x>>60) - 0x9e3779b97f4a7c15
}
