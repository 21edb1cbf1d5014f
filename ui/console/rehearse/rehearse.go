// Package rehearse holds the screen on which the loss of a side is rehearsed: what
// is asked for, the drill as it goes, and what came of it.
package rehearse

import "bothways/ui/console/host"

// Screens are the faces of the places where drills are.
func Screens(h host.Host) map[host.Place]host.Screen {
	return map[host.Place]host.Screen{host.Drill: newDrill(h)}
}
