package console

import (
	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/host"
)

// Confirm implements host.
func (a *App) Confirm(q host.Question) { a.question = &q }

// Asking says whether a question is open.
func (a *App) Asking() bool { return a.question != nil }

// answer takes the next key.
func (a *App) answer(key string) tea.Cmd {
	q := a.question
	a.question = nil
	if q.Save != nil && key == "s" {
		return q.Save()
	}
	if q.Save == nil && (key == "y" || key == "Y") || q.Again != "" && key == q.Again {
		return q.Yes()
	}
	return nil
}
