package chart

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
	for _, t := range s.ticks() {
		y := top + t.row
		f.set(f.left-1, y, f.tickLeft, axis)
		for x := f.left + 3; x < f.width; x += 4 {
			f.set(x, y, f.grid, faint)
		}
		if f.left > labelWidth {
			text := tickLabel(t.value)
			f.text(labelWidth-len(text), y, text, label)
		}
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
