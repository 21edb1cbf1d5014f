package sandbox

import (
	"fmt"

	"bothways/aws/sandbox/store"
)

// Current says which version of a key is the current one where both sides of a
// replication wrote to it before they heard of each other. AWS does not document
// it.
type Current string

const (
	// Created has the one that was written last, so that both sides agree.
	Created Current = "created"
	// Arrived has the one that came to the bucket last, so that each side may have
	// the other's as its current one for ever.
	Arrived Current = "arrived"
)

var orders = map[Current]store.Order{Created: store.ByCreation, Arrived: store.ByArrival}

// Currents are the ways to choose from.
func Currents() []Current { return []Current{Created, Arrived} }

// ParseCurrent reads a Current.
func ParseCurrent(text string) (Current, error) {
	if _, found := orders[Current(text)]; !found {
		return "", fmt.Errorf("%q is no way to tell the current version: it is %s or %s", text, Created, Arrived)
	}
	return Current(text), nil
}
