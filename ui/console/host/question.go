package host

import tea "charm.land/bubbletea/v2"

// Question is something that can't be taken back, asked before it is done. It
// takes every key: y does it, any other key leaves things as they are.
type Question struct {
	Ask func() string
	Yes func() tea.Cmd
	// Again is a key that means yes, too: the one that opened the question.
	Again string
	// Save keeps what would be lost, or is nil. Then s does it, and y, which
	// could mean either, does nothing; again does without, in the words of does.
	Save func() tea.Cmd
	Does string
	// Moot says that there is nothing left to ask about.
	Moot func() bool
}

// YesNo ends a question that is answered by y, and by every other key with no.
const YesNo = "  y / N"

// Keys are the question's answers, as the footer shows them.
func (q *Question) Keys(key, strong func(...string) string) string {
	if q.Save != nil {
		return "  " + key("s") + " saves, " + key(q.Again) + " " + q.Does
	}
	return "  " + key("y") + " / " + strong("N")
}
