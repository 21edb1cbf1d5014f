package console

import "bothways/ui/console/widget"

// Farewell is what stays in the terminal after quitting. The caller prints
// it, lowered to the colours that its terminal has.
type Farewell struct {
	Lines []string // plain text, without escape sequences
}

// Farewell sums up the session, in the order of the places.
func (a *App) Farewell() Farewell {
	var lines []string
	for _, s := range a.inOrder() {
		lines = append(lines, s.Farewell()...)
	}
	for i, line := range lines {
		lines[i] = widget.Clean(line)
		if a.cfg.ASCII {
			lines[i] = widget.ASCIIOf(lines[i])
		}
	}
	return Farewell{Lines: lines}
}
