package console

import tea "charm.land/bubbletea/v2"

// question is something that can't be taken back, asked before it is done. It
// takes every key: y does it, any other key leaves things as they are.
type question struct {
	ask func() string
	yes func() tea.Cmd
	// again is a key that means yes, too: the one that opened the question.
	again string
	// save keeps what would be lost, or is nil. Then s does it, and y, which
	// could mean either, does nothing; again does without, in the words of does.
	save func() tea.Cmd
	does string
	// moot says that there is nothing left to ask about.
	moot func() bool
}

// confirm implements host.
func (a *app) confirm(q question) { a.question = &q }

// answer takes the next key.
func (a *app) answer(key string) tea.Cmd {
	q := a.question
	a.question = nil
	if q.save != nil && key == "s" {
		return q.save()
	}
	if q.save == nil && (key == "y" || key == "Y") || q.again != "" && key == q.again {
		return q.yes()
	}
	return nil
}

// keys are the question's answers, as the footer shows them.
func (q *question) keys(key, strong func(...string) string) string {
	if q.save != nil {
		return "  " + key("s") + " saves, " + key(q.again) + " " + q.does
	}
	return "  " + key("y") + " / " + strong("N")
}
