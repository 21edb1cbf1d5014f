package wording

import (
	"strconv"
	"strings"
	"unicode"
)

// Visible makes text that came from elsewhere safe to print and to log: control
// and format characters, which could move a cursor, start an escape sequence or
// reverse the reading direction, become their escapes, such as \n or \u202e.
func Visible(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	hidden := func(r rune) bool { return !unicode.IsPrint(r) }
	if strings.IndexFunc(text, hidden) < 0 {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if hidden(r) {
			out.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}
