package survey

import (
	"bothways/aws/account"
	"bothways/aws/pair"
)

// World is what the engines act on: the pair, and the clients that reach its
// sides.
type World struct {
	Pair pair.Pair
	A, B *account.Clients
	// Consent is what this run agreed to.
	Consent pair.Consent
	// RunID goes into the keys of canaries, so that no key is used twice.
	RunID string
}

// Clients are those that reach a side.
func (w World) Clients(side pair.SideName) *account.Clients {
	if side == pair.A {
		return w.A
	}
	return w.B
}
