package report

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"bothways/probe/wording"
)

// csvText keeps text from being run as a formula by a spreadsheet, which takes
// a field that starts with one of =+-@ for one (OWASP, "CSV Injection").
func csvText(text string) string {
	text = wording.Visible(text)
	if text != "" && strings.ContainsRune("=+-@", rune(text[0])) {
		return "'" + text
	}
	return text
}

// markdownText keeps text from being read as Markdown or HTML.
func markdownText(text string) string {
	var out strings.Builder
	for _, r := range wording.Visible(text) {
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
		lines[i] = strings.TrimRight(wording.Visible(line), " ")
	}
	text = strings.Join(lines, "\n")
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "text\n" + text + "\n" + fence + "\n"
}
