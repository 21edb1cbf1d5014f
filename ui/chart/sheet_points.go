package chart

import (
	"slices"
	"time"
)

// OverTime draws a lane for each series: every point at the time at which it
// began, its bracket as a thin bar, hollow where it was there at the first look,
// an arrow where it took longer than it was watched, a cross below where it
// failed; the median as a line with its 95 % interval as a band; gaps shaded,
// and stalls too, under a bar.
func (s *Sheet) OverTime() string {
	out := newSVG(s, "time", "Durations over time",
		s.describe("Each probe at the time at which it began, with its bracket, on a logarithmic scale of durations."))
	entries := []key{
		out.markKey(Measured, "arrived"), out.bandKey(), out.markKey(AtLeast, "longer than this"), out.markKey(AtMost, "at most this"),
	}
	if len(s.Failures) > 0 {
		entries = append(entries, key{"failed", func(x, y float64) {
			out.outlined(0, "1.5", "")
			out.cross(x, y, "")
			out.endGroup()
		}})
	}
	if len(s.Gaps) > 0 {
		entries = append(entries, key{"asleep", func(x, y float64) { out.gap(x-4, y-5, 9, 10) }})
	}
	if len(s.Stalls) > 0 {
		entries = append(entries, key{"nothing arrived", func(x, y float64) { out.stall(0, x-4, y-5, 9, 10) }})
	}
	first := out.legend(s, entries)
	span := s.span()
	x := func(at time.Duration) float64 {
		return sheetLeft + 6 + (float64(s.Width)-sheetLeft-sheetRight-12)*float64(min(max(at, 0), span))/float64(span)
	}
	bounds := s.bounds()
	bottom := float64(s.Height) - sheetBottom
	height := (bottom - first) / seriesCount
	for series := range seriesCount {
		top := first + height*float64(series)
		s.timeLane(out, series, x, logAxis{bounds, top + height, top + laneGap}, top)
	}
	step := timeStep(span, int((float64(s.Width)-sheetLeft-sheetRight)/84))
	out.line(axes, sheetLeft, bottom, float64(s.Width)-sheetRight, bottom)
	for t := time.Duration(0); t <= span; t += step {
		out.line(axes, x(t), bottom, x(t), bottom+4)
		out.below(s, x(t), bottom+17, s.Words.orPlain().Duration(t))
	}
	out.text(labels, float64(s.Width)-sheetRight, bottom+33, "end", "since the start")
	return out.end()
}

// span is the time from the start to the last thing that is drawn.
func (s *Sheet) span() time.Duration {
	span := time.Second
	for _, p := range s.Points {
		span = max(span, p.At)
	}
	for _, f := range s.Failures {
		span = max(span, f.At)
	}
	return min(span, longestRun)
}

func (s *Sheet) timeLane(out *svg, series int, x func(time.Duration) float64, y logAxis, top float64) {
	for _, gap := range s.Gaps {
		if gap.To >= gap.From {
			out.gap(x(gap.From), y.end, max(x(gap.To)-x(gap.From), 2), y.start-y.end)
		}
	}
	for _, stall := range s.Stalls {
		if stall.Series == series && stall.To >= stall.From {
			out.stall(series, x(stall.From), y.end, max(x(stall.To)-x(stall.From), 2), y.start-y.end)
		}
	}
	s.durations(out, y)
	out.line(axes, sheetLeft, y.start, float64(s.Width)-sheetRight, y.start)
	right := float64(s.Width) - sheetRight
	parts := pieces(s.Stretches[series], s.Overall[series])
	edges := func(i int) (from, to float64) {
		from, to = sheetLeft, right
		if i > 0 {
			from = x(parts[i].From)
		}
		if i+1 < len(parts) {
			to = x(parts[i+1].From)
		}
		return from, to
	}
	for i, part := range parts {
		from, to := edges(i)
		out.band(part.Estimate, from, to, y)
	}
	out.laneTitle(s, series, top, s.Stretches[series])
	points := s.drawn(series, func(p Point) [2]float64 { return [2]float64{x(p.At), y.at(p.Value)} })
	out.outlined(series, "1.4", "0.5")
	for _, p := range points {
		if p.Kind != AtLeast && p.High > p.Low {
			out.path("M"+coordinate(x(p.At))+" "+coordinate(y.at(p.Low))+"V"+coordinate(y.at(p.High)), "")
		}
	}
	out.endGroup()
	s.marks(out, series, points, func(p Point) (float64, float64) { return x(p.At), y.at(p.Value) })
	out.outlined(series, "1.5", "")
	for _, f := range s.Failures {
		if f.Series == series {
			out.cross(x(f.At), y.start-5, s.Series[series]+", started at "+s.Words.orPlain().Duration(f.At)+": failed")
		}
	}
	out.endGroup()
	for i, part := range parts {
		from, to := edges(i)
		out.median(part.Estimate, from, to, y)
	}
}

// gap shades a time in which nothing was measured.
func (o *svg) gap(x, y, width, height float64) {
	o.open("g", asleep, "")
	o.add(">")
	o.rect(x, y, width, height)
	o.endGroup()
}

// stall shades a time in which nothing arrived, under a bar of its series.
func (o *svg) stall(series int, x, y, width, height float64) {
	o.gap(x, y, width, height)
	o.area(series, "", x, y, width, 3)
}

// cross marks a probe that failed.
func (o *svg) cross(x, y float64, title string) {
	o.path("M"+coordinate(x-3.5)+" "+coordinate(y-3.5)+"l7 7m0 -7l-7 7", title)
}

func (o *svg) laneTitle(s *Sheet, series int, top float64, stretches []Stretch) {
	o.point(series, Measured, sheetLeft+4, top+16)
	o.text(headings, sheetLeft+14, top+20, "start", s.heading(series, stretches))
}

