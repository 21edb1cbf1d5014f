// Package change holds the screens on which a pair is changed: the plan, its
// application, the removal; and the doctor, who looks why it does not replicate.
package change

import "bothways/ui/console/host"

// Screens are the faces of the places where something is changed, or looked at
// to be changed.
func Screens(h host.Host) map[host.Place]host.Screen {
	remove := newTeardown(h)
	apply := newApply(h, remove)
	return map[host.Place]host.Screen{host.Plan: newPlan(h, apply, remove), host.Apply: apply, host.TearDown: remove, host.Doctor: newDoctor(h), host.Backfill: newBackfill(h), host.UndoDrill: newUndrill(h)}
}
