package plain

import (
	"strconv"
	"strings"
	"unicode"
)

// Clean makes text that came from elsewhere harmless on a terminal and in a
// log: control characters, and those that reorder text, are shown as escapes.
func Clean(text string) string {
	safe := func(r rune) bool { return unicode.IsPrint(r) }
	if strings.IndexFunc(text, func(r rune) bool { return !safe(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if safe(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}
