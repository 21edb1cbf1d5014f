// Package measure holds the screens of measurements: the probe, its results, and
// the earlier runs.
package measure

import "bothways/ui/console/host"

// Screens are the faces of the places where something is measured, or was.
func Screens(h host.Host) map[host.Place]host.Screen {
	probe := newProbe(h)
	results, past := newResults(h, probe), newPastResults(h)
	probe.results = results
	return map[host.Place]host.Screen{host.Probe: probe, host.Results: results, host.Runs: newRuns(h, past), host.Past: past}
}
