// Package keyspace cuts ranges of keys in two. S3 lists keys in the order of
// their UTF-8 bytes, which is that of their code points, and begins after any
// text whether or not it is a key. What people name keys with, digits and letters
// first, weighs more than what they don't, so that halves are near to halves.
package keyspace

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Weights of a character, by what it is.
const (
	usual   = 16 // digits and letters
	printed = 3
	control = 1
	others  = 128 // all beyond ASCII together
)

const (
	firstOther = 0x80
	surrogates = 0xE000 - 0xD800
	otherCount = utf8.MaxRune + 1 - firstOther - surrogates
)

// scale is what the characters before each one weigh together, of 1 to 0x7F, and
// at firstOther what all of them weigh. 0 is in no key.
type scale struct{ before [firstOther + 1]float64 }

var theScale = newScale() // it never changes

func newScale() *scale {
	s := &scale{}
	sum := 0.0
	for c := range rune(firstOther) {
		s.before[c] = sum
		if c > 0 {
			sum += weight(c)
		}
	}
	s.before[firstOther] = sum
	return s
}

func weight(c rune) float64 {
	switch {
	case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		return usual
	case c > ' ' && c < 0x7F:
		return printed
	}
	return control
}

// Line puts keys on a line from 0 to 1, as far as floating point tells them apart.
type Line struct {
	scale  *scale
	prefix string // what all keys of the range begin with
	low    string
	from   float64
	to     float64
	high   string // "": the end
}

// NewLine is the line from after low to high; "" is the end.
func NewLine(low, high string) Line {
	l := Line{scale: theScale, low: low, high: high, to: 1}
	l.prefix = common(low, high)
	l.from = l.scale.place(low[len(l.prefix):])
	if high != "" {
		l.to = l.scale.place(high[len(l.prefix):])
	}
	return l
}

// common is what both begin with, in whole characters.
func common(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) {
		r, size := utf8.DecodeRuneInString(a[n:])
		other, _ := utf8.DecodeRuneInString(b[n:])
		if r != other {
			break
		}
		n += size
	}
	return a[:n]
}

// Share is how much of the line lies before a key of it, from 0 to 1.
func (l Line) Share(key string) float64 {
	if l.to <= l.from || !strings.HasPrefix(key, l.prefix) {
		return 0
	}
	return min(max((l.scale.place(key[len(l.prefix):])-l.from)/(l.to-l.from), 0), 1)
}

// mostRunes of a key decide its place: further ones are below the precision.
const mostRunes = 10

// longest is how long a cut may be: S3's keys have at most 1,024 bytes.
const longest = 1000

// Middle is a text about in the middle that lies strictly between both ends, or
// false where floating point finds none.
func (l Line) Middle() (string, bool) {
	place := (l.from + l.to) / 2
	text := l.prefix
	for range mostRunes + 2 {
		r, within := l.scale.at(place)
		text += string(r)
		if len(text) > longest {
			break
		}
		if text > l.low && (l.high == "" || text < l.high) {
			return text, true
		}
		place = within
	}
	return "", false
}

// place is where a text lies between 0 and 1.
func (s *scale) place(text string) float64 {
	at, width, n := 0.0, 1.0, 0
	for _, r := range text {
		if n++; n > mostRunes {
			break
		}
		before, wide := s.of(r)
		at += width * before
		width *= wide
	}
	return at
}

// of is where a character begins and how wide it is, as shares.
func (s *scale) of(r rune) (before, wide float64) {
	all := s.before[firstOther] + others
	if r < firstOther {
		return s.before[r] / all, (s.before[r+1] - s.before[r]) / all
	}
	const one = float64(others) / otherCount
	return (s.before[firstOther] + float64(rank(r))*one) / all, one / all
}

// at is the character at a place, and where in it that place lies.
func (s *scale) at(place float64) (r rune, within float64) {
	all := s.before[firstOther] + others
	weighed := min(max(place, 0), 0.9999999999) * all
	if weighed < s.before[firstOther] {
		i := sort.Search(firstOther, func(i int) bool { return s.before[i+1] > weighed })
		r = max(1, rune(i))
	} else {
		r = unrank(int((weighed - s.before[firstOther]) / others * otherCount))
	}
	before, wide := s.of(r)
	return r, min(max((place-before)/wide, 0), 1)
}

// rank numbers the characters beyond ASCII, without surrogates.
func rank(r rune) int {
	if r >= 0xE000 {
		r -= surrogates
	}
	return int(r) - firstOther
}

func unrank(n int) rune {
	r := rune(min(max(n, 0), otherCount-1)) + firstOther
	if r >= 0xD800 {
		r += surrogates
	}
	return r
}

// After is a text behind which no key begins with the prefix that anybody would
// name so.
func After(prefix string) string { return prefix + string(utf8.MaxRune) }

// Before is a text directly before a key: whatever is listed after it begins with
// that key, or with what nobody would name one.
func Before(key string) string {
	last, size := utf8.DecodeLastRuneInString(key)
	head := key[:len(key)-size]
	switch {
	case last <= 1:
		return head
	case last == 0xE000:
		last = 0xD800
	}
	return head + string(last-1) + string(utf8.MaxRune)
}

// Cut is a prefix of a key, of so many characters.
func Cut(key string, runes int) string {
	for i := range key {
		if runes--; runes < 0 {
			return key[:i]
		}
	}
	return key
}
