package chart

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// grid is a drawing by cells, with the place of its axes as they are drawn.
type grid struct {
	cells       [][]rune
	axis        int // column of the vertical axis
	top, bottom int // the plot's first row, and the baseline's
}

func gridOf(t *testing.T, text string) grid {
	t.Helper()
	var g grid
	for _, line := range strings.Split(text, "\n") {
		g.cells = append(g.cells, []rune(line))
	}
	for y, line := range g.cells {
		if at := slices.Index(line, '└'); at >= 0 {
			g.axis, g.bottom = at, y
		}
	}
	g.top = g.bottom
	for g.top > 0 && (g.at(g.axis, g.top-1) == '│' || g.at(g.axis, g.top-1) == '┤') {
		g.top--
	}
	return g
}

func (g grid) at(x, y int) rune {
	if y < 0 || y >= len(g.cells) || x < 0 || x >= len(g.cells[y]) {
		return 0
	}
	return g.cells[y][x]
}

// find returns the only cell of the plot that holds a mark.
func (g grid) find(t *testing.T, mark rune) (x, y int) {
	t.Helper()
	found := 0
	for row := g.top; row < g.bottom; row++ {
		for column := g.axis + 1; column < len(g.cells[row]); column++ {
			if g.cells[row][column] == mark {
				x, y = column, row
				found++
			}
		}
	}
	if found != 1 {
		t.Fatalf("%d marks, want 1", found)
	}
	return x, y
}

// sizesOfTerminals are the smallest and the largest, and some between.
func sizesOfTerminals(r *rand.Rand, visit func(width, height int)) {
	for width := 10; width <= 300; width++ {
		for _, height := range []int{3, 4, 100, 3 + r.IntN(98), 3 + r.IntN(40), 3 + r.IntN(20), 3 + r.IntN(12)} {
			visit(width, height)
		}
	}
}

// rowOf is where a duration belongs between the rows of the axis' ends, by
// proportion on a logarithmic scale.
func rowOf(d time.Duration, bounds Range, g grid) float64 {
	share := math.Log(float64(bounds.High)/float64(d)) / math.Log(float64(bounds.High)/float64(bounds.Low))
	return float64(g.top) + share*float64(g.bottom-g.top-1)
}

func TestASampleIsInTheCellOfItsSizeAndDurationInEveryTerminal(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	sizes := []int64{1 << 10, 1 << 20, 1 << 30}
	sizesOfTerminals(r, func(width, height int) {
		value := time.Second + time.Duration(r.Int64N(int64(19*time.Second)))
		which := r.IntN(len(sizes))
		p := &Plot{sizes: sizes}
		p.Add(Point{Size: sizes[which], Value: value})
		v := View{Width: width, Height: height}
		text := p.BySize(v)
		check(t, v, text)
		if height < fewestRows {
			return
		}
		g := gridOf(t, text)
		x, y := g.find(t, '●')
		if want := rowOf(value, p.Range(), g); math.Abs(float64(y)-want) > 0.5+float64(g.bottom-g.top)/100 {
			t.Fatalf("%dx%d: %v is in row %d, want %.1f:\n%s", width, height, value, y, want, text)
		}
		var nearest []int // distances from the sizes' ticks
		for column := range width {
			if g.at(column, g.bottom) == '┬' {
				nearest = append(nearest, max(column-x, x-column))
			}
		}
		if len(nearest) != len(sizes) || slices.Index(nearest, slices.Min(nearest)) != which {
			t.Fatalf("%dx%d: size %d is in column %d:\n%s", width, height, which, x, text)
		}
	})
}

