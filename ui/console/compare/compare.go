// Package compare holds the screen on which both sides are held against each
// other: the audit.
package compare

import "bothways/ui/console/host"

// Screens are the faces of the places where the sides are compared.
func Screens(h host.Host) map[host.Place]host.Screen {
	return map[host.Place]host.Screen{host.Audit: newAudit(h), host.PastAudit: newPastAudit(h)}
}
