package chart

import "slices"

const (
	widestSwarm   = 11
	narrowestUnit = 2 // columns a group needs: one for each series
)

// groups are the column groups of the sizes.
type groups struct {
	*frame
	sizes []int64
	first int // column of the first group
	width int // columns of each
	swarm int // columns of one series' swarm, odd
	more  bool
}

func newGroups(f *frame, sizes []int64) *groups {
	g := &groups{frame: f, sizes: sizes}
	if most := f.columns() / narrowestUnit; len(sizes) > most {
		g.sizes, g.more = sizes[:most], true
	}
	g.width = f.columns() / len(g.sizes)
	g.first = f.left + (f.columns()-g.width*len(g.sizes))/2
	g.swarm = min(widestSwarm, max(1, (g.width-2)/2))
	if g.swarm%2 == 0 {
		g.swarm--
	}
	return g
}

// index finds a size's group, or returns -1.
func (g *groups) index(size int64) int {
	if i, found := slices.BinarySearch(g.sizes, size); found {
		return i
	}
	return -1
}

// centre is the column between the two swarms of a group.
func (g *groups) centre(i int) int { return g.first + i*g.width + g.width/2 }

// place is the column of a swarm's n-th place: the middle, then left and right
// of it in turn.
func (g *groups) place(i, series, n int) int {
	apart := 0 // groups too narrow for a column between the swarms
	if g.width > 2*g.swarm {
		apart = 1
	}
	x := g.centre(i) - (g.swarm+1)/2
	if series == 1 {
		x = g.centre(i) + g.swarm/2 + apart
	}
	if n%2 == 1 {
		return x - (n+1)/2
	}
	return x + n/2
}

// labels writes the sizes below the groups, as many as have room.
func (g *groups) labels() {
	write := g.words.Size
	if g.widest(write) >= g.width {
		write = g.words.ShortSize
	}
	every := 1
	for g.widest(write) >= g.width*every {
		every++
	}
	for i, size := range g.sizes {
		x := g.centre(i)
		g.set(x, g.bottom, g.below, axis)
		if i%every != 0 {
			continue
		}
		text := write(size)
		start := max(g.left, min(x-len(text)/2, g.canvas.width-len(text)))
		g.text(start, g.bottom+1, text, label)
	}
	if g.more {
		g.text(g.canvas.width-1, g.bottom+1, "+", label)
	}
}

func (g *groups) widest(write func(int64) string) int {
	widest := 0
	for _, size := range g.sizes {
		widest = max(widest, len(write(size)))
	}
	return widest
}
