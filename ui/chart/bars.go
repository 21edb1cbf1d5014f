package chart

import (
	"cmp"
	"math"
	"slices"
	"time"
)

const (
	sizeColumns  = 9  // "128 KiB" and some air
	numberColumn = 12 // "over 4.7 s" and some air
	shortestBar  = 8  // the longest of the bars has at least so much
)

// Bars draws one line for each size and series: the median as a bar from zero,
// with its number, or with what is said where there is none. Where the lines don't fit, it draws the series over all
// sizes. It returns "" for an empty view.
func (p *Plot) Bars(v View) string {
	if v.Width < 1 || v.Height < 1 {
		return ""
	}
	estimates := make([]Estimate, 0, len(v.Medians))
	for _, e := range v.Medians {
		if e.Series >= 0 && e.Series < seriesCount {
			estimates = append(estimates, e)
		}
	}
	slices.SortStableFunc(estimates, func(a, b Estimate) int {
		return cmp.Or(cmp.Compare(a.Size, b.Size), cmp.Compare(a.Series, b.Series))
	})
	bySize := len(estimates) > 0 && len(estimates) <= v.Height
	if !bySize {
		estimates = estimates[:0]
		for series, e := range v.Overall {
			e.Series = series
			estimates = append(estimates, e)
		}
	}
	longest := time.Duration(0)
	for _, e := range estimates {
		if e.Known {
			longest = max(longest, e.Value)
		}
	}
	c := newCanvas(v)
	write := barText(v, estimates)
	for y, e := range estimates {
		name := "all sizes"
		if bySize {
			name = c.words.Size(e.Size)
		}
		if y > 0 && bySize && estimates[y-1].Size == e.Size || y > 0 && !bySize {
			name = ""
		}
		c.barLine(v, y, name, e, longest, write)
	}
	return c.render(v)
}

// barText is the longest wording of the numbers that leaves room for bars in
// all lines: with the interval and n, with n, or the number alone.
func barText(v View, estimates []Estimate) func(Estimate) string {
	taken := sizeColumns + 3 + len([]rune(v.Series[0].Name)) + shortestBar + 2
	for _, write := range []func(Estimate) string{Estimate.wholeWithN, Estimate.withN} {
		longest := 0
		for _, e := range estimates {
			longest = max(longest, len(write(e)))
		}
		if taken+longest <= v.Width {
			return write
		}
	}
	return func(e Estimate) string { return e.Text }
}

// barLine leaves out the size, then the bar, where the line gets too short.
func (c *canvas) barLine(v View, y int, name string, e Estimate, longest time.Duration, write func(Estimate) string) {
	m, ink := marksOf(c.ascii), seriesInk(e.Series)
	x := 0
	if c.width >= sizeColumns+numberColumn+4 {
		c.text(sizeColumns-len(name), y, name, label)
		x = sizeColumns + 1
	}
	c.set(x, y, m.kinds[e.Series][Measured], ink)
	x += 2
	if series := []rune(v.Series[e.Series].Name); c.width-x >= len(series)+numberColumn+12 {
		x = c.text(x, y, string(series), ink) + 1
	}
	if room := c.width - x - max(numberColumn, len(write(e))) - 1; room >= 4 && longest > 0 && e.Known {
		length := int(math.Round(float64(room) * float64(e.Value) / float64(longest)))
		for range max(length, 1) {
			c.set(x, y, m.bar, ink)
			x++
		}
		x++
	}
	c.text(x, y, write(e), plain)
}
