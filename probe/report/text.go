package report

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"bothways/probe/wording"
)

func csvText(text string) string { return wording.Cell(text) }

func markdownText(text string) string { return wording.Markdown(text) }

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
