package pair

import "strings"

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
