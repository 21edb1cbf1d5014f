package polling

import (
	"math/rand/v2"
	"time"

	"bothways/aws/pair"
)

// Cell is one probe of a round.
type Cell struct {
	Series
	Round  int           // from 1
	Offset time.Duration // of the planned start, from the run's start
}

// Schedule plans the starts of a run, fixed from the beginning: a slow answer
// never holds the next start back, so a stall cannot hide itself.
type Schedule struct {
	Sizes  []int64       // bytes, each once
	Rounds int           // 0: no end, or that of For
	For    time.Duration // no probe starts later than this after the first; 0: no such end
	Every  time.Duration // from the start of one round to the start of the next
	Seed   uint64        // of the order within rounds
}

// Planned counts the probes that start within the rounds or the time that is
// asked for, spread evenly over each round; 0: until somebody stops them.
func (s Schedule) Planned() int {
	round := 2 * len(s.Sizes)
	if s.For <= 0 || s.Every <= 0 {
		return round * s.Rounds
	}
	n := round * int(s.For/s.Every)
	for i := 0; i < round && s.Every*time.Duration(i)/time.Duration(round) < s.For%s.Every; i++ {
		n++
	}
	return n
}

// Round returns the cells of round n, from 1, in the order of their starts,
// spread evenly over the round. The sizes come in random order, and the two
// directions of a size follow each other in random order: a drift during the
// run touches all of them alike.
func (s Schedule) Round(n int) []Cell {
	random := rand.New(rand.NewPCG(s.Seed, uint64(n)))
	cells := make([]Cell, 0, 2*len(s.Sizes))
	for _, i := range random.Perm(len(s.Sizes)) {
		first := pair.Direction(random.IntN(2))
		for _, direction := range []pair.Direction{first, first.Reverse()} {
			cells = append(cells, Cell{Series: Series{direction, s.Sizes[i]}, Round: n})
		}
	}
	start := time.Duration(n-1) * s.Every
	for i := range cells {
		cells[i].Offset = start + s.Every*time.Duration(i)/time.Duration(len(cells))
	}
	return cells
}