func TestASampleIsInTheCellOfItsTimeAndDurationInEveryTerminal(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	sizesOfTerminals(r, func(width, height int) {
		value := time.Second + time.Duration(r.Int64N(int64(19*time.Second)))
		at := time.Duration(r.Int64N(int64(time.Minute)))
		p := &Plot{}
		p.Add(Point{Series: 1, Size: 1, Value: value, At: at})
		v := View{Width: width, Height: height, Now: time.Minute}
		text := p.OverTime(v)
		check(t, v, text)
		if height < fewestRows {
			return
		}
		g := gridOf(t, text) // with two lanes, of the lower one
		x, y := g.find(t, '◆')
		if want := rowOf(value, p.Range(), g); math.Abs(float64(y)-want) > 0.5+float64(g.bottom-g.top)/100 {
			t.Fatalf("%dx%d: %v is in row %d, want %.1f:\n%s", width, height, value, y, want, text)
		}
		columns := width - g.axis - 1
		slot := firstSlot.Seconds() / 60 * float64(columns) // points are kept to an eighth of a second
		if want := at.Seconds() / 60 * float64(columns); math.Abs(float64(x-g.axis-1)+0.5-want) > 0.5+slot {
			t.Fatalf("%dx%d: %v is in column %d, want %.1f of %d:\n%s", width, height, at, x-g.axis-1, want, columns, text)
		}
	})
}

func TestASampleIsInTheBarOverItsDurationInEveryTerminal(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	sizesOfTerminals(r, func(width, height int) {
		p := &Plot{}
		p.Add(Point{Series: 1, Size: 1, Value: 20 * time.Second}) // the axis' end, whose label comes first
		v := View{Width: width, Height: height}
		text := p.Histogram(v)
		check(t, v, text)
		if height < fewestRows {
			return
		}
		g := gridOf(t, text)
		first, last := 0, 0
		for x := g.axis + 1; x < width; x++ {
			if g.at(x, g.bottom-1) > ' ' {
				last = x
				if first == 0 {
					first = x
				}
			}
		}
		tick := 0
		for x := g.axis; x < width; x++ {
			if g.at(x, g.bottom) == '┬' {
				tick = x
			}
		}
		if first == 0 || tick < first || tick > last {
			t.Fatalf("%dx%d: the tick at %d is not below the bar from %d to %d:\n%s", width, height, tick, first, last, text)
		}
	})
}

func TestTheBarsOfAHistogramHoldEverySampleOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	p, s := &Plot{}, &Sheet{}
	const n = 500
	for i := range n {
		point := demoPoint(r, i, 0, i%2, 1<<20)
		p.Add(point)
		s.Points = append(s.Points, point)
	}
	for _, columns := range []int{1, 5, 20, 60, 300} {
		x := newBarAxis(p.bounds, columns)
		if x.bars*x.columns > columns {
			t.Errorf("%d bars of %d in %d columns", x.bars, x.columns, columns)
		}
		sum := 0
		for series := range seriesCount {
			c := p.barCounts(x, series)
			for bar := range x.bars {
				sum += c.arrived[bar] + c.longer[bar]
			}
		}
		if sum != n {
			t.Errorf("%d columns: %d samples in the bars", columns, sum)
		}
	}
	sum := 0
	for _, b := range s.Bars() {
		for series := range seriesCount {
			sum += b.Arrived[series] + b.Longer[series]
		}
	}
	if sum != n {
		t.Errorf("%d samples in the bars of the sheet", sum)
	}
	for _, b := range s.Bars() {
		for _, q := range s.Points {
			if inside := q.Value >= b.From && q.Value < b.To; inside && q.Kind == Measured && b.Arrived[q.Series] == 0 {
				t.Errorf("%v is missing from %v to %v", q.Value, b.From, b.To)
			}
		}
	}
}

func TestTheScaleOfTheBarsOnlyGrowsInSteps(t *testing.T) {
	last, steps := 0, 0
	for highest := range 100_000 {
		full := fullCount(highest)
		if full < highest || full < last {
			t.Fatalf("%d for %d after %d", full, highest, last)
		}
		if full > last {
			last, steps = full, steps+1
		}
	}
	if steps > 25 {
		t.Errorf("%d steps", steps)
	}
}
