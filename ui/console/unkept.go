package console

import (
	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// Unkept counts the samples that would be lost with this program, and keeps
// them.
func (a *App) Unkept() (samples int, keep func() tea.Cmd) {
	for _, s := range a.inOrder() {
		if n, keep := s.Unkept(); n > 0 {
			return n, keep
		}
	}
	return 0, nil
}

// unkeptText says how many samples nothing holds but memory, and what runs.
func (a *App) unkeptText() string {
	n, _ := a.Unkept()
	text := widget.Count(n, "sample is", "samples are") + " kept nowhere"
	if busy := a.busy(); busy != "" {
		text += ", " + busy
	}
	return text + "."
}

// UnlessUnkept implements host.
func (a *App) UnlessUnkept(key, does string, do func() tea.Cmd) tea.Cmd {
	n, keep := a.Unkept()
	if n == 0 {
		return do()
	}
	a.Confirm(host.Question{
		Ask:   a.unkeptText,
		Yes:   do,
		Again: key,
		Does:  does,
		Save:  keep,
		Moot: func() bool {
			n, _ := a.Unkept()
			return n == 0
		},
	})
	return nil
}
