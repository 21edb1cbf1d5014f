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
// so. Groups that are too small to compare pass: that is said elsewhere.
func alike(x *Collector, dx pair.Direction, y *Collector, dy pair.Direction) (why string, ok bool) {
	nx, ny := x.directions[dx].times.n(), y.directions[dy].times.n()
	if nx < fewestPerDirection || ny < fewestPerDirection {
		return "", true
	}
	sizes := slices.Concat(x.sizes, y.sizes)
	apart := 0.0
	for _, size := range sizes {
		apart = max(apart, math.Abs(x.share(dx, size, nx)-y.share(dy, size, ny)))
	}
	const slack = 1e-9
	if apart < mostShareApart-slack {
		return "", true
	}
	return fmt.Sprintf("No comparison over all sizes: the share of one size differs by %.0f %% (n = %d and %d), and sizes may differ.", 100*apart, nx, ny), false
}

func (c *Collector) share(d pair.Direction, size int64, n int) float64 {
	if cell := c.cells[cellKey{d, size}]; cell != nil {
		return float64(cell.times.n()) / float64(n)
	}
	return 0
}
