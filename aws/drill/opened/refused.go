package opened

// StandsError is why no other drill of a pair begins: one is open.
type StandsError struct{ Open Open }

func (e *StandsError) Error() string {
	text := e.Open.Words() + ". "
	if there := e.Open.There(); there != "" {
		text += there + " "
	}
	return text + "One drill of a pair goes on at a time: nothing was begun. " + e.todo()
}

// todo says in words what has to be done first.
func (e *StandsError) todo() string {
	if e.Open.Running {
		return "End it where it runs: it takes everything back itself"
	}
	return "bothways drill undo takes it back"
}
