package console

import "bothways/ui/console/widget"

// mostNoticeLines bounds the height of a notice.
const mostNoticeLines = 3

// Say shows a notice on lines of its own above the help line. It stays until
// the next notice or the next key that does something: what it says may no
// longer hold then.
func (a *App) Say(text string) { a.notice, a.warned, a.dirty = widget.Clean(text), false, true }

// Warn is Say of what is amiss.
func (a *App) Warn(text string) {
	a.Say(text)
	a.warned = true
}

// Said is the notice that stands, or "".
func (a *App) Said() string { return a.notice }

// noticeLines is the notice in the frame's width, or nothing.
func (a *App) noticeLines() []string {
	if a.notice == "" || a.help {
		return nil
	}
	symbol := a.theme.Accent.Render("i")
	if a.warned {
		symbol = a.theme.Warn.Render("!")
	}
	lines := widget.Hang(" "+symbol+" ", a.notice, a.layout.width-1)
	if len(lines) > mostNoticeLines {
		lines = lines[:mostNoticeLines]
		lines[mostNoticeLines-1] = widget.Fit(lines[mostNoticeLines-1]+" …", a.layout.width-1)
	}
	return lines
}

// bodyHeight is what the notice, a long question and open drills leave of the body.
func (a *App) bodyHeight() int {
	return max(0, a.layout.body-len(a.noticeLines())-len(a.askingLines())-len(a.openLines()))
}

// bodyTop is the first line of the body.
func (a *App) bodyTop() int { return a.layout.bodyTop + len(a.openLines()) }
