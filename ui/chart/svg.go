package chart

import (
	"html"
	"strconv"
	"strings"
)

// The colours of a drawing without a style sheet, for a light page. The series
// differ by their marks too.
const (
	inkText  = "#1d2329"
	inkMuted = "#59636e"
	inkAxis  = "#8a939d"
	inkGrid  = "#e3e7eb"
	inkGap   = "#eceff2"
)

var inkSeries = [seriesCount]string{"#0a6c96", "#b4540a"}

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
		out.text("m", float64(s.Width)-sheetRight, 12, "end", s.Note)
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

func (o *svg) line(class string, x1, y1, x2, y2 float64) {
	stroke := map[string]string{"g": inkGrid, "x": inkAxis, "k": inkText}[class]
	o.add(`<line class="` + class + `" stroke="` + stroke + `"`)
	if class == "k" {
		o.add(` stroke-width="1.6"`)
	}
	o.attributes("x1 y1 x2 y2", x1, y1, x2, y2)
	o.add("/>\n")
}

func (o *svg) text(class string, x, y float64, anchor, words string) {
	fill := inkMuted
	if class == "t" {
		fill = inkText
	}
	o.add(`<text class="` + class + `" fill="` + fill + `"`)
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
		o.text("m", float64(s.Width)-1, y, "end", words)
		return
	}
	o.text("m", x, y, "middle", words)
}

// filled opens a group in a series' colour; close with endGroup.
func (o *svg) filled(series int, opacity string) {
	o.add(`<g class="s` + strconv.Itoa(series) + `" fill="` + inkSeries[series] + `"`)
	if opacity != "" {
		o.add(` fill-opacity="` + opacity + `"`)
	}
	o.add(">\n")
}

// outlined opens a group of lines in a series' colour.
func (o *svg) outlined(series int, width, opacity string) {
	o.add(`<g class="l` + strconv.Itoa(series) + `" fill="none" stroke="` + inkSeries[series] + `" stroke-width="` + width + `"`)
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
		o.text("m", x+14, y+4, "start", e.words)
		x += width + 12
	}
	return y + row
}

// markKey explains a kind of mark, which each series has its own of.
func (o *svg) markKey(kind Kind, words string) key {
	return key{words, func(x, y float64) {
		if kind == AtMost {
			o.outlined(0, "1.5", "")
		} else {
			o.filled(0, "")
		}
		o.mark(0, kind, x, y, "")
		o.endGroup()
	}}
}

func (o *svg) seriesKey(s *Sheet, series int) key {
	return key{s.Series[series], func(x, y float64) {
		o.filled(series, "")
		o.mark(series, Measured, x, y, "")
		o.endGroup()
	}}
}

// bandKey explains the median's line and its interval.
func (o *svg) bandKey() key {
	return key{"median, 95 %", func(x, y float64) {
		o.filled(0, "0.16")
		o.rect(x-5, y-5, 11, 10)
		o.endGroup()
		o.line("k", x-5, y, x+6, y)
	}}
}
