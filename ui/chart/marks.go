package chart

// marks are the runes of a chart. The series differ without colour too.
type marks struct {
	kinds                     [seriesCount][kinds]rune
	flight                    [seriesCount]rune
	bar, bracket              rune
	medianCentre, medianArm   rune
	medianLine, interval      rune
	vertical, tickLeft        rune
	corner, horizontal, below rune
	grid, gap                 rune
	stall                     [seriesCount]rune
	bars                      [eighths]rune // by height
}

var unicodeMarks = marks{
	kinds:  [seriesCount][kinds]rune{{'●', '○', '▲'}, {'◆', '◇', '△'}},
	flight: [seriesCount]rune{'↑', '⇡'},
	bar:    '━', bracket: '│',
	medianCentre: '┿', medianArm: '━',
	medianLine: '━', interval: '┄',
	vertical: '│', tickLeft: '┤',
	corner: '└', horizontal: '─', below: '┬',
	grid: '·', gap: '░',
	stall: [seriesCount]rune{'▀', '▄'},
	bars:  [eighths]rune{'▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'},
}

var asciiMarks = marks{
	kinds:  [seriesCount][kinds]rune{{'o', 'c', '^'}, {'x', 'v', 'A'}},
	flight: [seriesCount]rune{'i', 'j'},
	bar:    '=', bracket: '|',
	medianCentre: '+', medianArm: '-',
	medianLine: '=', interval: '-',
	vertical: '|', tickLeft: '+',
	corner: '+', horizontal: '-', below: '+',
	grid: '.', gap: ':',
	stall: [seriesCount]rune{'~', '"'},
	bars:  [eighths]rune{'_', '_', '_', '=', '=', '=', '#', '#'},
}

func marksOf(ascii bool) *marks {
	if ascii {
		return &asciiMarks
	}
	return &unicodeMarks
}

func seriesInk(series int) ink { return series0 + ink(series) }

// legendPart is one entry of a legend: marks with their inks, then words.
type legendPart struct {
	marks []glyph
	words string
}

// legend draws as many parts as fit, from x on.
func (c *canvas) legend(x, y int, parts []legendPart) {
	const apart = 3
	for _, part := range parts {
		width := len(part.marks)*2 + len([]rune(part.words))
		if x+width > c.width {
			return
		}
		for _, mark := range part.marks {
			c.set(x, y, mark.r, mark.ink)
			x += 2
		}
		x = c.text(x, y, part.words, label) + apart
	}
}

// both makes an entry for a mark that each series has its own of.
func (m *marks) both(words string, of func(series int) rune) legendPart {
	part := legendPart{words: words}
	for s := range seriesCount {
		part.marks = append(part.marks, glyph{of(s), seriesInk(s)})
	}
	return part
}

func (m *marks) named(v View) []legendPart {
	parts := make([]legendPart, 0, seriesCount+4)
	for s, series := range v.Series {
		parts = append(parts, legendPart{marks: []glyph{{m.kinds[s][Measured], seriesInk(s)}}, words: series.Name})
	}
	return parts
}

// band explains what lies behind the points over time: the median, its
// interval, and the times in which nothing was measured or arrived.
func (m *marks) band(v View) []legendPart {
	parts := []legendPart{
		{marks: []glyph{{m.medianLine, plain}}, words: "median"},
		{marks: []glyph{{m.interval, plain}}, words: "95 %"},
	}
	if len(v.Gaps) > 0 {
		parts = append(parts, legendPart{marks: []glyph{{m.gap, faint}}, words: "asleep"})
	}
	if len(v.Stalls) > 0 {
		parts = append(parts, m.both("stalled", func(s int) rune { return m.stall[s] }))
	}
	return parts
}

// states explains the marks that don't end in a measured value. After a run's
// end nothing is in flight.
func (m *marks) states(v View) []legendPart {
	parts := []legendPart{
		m.both("over this", func(s int) rune { return m.kinds[s][AtLeast] }),
		m.both("at most this", func(s int) rune { return m.kinds[s][AtMost] }),
	}
	if v.Ended {
		return parts
	}
	return append([]legendPart{m.both("in flight", func(s int) rune { return m.flight[s] })}, parts...)
}
