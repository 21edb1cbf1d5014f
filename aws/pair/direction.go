package pair

import (
	"fmt"
	"strings"
)

// Direction is one of the two ways between the sides.
type Direction int

// The two directions of a pair.
const (
	AtoB Direction = iota
	BtoA
)

// Directions lists both in the order in which they are shown.
func Directions() []Direction { return []Direction{AtoB, BtoA} }

// From returns the side that the direction starts at.
func (d Direction) From() SideName {
	if d == AtoB {
		return A
	}
	return B
}

// To returns the side that the direction ends at.
func (d Direction) To() SideName { return d.From().Other() }

// Reverse returns the other direction.
func (d Direction) Reverse() Direction { return 1 - d }

// Arrow draws the direction for people: "A → B".
func (d Direction) Arrow() string { return string(d.From()) + " → " + string(d.To()) }

// String is the direction's name in JSON and on the command line: "AtoB".
func (d Direction) String() string { return string(d.From()) + "to" + string(d.To()) }

// Slug is the direction's name inside IDs: "a-to-b".
func (d Direction) Slug() string {
	if d == AtoB {
		return "a-to-b"
	}
	return "b-to-a"
}

// MarshalText writes "AtoB" or "BtoA".
func (d Direction) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Direction) UnmarshalText(text []byte) error {
	for _, known := range Directions() {
		if string(text) == known.String() {
			*d = known
			return nil
		}
	}
	return fmt.Errorf("direction %q is neither AtoB nor BtoA", text)
}

// Place is where a step belongs: a side, a direction, or with neither the
// whole pair.
type Place struct {
	Side      SideName
	Direction *Direction
}

// Swapped is the ID that a step in this place has when A and B change places:
// its ID ends in the side's or the direction's slug.
func (at Place) Swapped(id string) string {
	switch {
	case at.Direction != nil:
		return strings.TrimSuffix(id, at.Direction.Slug()) + at.Direction.Reverse().Slug()
	case at.Side != "":
		return strings.TrimSuffix(id, at.Side.Slug()) + at.Side.Other().Slug()
	}
	return id
}
