package rehearse

import "strings"

// The figures that are read from the back of a room: three dots wide and five
// high, of blocks that every terminal has.
const (
	digitRows = 5
	dotWidth  = 2 // columns: about as wide as a row is high
)

var digits = map[rune][digitRows]string{
	'0': {"###", "# #", "# #", "# #", "###"},
	'1': {" # ", "## ", " # ", " # ", "###"},
	'2': {"###", "  #", "###", "#  ", "###"},
	'3': {"###", "  #", " ##", "  #", "###"},
	'4': {"# #", "# #", "###", "  #", "  #"},
	'5': {"###", "#  ", "###", "  #", "###"},
	'6': {"###", "#  ", "###", "# #", "###"},
	'7': {"###", "  #", "  #", " # ", " # "},
	'8': {"###", "# #", "###", "# #", "###"},
	'9': {"###", "# #", "###", "  #", "###"},
	':': {" ", "#", " ", "#", " "},
	'-': {"   ", "   ", "###", "   ", "   "},
}

// large draws figures so many times as large, in digitRows*scale lines.
func large(text string, scale int) []string {
	lines := make([]string, 0, digitRows*scale)
	for row := range digitRows {
		var line strings.Builder
		for i, r := range text {
			if i > 0 {
				line.WriteString(strings.Repeat(" ", dotWidth*scale))
			}
			for _, dot := range digits[r][row] {
				c := " "
				if dot == '#' {
					c = "█"
				}
				line.WriteString(strings.Repeat(c, dotWidth*scale))
			}
		}
		for range scale {
			lines = append(lines, line.String())
		}
	}
	return lines
}

// largeWidth is how many columns such figures take.
func largeWidth(text string, scale int) int {
	dots := 0
	for i, r := range text {
		if i > 0 {
			dots++
		}
		dots += len(digits[r][0])
	}
	return dots * dotWidth * scale
}
