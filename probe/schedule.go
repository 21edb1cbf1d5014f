package probe

import (
	"math/rand/v2"
	"time"

	"bothways/aws/pair"
)

// cell is one probe of a round: a direction and a size.
type cell struct {
	direction pair.Direction
	size      int64
	round     int           // from 1
	offset    time.Duration // of the planned start, from the run's start
}

// schedule plans the starts of a run, fixed from the beginning: a slow answer
// never holds the next start back, so a stall cannot hide itself.
type schedule struct {
	sizes []int64
	every time.Duration
	seed  uint64
}

// round returns the cells of round n, from 1, in the order of their starts,
// spread evenly over the round. The sizes come in random order, and the two
// directions of a size follow each other in random order: a drift during the
// run touches all of them alike.
func (s schedule) round(n int) []cell {
	random := rand.New(rand.NewPCG(s.seed, uint64(n)))
	cells := make([]cell, 0, 2*len(s.sizes))
	for _, i := range random.Perm(len(s.sizes)) {
		first := pair.Direction(random.IntN(2))
		for _, direction := range []pair.Direction{first, first.Reverse()} {
			cells = append(cells, cell{direction: direction, size: s.sizes[i], round: n})
		}
	}
	start := time.Duration(n-1) * s.every
	for i := range cells {
		cells[i].offset = start + s.every*time.Duration(i)/time.Duration(len(cells))
	}
	return cells
}
