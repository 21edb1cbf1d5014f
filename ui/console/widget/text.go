package widget

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"bothways/probe/wording"
)

// LongestText bounds what is kept of a text that came from outside: an error
// body of a megabyte must not cost a megabyte for every frame.
const LongestText = 4000

// Clean makes text from outside (names, tags, error bodies) safe to draw: no
// escape sequence, control character or change of writing direction reaches
// the terminal. Line breaks and tabs become spaces, everything else that nobody
// sees or that turns the direction becomes its escape, such as \u202e.
func Clean(text string) string { return cleaned(text, false) }

// CleanLines is clean for text in which line breaks mean something, such as
// the JSON of a request.
func CleanLines(text string) string { return cleaned(text, true) }

func cleaned(text string, keepLines bool) string {
	if plain(text) && len(text) <= LongestText {
		return text
	}
	if len(text) > LongestText {
		cut := LongestText
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "…"
	}
	var out strings.Builder
	for _, r := range strings.ToValidUTF8(ansi.Strip(text), "\uFFFD") {
		if out.Len() > LongestText {
			out.WriteString("…")
			break
		}
		switch {
		case r == '\n' && keepLines:
			out.WriteRune(r)
		case r == '\n', r == '\t', r == '\r':
			out.WriteByte(' ')
		default:
			out.WriteString(drawn(r))
		}
	}
	return out.String()
}

// drawn is how a character is drawn on one line.
func drawn(r rune) string {
	if wording.Unseen(r) || TurnsDirection(r) {
		return wording.Escape(r)
	}
	return string(r)
}

// plain says that a text is printable ASCII throughout, the usual case.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// TurnsDirection says whether a rune is written from right to left, which
// would move what stands beside it on the line.
func TurnsDirection(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}

// Fit makes a line exactly as wide as asked or narrower, cutting with "…".
func Fit(line string, width int) string {
	if width <= 0 {
		return ""
	}
	if len(line) <= width {
		return line
	}
	return ansi.Truncate(line, width, "…")
}

// Pad makes a line exactly as wide as asked.
func Pad(line string, width int) string {
	line = Fit(line, width)
	if missing := width - ansi.StringWidth(line); missing > 0 {
		line += strings.Repeat(" ", missing)
	}
	return line
}

// Spread puts two texts at the ends of a line; the left one gives way.
func Spread(left, right string, width int) string {
	room := width - ansi.StringWidth(right)
	if room < 1 {
		return Fit(right, width)
	}
	return Pad(left, room) + right
}

// Wrap breaks a plain text into lines between words, and inside words that are
// wider than the line. Line breaks in the text stay. It never breaks at a
// hyphen: names and commands are full of them.
func Wrap(text string, width int) []string {
	if width <= 0 {
		return nil
	}
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line, used := "", 0
		for _, word := range unbroken(paragraph) {
			w := ansi.StringWidth(word)
			if used > 0 && used+1+w > width {
				lines = append(lines, line)
				line, used = "", 0
			} else if used > 0 {
				line, used = line+" ", used+1
			}
			for w > width {
				head := ansi.Truncate(word, width, "")
				if head == "" {
					break // a rune wider than the line
				}
				lines = append(lines, head)
				word = word[len(head):]
				w = ansi.StringWidth(word)
			}
			line, used = line+word, used+w
		}
		lines = append(lines, line)
	}
	return lines
}

// unbroken splits a text at its spaces, but for those that hold together what
// is short and read as one: "B → A", "n = 72", "95 %".
func unbroken(text string) []string {
	const short = 12
	var whole []string
	open := false // the last word wants the next one
	for word := range strings.SplitSeq(text, " ") {
		joins := word == "→" || word == "⇄" || word == "="
		n := len(whole)
		if n > 0 && (open || joins || strings.HasPrefix(word, "%")) && ansi.StringWidth(whole[n-1])+1+ansi.StringWidth(word) <= short {
			whole[n-1] += " " + word
		} else {
			whole = append(whole, word)
		}
		open = joins
	}
	return whole
}

// Hang wraps a text after a label, with later lines under the first one's
// text: "  why    tells S3 to copy every …".
func Hang(label, text string, width int) []string {
	indent := ansi.StringWidth(label)
	if indent >= width {
		return []string{Fit(label, width)}
	}
	lines := Wrap(text, width-indent)
	for i := range lines {
		if i == 0 {
			lines[i] = label + lines[i]
		} else {
			lines[i] = strings.Repeat(" ", indent) + lines[i]
		}
	}
	return lines
}

// ASCIIOf replaces every rune that a terminal without UTF-8 could not show. An
// arrow becomes two characters, or three; as far as the line has room it takes
// them from the next gap, so that no column behind moves.
func ASCIIOf(frame string) string {
	var out strings.Builder
	owed, wasSpace := 0, false
	for _, r := range frame {
		switch {
		case r == '\n':
			owed = 0
		case r == ' ' && owed > 0 && wasSpace:
			owed--
			continue
		}
		wasSpace = r == ' '
		if r < utf8.RuneSelf {
			out.WriteRune(r)
			continue
		}
		replacement, known := asciiTexts[r]
		if !known {
			replacement = "?"
		}
		owed += len(replacement) - 1
		out.WriteString(replacement)
	}
	return out.String()
}

var asciiTexts = map[rune]string{
	'─': "-", '│': "|", '┼': "+", '┤': "+", '├': "+", '┬': "+", '┴': "+", '└': "+", '┘': "+", '┌': "+", '┐': "+",
	'→': "->", '←': "<-", '⇄': "<->", '↑': "^", '↓': "v", '▸': ">", '▹': "-", '▾': "v", '›': ">",
	'✓': "*", '✗': "X", '·': ".", '…': "~", '◐': "|", '◓': "/", '◑': "-", '◒': "\\", '–': "-", '×': "x", '»': "#",
	'█': "#", '▏': "|", '━': "=", '≥': ">", '≤': "<", 'ã': "a", 'ü': "u",
	// The marks of the directions, as the charts have them.
	'●': "o", '◆': "x",
}

// Count words a number of things: "1 step", "2 steps".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// Dashes is a rule of n columns.
func Dashes(n int) string { return strings.Repeat("─", max(0, n)) }

// Upper begins a text with a capital letter.
func Upper(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// Choice is yes where which holds, and no otherwise.
func Choice(which bool, yes, no string) string {
	if which {
		return yes
	}
	return no
}
