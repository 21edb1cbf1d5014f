package pair

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// EscapeJSON writes the control and format characters of a JSON text as its
// escapes, such as \u009b or \u202e: package json leaves DEL, those of C1 and
// those of bidirectional text as they are, and a terminal or an editor obeys
// them. What the text means stays the same. Line ends and spaces between its
// values are left.
func EscapeJSON(text []byte) []byte {
	if plain(text) || bytes.IndexFunc(text, obeyed) < 0 {
		return text
	}
	out := make([]byte, 0, len(text)+len(text)/8)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if !obeyed(r) {
			out = append(out, text[:size]...)
		} else {
			for _, unit := range utf16.AppendRune(nil, r) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		}
		text = text[size:]
	}
	return out
}

// plain says whether a text is of printable ASCII and white space alone, as most
// are.
func plain(text []byte) bool {
	for _, b := range text {
		if b > '~' {
			return false
		}
	}
	return true
}

// obeyed says whether a character of an encoded JSON text, in which those below
// a space only stand between values, is no printable one.
func obeyed(r rune) bool { return r > '~' && !unicode.IsPrint(r) }
