package chart

import (
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
)

// ink is the style of a cell.
type ink uint8

const (
	plain ink = iota
	axis
	label
	faint
	series0 // and the next, one for each series
	inks    = series0 + seriesCount
)

type glyph struct {
	r   rune // 0: blank
	ink ink
}

// canvas is a grid of cells, each one column wide.
type canvas struct {
	width, height int
	ascii         bool
	words         Words
	cells         []glyph
}

func newCanvas(v View) *canvas {
	return &canvas{width: v.Width, height: v.Height, ascii: v.ASCII, words: v.Words.orPlain(), cells: make([]glyph, v.Width*v.Height)}
}

// set draws one rune of width 1; outside the canvas it does nothing.
func (c *canvas) set(x, y int, r rune, i ink) {
	if x >= 0 && x < c.width && y >= 0 && y < c.height {
		c.cells[y*c.width+x] = glyph{r, i}
	}
}

// text draws from x on, clipped to the canvas, and returns the column after
// it. A rune that is not one column wide becomes a question mark.
func (c *canvas) text(x, y int, s string, i ink) int {
	for _, r := range s {
		c.set(x, y, c.fit(r), i)
		x++
	}
	return x
}

func (c *canvas) fit(r rune) rune {
	switch {
	case r >= ' ' && r <= '~':
		return r
	case c.ascii && r == '→':
		return '>'
	case c.ascii || lipgloss.Width(string(r)) != 1:
		return '?'
	default:
		return r
	}
}

// render writes the rows, each without trailing blanks.
func (c *canvas) render(v View) string {
	var paint [inks]struct{ before, after string }
	for i, style := range map[ink]lipgloss.Style{
		axis: v.Axis, label: v.Label, faint: v.Faint, series0: v.Series[0].Style, series0 + 1: v.Series[1].Style,
	} {
		// A style's sequences are found once a frame instead of rendering
		// every run. One that adds visible cells would break the grid.
		before, after, ok := strings.Cut(style.Inline(true).Render("x"), "x")
		if ok && lipgloss.Width(before+after) == 0 {
			paint[i].before, paint[i].after = before, after
		}
	}
	out := make([]byte, 0, len(c.cells)*2)
	for y := range c.height {
		if y > 0 {
			out = append(out, '\n')
		}
		row := c.cells[y*c.width : (y+1)*c.width]
		for len(row) > 0 && blank(row[len(row)-1]) {
			row = row[:len(row)-1]
		}
		current := plain
		for _, g := range row {
			if blank(g) {
				g = glyph{' ', plain}
			}
			if g.ink != current {
				out = append(out, paint[current].after...)
				out = append(out, paint[g.ink].before...)
				current = g.ink
			}
			if g.r < utf8.RuneSelf {
				out = append(out, byte(g.r))
			} else {
				out = utf8.AppendRune(out, g.r)
			}
		}
		out = append(out, paint[current].after...)
	}
	return string(out)
}

func blank(g glyph) bool { return g.r == 0 || g.r == ' ' }
