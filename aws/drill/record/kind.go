// Package record is what a drill writes down and what its readers go by: its
// kinds and states, what it was asked for, and the events of its journal. It
// computes nothing and asks nobody.
package record

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is what a drill rehearses.
type Kind string

// The kinds of drills, from the one that touches nothing on.
const (
	Readiness Kind = "readiness" // nothing is changed; would it work?
	Cut       Kind = "cut"       // this process no longer reaches one side
	Pause     Kind = "pause"     // AWS FIS pauses the replication in both directions
	Alarm     Kind = "alarm"     // one canary is made to fail: does an alarm ring?
)

// Kinds are all of them.
func Kinds() []Kind { return []Kind{Readiness, Cut, Pause, Alarm} }

// ParseKind reads a kind's name.
func ParseKind(text string) (Kind, error) {
	if k := Kind(strings.ToLower(text)); slices.Contains(Kinds(), k) {
		return k, nil
	}
	return "", fmt.Errorf("a drill of kind %q: give readiness, cut, pause or alarm", text)
}

// Writes says whether a drill of this kind writes canaries.
func (k Kind) Writes() bool { return k != Readiness }

// Streams says whether a drill of this kind writes canaries all along.
func (k Kind) Streams() bool { return k == Cut || k == Pause }

// ChangesAWS says whether it changes more in AWS than canaries of its own.
func (k Kind) ChangesAWS() bool { return k == Pause || k == Alarm }
