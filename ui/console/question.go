package console

import tea "charm.land/bubbletea/v2"

// question is something that can't be taken back, asked before it is done. It
// takes every key: y does it, any other key leaves things as they are.
type question struct {
	ask func() string
	yes func() tea.Cmd
	// again is a key that means yes, too: the one that opened the question.
	again string
	// moot says that there is nothing left to ask about.
	moot func() bool
}

// answer takes the next key.
func (a *app) answer(key string) tea.Cmd {
	q := a.question
	a.question = nil
	if key == "y" || key == "Y" || q.again != "" && key == q.again {
		return q.yes()
	}
	return nil
}
