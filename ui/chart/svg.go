package chart

import (
	"html"
	"strconv"
	"strings"
)

// tint is the colour of a part of a drawing.
type tint uint8

const (
	headings tint = iota
	labels
	gridLines
	axes
	medians
	asleep
	points0  // and the next, one for each series
	strokes0 = points0 + seriesCount
	tints    = strokes0 + seriesCount
)

// tinted are the classes of all tints, by which a page colours them, and what
// they are without a style sheet, as on a light page. The series differ by their
// marks too.
var tinted = [tints]struct{ class, attribute, colour string }{
	headings:  {"t", "fill", "#1d2329"},
	labels:    {"m", "fill", "#59636e"},
	gridLines: {"g", "stroke", "#e3e7eb"},
	axes:      {"x", "stroke", "#8a939d"},
	medians:   {"k", "stroke", "#1d2329"},
	asleep:    {"gap", "fill", "#eceff2"},
	points0:   {"s0", "fill", "#0a6c96"},
	{"s1", "fill", "#b4540a"},
	strokes0: {"l0", "stroke", "#0a6c96"},
	{"l1", "stroke", "#b4540a"},
}

// textWidth is about how wide a text of the drawings' size is, in pixels, in the
// wider ones of the fonts that systems have.
func textWidth(text string) float64 { return 6.8 * float64(len([]rune(text))) }

// svg writes one drawing. Every text goes through escaping.
type svg struct {
	out strings.Builder
}

func (o *svg) add(parts ...string) {
	for _, part := range parts {
		o.out.WriteString(part)
	}
}

func newSVG(s *Sheet, kind, title, description string) *svg {
	out := &svg{}
	id := html.EscapeString(s.ID + "-" + kind)
	width, height := strconv.Itoa(s.Width), strconv.Itoa(s.Height)
	out.add(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + width + ` ` + height + `" width="` + width + `" height="` + height +
		`" role="img" aria-labelledby="` + id + `-t ` + id + `-d" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="12">` + "\n" +
		`<title id="` + id + `-t">` + html.EscapeString(title) + `</title><desc id="` + id + `-d">` + html.EscapeString(description) + "</desc>\n")
	if s.Note != "" {
		out.text(labels, float64(s.Width)-sheetRight, 12, "end", s.Note)
	}
	return out
}

func (o *svg) end() string {
	o.add("</svg>\n")
	return o.out.String()
}

func coordinate(x float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
}

// attributes writes names and numbers in turn.
func (o *svg) attributes(names string, values ...float64) {
	for i, name := range strings.Fields(names) {
		o.add(` ` + name + `="` + coordinate(values[i]) + `"`)
	}
}

// open begins an element of a tint; more are its other attributes.
func (o *svg) open(element string, of tint, more string) {
	t := tinted[of]
	o.add(`<`+element+` class="`+t.class+`"`, more, ` `+t.attribute+`="`+t.colour+`"`)
}

func (o *svg) line(of tint, x1, y1, x2, y2 float64) {
	o.open("line", of, "")
	if of == medians {
		o.add(` stroke-width="1.6"`)
	}
	o.attributes("x1 y1 x2 y2", x1, y1, x2, y2)
	o.add("/>\n")
}

func (o *svg) text(of tint, x, y float64, anchor, words string) {
	o.open("text", of, "")
	o.attributes("x y", x, y)
	if anchor != "start" {
		o.add(` text-anchor="` + anchor + `"`)
	}
	o.add(">" + html.EscapeString(words) + "</text>\n")
}

// below labels a place on a horizontal axis. Near the right edge the label ends
// there, which no font can make too wide.
func (o *svg) below(s *Sheet, x, y float64, words string) {
	const widest = 8 // pixels of a character
	if x+widest/2*float64(len([]rune(words))) > float64(s.Width) {
		o.text(labels, float64(s.Width)-1, y, "end", words)
		return
	}
	o.text(labels, x, y, "middle", words)
}

