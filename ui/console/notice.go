package console

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/widget"
)

// mostNoticeLines bounds the height of a notice.
const mostNoticeLines = 3

// noticeStands is how long a notice stands at most.
const noticeStands = 15 * time.Second

// Say shows a notice on lines of its own above the help line. It stays until
// the next notice or the next key that does something, as what it says may no
// longer hold then, or until everybody has read it.
func (a *App) Say(text string) {
	a.notice, a.warned, a.dirty = widget.Clean(text), false, true
	a.said++
}

// noticeOver is the end of a notice.
type noticeOver struct{ said int }

// expire waits for the end of a notice that has just been made. What is amiss stays
// until somebody does something.
func (a *App) expire() tea.Cmd {
	if a.notice == "" || a.warned || a.expiring == a.said {
		return nil
	}
	a.expiring = a.said
	over := noticeOver{a.said}
	return tea.Tick(noticeStands, func(time.Time) tea.Msg { return over })
}

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
	return max(0, a.layout.body-len(a.saidByDemo())-len(a.noticeLines())-len(a.askingLines())-len(a.openLines()))
}

// bodyTop is the first line of the body.
func (a *App) bodyTop() int { return a.layout.bodyTop + len(a.openLines()) }
