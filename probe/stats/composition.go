package stats

import (
	"fmt"
	"math"
	"slices"

	"bothways/aws/pair"
)

// mostShareApart is how far the share of a size may differ between two groups
// that are compared over all their sizes. Further apart, a difference between
// sizes would pass for one between the groups.
const mostShareApart = 0.10

// alike says whether every size has about the same share in a direction of
// one collector as in one of another; otherwise why is the sentence that says
// so, with the groups' names. Groups of fewer than fewest pass: that is said elsewhere. What is in flight
// is of its size as well as what has ended, so that a share does not come and go
// with it.
func alike(x *Collector, dx pair.Direction, y *Collector, dy pair.Direction, names [2]string, fewest int) (why string, ok bool) {
	nx, ny := x.directions[dx].times.n(), y.directions[dy].times.n()
	if nx < fewest || ny < fewest {
		return "", true
	}
	apart := 0.0
	for _, size := range slices.Concat(x.sizes, y.sizes) {
		apart = max(apart, math.Abs(x.share(dx, size)-y.share(dy, size)))
	}
	const slack = 1e-9
	if apart < mostShareApart-slack {
		return "", true
	}
	return fmt.Sprintf("No comparison over all sizes: the share of one size differs by %.0f %% (n = %s), and sizes may differ.", 100*apart, counted(names, nx, ny)), false
}

// share is a size's share of the times of a direction.
func (c *Collector) share(d pair.Direction, size int64) float64 {
	cell := c.cells[cellKey{d, size}]
	if cell == nil {
		return 0
	}
	return float64(cell.times.n()) / float64(c.directions[d].times.n())
}
