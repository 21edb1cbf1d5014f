package widget

import (
	"fmt"
)

// Scrolled cuts the part of a pane that is in view, and says on its last line
// how much more there is.
func Scrolled(t Theme, lines []string, from, height int) []string {
	if height <= 0 {
		return nil
	}
	if len(lines) <= height {
		return lines
	}
	from = max(0, min(from, len(lines)-height+1))
	part := append([]string{}, lines[from:min(len(lines), from+height-1)]...)
	return append(part, t.Muted.Render(fmt.Sprintf("   lines %d to %d of %d, j k scroll", from+1, from+len(part), len(lines))))
}

// ScrolledTable is the part of a table in view, its head always.
func ScrolledTable(t Theme, lines []string, from, height int) []string {
	if height <= 1 {
		return lines[:max(0, height)]
	}
	return append(lines[:1:1], Scrolled(t, lines[1:], from, height-1)...)
}
