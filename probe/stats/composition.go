package stats

import (
	"fmt"
	"slices"

	"bothways/aws/pair"
)

const (
	// mostShareApart is how far the share of a size may differ between two
	// groups that are compared over all their sizes. Further apart, a difference
	// between sizes would pass for one between the groups.
	mostShareApart = 0.10
	// explained is how many probes in flight of a size may account for a share
	// that differs. More of them are no accident of the moment: what stays away
	// for long is missing among the times.
	explained = 2
)

// Started notes that a probe has begun: until its sample is added it is in
// flight. Only the words on a run that goes on ask for it.
func (c *Collector) Started(d pair.Direction, sizeBytes int64) {
	c.started[cellKey{d, sizeBytes}]++
}

// alike says whether every size has about the same share in a direction of
// one collector as in one of another; otherwise why is the sentence that says
// so. Groups that are too small to compare pass: that is said elsewhere. While
// a run goes on a probe or two in flight may make the difference, which would
// come and go from one moment to the next.
func alike(x *Collector, dx pair.Direction, y *Collector, dy pair.Direction, looks Looks) (why string, ok bool) {
	nx, ny := x.directions[dx].times.n(), y.directions[dy].times.n()
	if fewest := looks.fewest(); nx < fewest || ny < fewest {
		return "", true
	}
	awayX, awayY := x.away(dx, looks), y.away(dy, looks)
	apart := 0.0
	for _, size := range slices.Concat(x.sizes, y.sizes) {
		leastX, mostX := x.share(dx, size, nx, awayX)
		leastY, mostY := y.share(dy, size, ny, awayY)
		apart = max(apart, leastX-mostY, leastY-mostX)
	}
	const slack = 1e-9
	if apart < mostShareApart-slack {
		return "", true
	}
	return fmt.Sprintf("No comparison over all sizes: the share of one size differs by %.0f %% (n = %d and %d), and sizes may differ.", 100*apart, nx, ny), false
}

// away counts the probes in flight of each size that may account for a share
// that differs: none once the run is over.
func (c *Collector) away(d pair.Direction, looks Looks) map[int64]int {
	away := map[int64]int{}
	if looks != SoFar {
		return away
	}
	for _, size := range c.sizes {
		key := cellKey{d, size}
		ended := 0
		if cell := c.cells[key]; cell != nil {
			ended = cell.counts.Probes
		}
		away[size] = min(explained, max(0, c.started[key]-ended))
	}
	return away
}

// share is what a size's share of the n times of a direction may be once some
// of those away are there, too: the least without any of the size itself, the
// most with them alone.
func (c *Collector) share(d pair.Direction, size int64, n int, away map[int64]int) (least, most float64) {
	there, others := 0, 0
	if cell := c.cells[cellKey{d, size}]; cell != nil {
		there = cell.times.n()
	}
	for other, count := range away {
		if other != size {
			others += count
		}
	}
	return float64(there) / float64(n+others), float64(there+away[size]) / float64(n+away[size])
}
