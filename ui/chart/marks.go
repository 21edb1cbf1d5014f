package chart

// marks are the runes of a chart. The series differ without colour too.
type marks struct {
	kinds                     [seriesCount][kinds]rune
	flight                    [seriesCount]rune
	bar, bracket              rune
	medianCentre, medianArm   rune // across the page, with its interval
	medianPoint, medianSpan   rune // up the page, with its interval
	medianLine, interval      rune // of all columns
	vertical, tickLeft        rune
	corner, horizontal, below rune
	grid, gap                 rune
	above, under              rune // an interval goes on beyond the plot
	beyondRight, beyondLeft   rune
	bandTop, bandBottom       rune // where a band begins
	target, targetUp          rune // across the page, and up it
	cursor, faintPoint        rune // the point that is picked, and one that is not looked at
	stall                     [seriesCount]rune
	bars                      [eighths]rune // by height
}

var unicodeMarks = marks{
	kinds:  [seriesCount][kinds]rune{{'●', '○', '▲'}, {'◆', '◇', '△'}},
	flight: [seriesCount]rune{'↑', '⇡'},
	bar:    '━', bracket: '│',
	medianCentre: '┿', medianArm: '━',
	medianPoint: '╂', medianSpan: '┃',
	medianLine: '━', interval: '┄',
	vertical: '│', tickLeft: '┤',
	corner: '└', horizontal: '─', below: '┬',
	grid: '·', gap: '░',
	above: '⇑', under: '⇓', beyondRight: '⇒', beyondLeft: '⇐',
	bandTop: '┌', bandBottom: '└',
	target: '╌', targetUp: '╎', cursor: '◉', faintPoint: '∘',
	stall: [seriesCount]rune{'▀', '▄'},
	bars:  [eighths]rune{'▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'},
}

var asciiMarks = marks{
	kinds:  [seriesCount][kinds]rune{{'o', 'c', '^'}, {'x', 'v', 'A'}},
	flight: [seriesCount]rune{'i', 'j'},
	bar:    '=', bracket: '|',
	medianCentre: '+', medianArm: '-',
	medianPoint: '+', medianSpan: '|',
	medianLine: '=', interval: '-',
	vertical: '|', tickLeft: '+',
	corner: '+', horizontal: '-', below: '+',
	grid: '.', gap: ':',
	above: '*', under: '*', beyondRight: '>', beyondLeft: '<',
	bandTop: ',', bandBottom: '`',
	target: '_', targetUp: '!', cursor: '@', faintPoint: ';',
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

// legendPart is one entry of a legend: marks with their inks, then words, or
// other words where there is little room.
type legendPart struct {
	marks        []glyph
	words, short string
}

// said are the words of a part.
func (part legendPart) said(briefly bool) string {
	if briefly && part.short != "" {
		return part.short
	}
	return part.words
}

// legend draws the parts from x on. Where they don't fit they take their short
// words, then move together, and then the last ones give way.
func (c *canvas) legend(x, y int, parts []legendPart) {
	apart, briefly := 3, false
	room := func() bool {
		width := -apart
		for _, part := range parts {
			width += 2*len(part.marks) + len([]rune(part.said(briefly))) + apart
		}
		return x+width <= c.width
	}
	for len(parts) > 0 && !room() {
		switch {
		case !briefly:
			briefly = true
		case apart == 3:
			apart = 2
		default:
			parts = parts[:len(parts)-1]
		}
	}
	for _, part := range parts {
		for _, mark := range part.marks {
			c.set(x, y, mark.r, mark.ink)
			x += 2
		}
		x = c.text(x, y, part.said(briefly), label) + apart
	}
}

var kindWords = [kinds]string{AtMost: "at most this", AtLeast: "over this"}

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
	parts := []legendPart{{marks: []glyph{{m.medianLine, plain}, {m.interval, plain}}, words: "median, 95 %"}}
	if len(v.Gaps) > 0 {
		parts = append(parts, legendPart{marks: []glyph{{m.gap, faint}}, words: "asleep"})
	}
	if len(v.Stalls) > 0 {
		parts = append(parts, m.both("stalled", func(s int) rune { return m.stall[s] }))
	}
	return parts
}

// flying explains the marks of what is in flight: after a run's end nothing is.
func (m *marks) flying(v View) []legendPart {
	if v.Ended {
		return nil
	}
	return []legendPart{m.both("in flight", func(s int) rune { return m.flight[s] })}
}

// unmeasured explains the marks of the points that don't end in a measured
// value, where there are any.
func (p *Plot) unmeasured(m *marks, of ...Kind) []legendPart {
	var parts []legendPart
	for _, kind := range of {
		if p.has[kind] {
			parts = append(parts, m.both(kindWords[kind], func(s int) rune { return m.kinds[s][kind] }))
		}
	}
	return parts
}
