// Package choose holds the screens on which a pair is chosen: where, both sides
// and the options.
package choose

import (
	"bothways/aws/pair"
	"bothways/ui/console/host"
)

// Screens are the faces of the places where something is chosen.
func Screens(h host.Host) map[host.Place]host.Screen {
	h.Chosen().Pair = startingPair(h.Settings(), h.Now())
	where := newWhere(h)
	sideA := newSide(h, pair.A, where, nil)
	return map[host.Place]host.Screen{
		host.Where: where, host.SideA: sideA, host.SideB: newSide(h, pair.B, where, sideA), host.Options: newOptions(h),
	}
}
