package wording

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible makes text that came from elsewhere safe to print and to log: control
// and format characters, which could move a cursor, start an escape sequence or
// reverse the reading direction, and others that nobody sees, become their
// escapes, such as \n, \u202e or \u200b.
func Visible(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if strings.IndexFunc(text, Unseen) < 0 {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if Unseen(r) {
			out.WriteString(Escape(r))
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// Unseen says whether a character is obeyed instead of drawn, or drawn as nothing:
// two names that differ by such a one look the same. Beside what does not print
// those are the default ignorable code points of Unicode Standard Annex #44
// (variation selectors, fillers, joiners), and the blank pattern of Braille.
func Unseen(r rune) bool {
	const blankBraille = '\u2800'
	if r < utf8.RuneSelf {
		return r < ' ' || r == '\x7f'
	}
	return !unicode.IsPrint(r) || r == blankBraille || unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// Escape is a character as its escape in Go, such as \u202e.
func Escape(r rune) string { return strings.Trim(strconv.QuoteRuneToASCII(r), "'") }
