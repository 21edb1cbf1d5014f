package report

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// visible makes text safe to print: control and format characters, which could
// move a cursor, start an escape sequence or reverse the reading direction,
// become their escapes, such as \n or \u202e.
func visible(text string) string {
	var out strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case unicode.IsPrint(r):
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\r':
			out.WriteString(`\r`)
		case r == '\t':
			out.WriteString(`\t`)
		case r < 0x80:
			fmt.Fprintf(&out, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			fmt.Fprintf(&out, `\U%08x`, r)
		}
	}
	return out.String()
}

// csvText keeps text from being run as a formula by a spreadsheet, which takes
// a field that starts with one of =+-@ for one (OWASP, "CSV Injection").
func csvText(text string) string {
	text = visible(text)
	if text != "" && strings.ContainsRune("=+-@", rune(text[0])) {
		return "'" + text
	}
	return text
}

// markdownText keeps text from being read as Markdown or HTML.
func markdownText(text string) string {
	var out strings.Builder
	for _, r := range visible(text) {
		if strings.ContainsRune("\\`*_[]<>#|~&$", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// codeBlock fences text with more backticks than it has in a row itself.
func codeBlock(text string) string {
	lines := strings.Split(strings.TrimRight(ansi.Strip(text), "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(visible(line), " ")
	}
	text = strings.Join(lines, "\n")
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "text\n" + text + "\n" + fence + "\n"
}