// filled opens a group in a series' colour; close with endGroup.
func (o *svg) filled(series int, opacity string) {
	o.open("g", points0+tint(series), "")
	if opacity != "" {
		o.add(` fill-opacity="` + opacity + `"`)
	}
	o.add(">\n")
}

// outlined opens a group of lines in a series' colour.
func (o *svg) outlined(series int, width, opacity string) {
	o.open("g", strokes0+tint(series), ` fill="none"`)
	o.add(` stroke-width="` + width + `"`)
	if opacity != "" {
		o.add(` stroke-opacity="` + opacity + `"`)
	}
	o.add(">\n")
}

func (o *svg) endGroup() { o.add("</g>\n") }

func (o *svg) rect(x, y, width, height float64) {
	o.add("<rect")
	o.attributes("x y width height", x, y, max(width, 0), max(height, 0))
	o.add("/>\n")
}

// area is a rectangle in a series' colour.
func (o *svg) area(series int, opacity string, x, y, width, height float64) {
	o.filled(series, opacity)
	o.rect(x, y, width, height)
	o.endGroup()
}

// points opens a group for marks of a kind; close with endGroup.
func (o *svg) points(series int, kind Kind, opacity string) {
	if kind == AtMost {
		o.outlined(series, "1.5", "")
	} else {
		o.filled(series, opacity)
	}
}

// point is one mark alone.
func (o *svg) point(series int, kind Kind, x, y float64) {
	o.points(series, kind, "")
	o.mark(series, kind, x, y, "")
	o.endGroup()
}

func (o *svg) path(data, title string) { o.shape("path", ` d="`+data+`"`, title) }

func (o *svg) shape(name, attributes, title string) {
	o.add("<" + name + attributes)
	if title == "" {
		o.add("/>\n")
		return
	}
	o.add("><title>" + html.EscapeString(title) + "</title></" + name + ">\n")
}

// mark draws a point: a circle or a diamond; a triangle where it took longer
// than this. What is hollow comes from the group.
func (o *svg) mark(series int, kind Kind, x, y float64, title string) {
	const r = markRadius
	at := coordinate(x) + " " + coordinate(y)
	switch {
	case kind == AtLeast:
		o.path("M"+at+"m-4 3.4l4 -7.6l4 7.6z", title)
	case series == 0:
		o.shape("circle", ` cx="`+coordinate(x)+`" cy="`+coordinate(y)+`" r="`+coordinate(r)+`"`, title)
	default:
		o.path("M"+at+"m0 -4.4l4 4.4l-4 4.4l-4 -4.4z", title)
	}
}

// key is one entry of a drawing's legend.
type key struct {
	words string
	draw  func(x, y float64)
}

// legend draws the entries along the top, in as many rows as they take, and
// returns where the plot may begin. The first row leaves room for the note.
func (o *svg) legend(s *Sheet, entries []key) (top float64) {
	const left, row = 8.0, 17.0
	x, y := left, 8.0
	right := float64(s.Width) - sheetRight
	if s.Note != "" {
		right -= textWidth(s.Note) + 12
	}
	for _, e := range entries {
		width := 14 + textWidth(e.words)
		if x+width > right && x > left {
			x, y, right = left, y+row, float64(s.Width)-sheetRight
		}
		e.draw(x+4, y)
		o.text(labels, x+14, y+4, "start", e.words)
		x += width + 12
	}
	return y + row
}

// markKey explains a kind of mark, which each series has its own of.
func (o *svg) markKey(kind Kind, words string) key {
	return key{words, func(x, y float64) { o.point(0, kind, x, y) }}
}

func (o *svg) seriesKey(s *Sheet, series int) key {
	return key{s.Series[series], func(x, y float64) { o.point(series, Measured, x, y) }}
}

// bandKey explains the median's line and its interval.
func (o *svg) bandKey() key {
	return key{"median, 95 %", func(x, y float64) {
		o.area(0, "0.16", x-5, y-5, 11, 10)
		o.line(medians, x-5, y, x+6, y)
	}}
}
