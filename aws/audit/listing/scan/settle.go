package scan

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// settle makes the keys plain, and sorts the entries where they are not: some
// stores list all versions before all delete markers.
func (p *Page) settle() error {
	sorted := true
	var last []byte
	for i := range p.Entries {
		e := &p.Entries[i]
		key := p.of(e.key)
		if p.Encoding == "url" && (bytes.IndexByte(key, '%') >= 0 || bytes.IndexByte(key, '+') >= 0) {
			n, ok := decode(key)
			if !ok {
				return unreadable("it says that its keys are encoded, and %.60q is not", key)
			}
			e.key.to = e.key.from + uint32(n)
			key = key[:n]
		}
		if len(key) == 0 || !utf8.Valid(key) {
			return unreadable("it has a key that is no text in UTF-8: %.60q", key)
		}
		sorted = sorted && bytes.Compare(last, key) <= 0
		last = key
	}
	if !sorted {
		slices.SortStableFunc(p.Entries, func(a, b Entry) int { return bytes.Compare(p.of(a.key), p.of(b.key)) })
	}
	return nil
}

// decode replaces what is escaped as in a URL's query, in place.
func decode(text []byte) (n int, ok bool) {
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch c {
		case '+':
			c = ' '
		case '%':
			if i+2 >= len(text) || !hex(text[i+1]) || !hex(text[i+2]) {
				return 0, false
			}
			c = nibble(text[i+1])<<4 | nibble(text[i+2])
			i += 2
		}
		text[n] = c
		n++
	}
	return n, true
}

func hex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

func nibble(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}
