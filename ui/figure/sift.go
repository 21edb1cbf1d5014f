package figure

import (
	"fmt"
	"slices"
	"strings"

	"bothways/ui/chart"
)

// mostDrawn bounds the points of a kind in a drawing, which no page has room for
// beyond that: of more, every second of each direction and size is drawn, or every
// fourth and so on.
const mostDrawn = 20_000

// sifted are points to draw, in the order in which they came.
type sifted struct {
	points []chart.Point
	kinds  [3]kindCount // by chart.Kind
	most   int          // of a kind
}

// kindCount is what there is of a kind of points.
type kindCount struct {
	all, drawn, every int
	seen              map[siftedCell]int
}

type siftedCell struct {
	series int
	size   int64
}

func (s *sifted) add(p chart.Point) {
	k := &s.kinds[p.Kind]
	if k.seen == nil {
		k.seen, k.every = map[siftedCell]int{}, 1
	}
	cell := siftedCell{p.Series, p.Size}
	k.all++
	k.seen[cell]++
	if (k.seen[cell]-1)%k.every != 0 {
		return
	}
	s.points = append(s.points, p)
	if k.drawn++; k.drawn > s.most {
		s.halve(p.Kind)
	}
}

// halve leaves every second point of a kind, of each direction and size.
func (s *sifted) halve(kind chart.Kind) {
	k := &s.kinds[kind]
	k.every *= 2
	place := map[siftedCell]int{}
	s.points = slices.DeleteFunc(s.points, func(p chart.Point) bool {
		if p.Kind != kind {
			return false
		}
		cell := siftedCell{p.Series, p.Size}
		place[cell]++
		gone := place[cell]%2 == 0
		if gone {
			k.drawn--
		}
		return gone
	})
}

// said says which points are not drawn; "" where all are.
func (s *sifted) said() string {
	var parts []string
	for kind, name := range []string{chart.Measured: "arrivals", chart.AtMost: "arrivals that were there at the first look", chart.AtLeast: "probes that took longer than they were watched"} {
		if k := s.kinds[kind]; k.every > 1 {
			parts = append(parts, fmt.Sprintf("%d of %d %s", k.drawn, k.all, name))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " Drawn are " + strings.Join(parts, " and ") + ", evenly from each direction and size; the medians and intervals are of all."
}
