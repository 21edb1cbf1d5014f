package console

import (
	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/widget"
)

// unkept counts the samples that would be lost with this program: those of a
// run without a whole journal that were not saved either.
func (a *app) unkept() int {
	m, r := a.probe.m, a.results
	switch {
	case m == nil, a.probe.path != "" && a.incomplete[a.probe.path] == nil:
		return 0
	case a.probe.running() && len(r.saved) > 0:
		return 0 // they are saved anew at the run's end
	}
	return len(m.record.Samples) - r.savedAt
}

// unkeptText says how many samples nothing holds but memory, and what runs.
func (a *app) unkeptText() string {
	text := widget.Count(a.unkept(), "sample is", "samples are") + " kept nowhere"
	if busy := a.busy(); busy != "" {
		text += ", " + busy
	}
	return text + "."
}

// unlessUnkept does what would lose samples, after one question when there are
// some. The key says how to do it without saving them.
func (a *app) unlessUnkept(key, does string, do func() tea.Cmd) tea.Cmd {
	if a.unkept() == 0 {
		return do()
	}
	a.question = &question{
		ask:   a.unkeptText,
		yes:   do,
		again: key,
		does:  does,
		save:  a.results.save,
		moot:  func() bool { return a.unkept() == 0 },
	}
	return nil
}
