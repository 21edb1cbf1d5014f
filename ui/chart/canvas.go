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
	picked  // the cursor
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

// fill draws one rune where nothing is but the grid.
func (c *canvas) fill(x, y int, r rune, i ink) {
	if c.free(x, y) {
		c.set(x, y, r, i)
	}
}

// free says whether a cell holds nothing but the grid.
func (c *canvas) free(x, y int) bool {
	if x < 0 || x >= c.width || y < 0 || y >= c.height {
		return false
	}
	g := c.cells[y*c.width+x]
	return blank(g) || g.ink == faint
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
	for i, style := range v.styles() {
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

const (
	fewestColumns = 8
	fewestRows    = 4
	labelWidth    = 6 // the widest tick label: "20 min"
	// labelledColumns is the width from which the duration axis has labels.
	labelledColumns = 24
	legendRowsFrom  = 8  // rows
	titleRowsFrom   = 12 // rows
)

// frame is a canvas with its axes' places.
type frame struct {
	*canvas
	*marks
	left        int // first column of the plot; the axis is one before it
	top, bottom int // the plot's first row and the row after its last
	legendAt    int // the legend's row, or -1
}

// newFrame lays out a chart, or returns nil where the view is too small for
// one.
func newFrame(v View) *frame {
	if v.Width < fewestColumns || v.Height < fewestRows {
		return nil
	}
	f := &frame{canvas: newCanvas(v), marks: marksOf(v.ASCII), left: 1, bottom: v.Height - 2, legendAt: -1}
	if v.Width >= labelledColumns {
		f.left = labelWidth + 2
	}
	if v.Title != "" && v.Height >= titleRowsFrom && f.left+len(v.Title) <= v.Width {
		f.text(f.left, 0, v.Title, label)
		f.top = 1
	}
	if v.Legend && v.Height >= legendRowsFrom {
		f.legendAt = f.top
		f.top++
	}
	return f
}

// columns is the plot's width.
func (f *frame) columns() int { return f.width - f.left }

// durationAxis draws the axis of the rows from top to bottom, with faint lines
// behind the plot at its ticks.
func (f *frame) durationAxis(s scale, top int) {
	for row := range s.rows {
		f.set(f.left-1, top+row, f.vertical, axis)
	}
	for _, d := range s.ticks() {
		y := top + s.row(d)
		f.set(f.left-1, y, f.tickLeft, axis)
		for x := f.left + 3; x < f.width; x += 4 {
			f.set(x, y, f.grid, faint)
		}
		if f.left > labelWidth {
			text := tickLabel(d)
			f.text(labelWidth-len(text), y, text, label)
		}
	}
}

// targetAcross draws a target where nothing else is, with its name at the end.
func (f *frame) targetAcross(v View, s scale, top int) {
	if v.Target <= 0 || v.Target < s.bounds.Low || v.Target > s.bounds.High {
		return
	}
	y, name := top+s.row(v.Target), " target "+f.words.Duration(v.Target)
	end := f.width - len([]rune(name))
	for x := end; x < f.width; x++ {
		if !f.free(x, y) {
			end = f.width
		}
	}
	for x := f.left; x < end; x++ {
		if !f.marked(x-1, y) && !f.marked(x+1, y) {
			f.fill(x, y, f.target, label)
		}
	}
	if end < f.width {
		f.text(end, y, name, label)
	}
}

// baseline draws the axis below the plot.
func (f *frame) baseline() {
	f.set(f.left-1, f.bottom, f.corner, axis)
	for x := f.left; x < f.width; x++ {
		f.set(x, f.bottom, f.horizontal, axis)
	}
}

// nothingYet says that the chart is empty on purpose.
func (f *frame) nothingYet() {
	const words = "no sample yet"
	if x := f.left + (f.columns()-len(words))/2; x > f.left {
		f.text(x, (f.top+f.bottom)/2, words, label)
	}
}
