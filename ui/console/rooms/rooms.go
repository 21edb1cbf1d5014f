// Package rooms says which face each place of the console has. The frame doesn't
// know them, and they don't know each other.
package rooms

import (
	"maps"

	"bothways/ui/console/change"
	"bothways/ui/console/choose"
	"bothways/ui/console/compare"
	"bothways/ui/console/host"
	"bothways/ui/console/measure"
	"bothways/ui/console/rehearse"
)

// All are the faces of all places, each in its room.
func All(h host.Host) map[host.Place]host.Screen {
	all := choose.Screens(h)
	maps.Copy(all, change.Screens(h))
	maps.Copy(all, measure.Screens(h))
	maps.Copy(all, compare.Screens(h))
	maps.Copy(all, rehearse.Screens(h))
	return all
}
