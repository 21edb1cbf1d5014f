package console

import (
	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/widget"
)

// unkept counts the samples that would be lost with this program, and keeps
// them.
func (a *app) unkept() (samples int, keep func() tea.Cmd) {
	for _, s := range a.inOrder() {
		if n, keep := s.unkept(); n > 0 {
			return n, keep
		}
	}
	return 0, nil
}

// unkeptText says how many samples nothing holds but memory, and what runs.
func (a *app) unkeptText() string {
	n, _ := a.unkept()
	text := widget.Count(n, "sample is", "samples are") + " kept nowhere"
	if busy := a.busy(); busy != "" {
		text += ", " + busy
	}
	return text + "."
}

// unlessUnkept implements host.
func (a *app) unlessUnkept(key, does string, do func() tea.Cmd) tea.Cmd {
	n, keep := a.unkept()
	if n == 0 {
		return do()
	}
	a.confirm(question{
		ask:   a.unkeptText,
		yes:   do,
		again: key,
		does:  does,
		save:  keep,
		moot: func() bool {
			n, _ := a.unkept()
			return n == 0
		},
	})
	return nil
}