// band draws the interval of a median, to lie behind the points.
func (o *svg) band(e Estimate, left, right float64, y logAxis) {
	if !e.Known {
		return
	}
	highest := y.end
	if !e.Open {
		highest = y.at(e.Upper)
	}
	o.area(e.Series, "0.18", left, highest, right-left, max(y.at(e.Lower)-highest, 1))
}

// median draws a median, to lie over the points.
func (o *svg) median(e Estimate, left, right float64, y logAxis) {
	if e.drawable() {
		o.line(medians, left, y.at(e.Value), right, y.at(e.Value))
	}
}

// drawn are a series' points. Of many, those within two pixels of another are
// left out, so that a day's run makes no larger a page than can be seen.
func (s *Sheet) drawn(series int, at func(Point) [2]float64) []Point {
	seen := map[[3]int]bool{}
	var points []Point
	for _, p := range s.Points {
		if p.Series != series {
			continue
		}
		place := at(p)
		cell := [3]int{int(place[0] / 2), int(place[1] / 2), int(p.Kind)}
		if len(s.Points) > titledPoints && seen[cell] {
			continue
		}
		seen[cell] = true
		points = append(points, p)
	}
	return points
}

// marks draws the points by kind, the rarer ones on top.
func (s *Sheet) marks(out *svg, series int, points []Point, at func(Point) (x, y float64)) {
	opacity := ""
	if len(s.Points) > titledPoints {
		opacity = "0.6"
	}
	for _, kind := range []Kind{Measured, AtMost, AtLeast} {
		out.points(series, kind, opacity)
		for _, p := range points {
			if p.Kind != kind {
				continue
			}
			title := ""
			if len(s.Points) <= titledPoints {
				title = s.title(p)
			}
			px, py := at(p)
			out.mark(series, kind, px, py, title)
		}
		out.endGroup()
	}
}

// BySize draws a column for each file size and series: every point at its
// duration as a swarm, the median as a line with its 95 % interval behind it.
func (s *Sheet) BySize() string {
	out := newSVG(s, "size", "Durations by file size",
		s.describe("Each probe in the column of its file size, on a logarithmic scale of durations."))
	first := out.legend(s, []key{
		out.seriesKey(s, 0), out.seriesKey(s, 1), out.bandKey(), out.markKey(AtLeast, "longer than this"), out.markKey(AtMost, "at most this"),
	})
	bottom := float64(s.Height) - sheetBottom
	y := logAxis{s.bounds(), bottom, first + 8}
	s.durations(out, y)
	out.line(axes, sheetLeft, bottom, float64(s.Width)-sheetRight, bottom)
	sizes := s.sizes()
	group := (float64(s.Width) - sheetLeft - sheetRight) / float64(max(len(sizes), 1))
	every := 1
	for textWidth(s.widest(sizes)) > group*float64(every) && every < len(sizes) {
		every++
	}
	for i, size := range sizes {
		centre := sheetLeft + group*(float64(i)+0.5)
		out.line(axes, centre, bottom, centre, bottom+4)
		if i%every == 0 {
			out.below(s, centre, bottom+17, s.Words.orPlain().Size(size))
		}
		for series := range seriesCount {
			s.column(out, series, size, centre+group/4*float64(2*series-1)*0.92, group*0.42, y)
		}
	}
	out.text(labels, float64(s.Width)-sheetRight, bottom+33, "end", "file size")
	return out.end()
}

func (s *Sheet) sizes() []int64 {
	var sizes []int64
	for _, p := range s.Points {
		if at, known := slices.BinarySearch(sizes, p.Size); !known {
			sizes = slices.Insert(sizes, at, p.Size)
		}
	}
	return sizes
}

func (s *Sheet) widest(sizes []int64) string {
	widest := ""
	for _, size := range sizes {
		if text := s.Words.orPlain().Size(size) + " "; len(text) > len(widest) {
			widest = text
		}
	}
	return widest
}

// column draws one size of one series around a centre.
func (s *Sheet) column(out *svg, series int, size int64, centre, width float64, y logAxis) {
	left, right := centre-width/2, centre+width/2
	median := Estimate{Series: series}
	for _, e := range s.Medians {
		if e.Series == series && e.Size == size {
			median = e
		}
	}
	out.band(median, left, right, y)
	points, offsets := s.swarm(series, size, width, y)
	next := -1
	s.marks(out, series, points, func(p Point) (float64, float64) {
		next++
		return centre + offsets[next], y.at(p.Value)
	})
	out.median(median, left, right, y)
}

// swarm places the points of a column beside each other where they would
// overlap. They come in the order in which they are drawn: by kind.
func (s *Sheet) swarm(series int, size int64, width float64, y logAxis) (points []Point, offsets []float64) {
	const row, apart = 2 * markRadius, 2*markRadius + 1
	rows := map[int][]int{} // places in points, by the row of pixels
	for _, kind := range []Kind{Measured, AtMost, AtLeast} {
		for _, p := range s.Points {
			if p.Series == series && p.Size == size && p.Kind == kind {
				at := int(y.at(p.Value) / row)
				if most := int(2 * width); len(rows[at]) < most { // more than there are pixels
					rows[at] = append(rows[at], len(points))
					points = append(points, p)
				}
			}
		}
	}
	offsets = make([]float64, len(points))
	for _, in := range rows {
		step := min(apart, (width-2*markRadius)/float64(len(in)))
		for i, place := range in {
			side := float64((i+1)/2) * step
			if i%2 == 1 {
				side = -side
			}
			offsets[place] = side
		}
	}
	return points, offsets
}
