package chart

import "slices"

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
	out.line("x", sheetLeft, bottom, float64(s.Width)-sheetRight, bottom)
	sizes := s.sizes()
	group := (float64(s.Width) - sheetLeft - sheetRight) / float64(max(len(sizes), 1))
	every := 1
	for textWidth(s.widest(sizes)) > group*float64(every) && every < len(sizes) {
		every++
	}
	for i, size := range sizes {
		centre := sheetLeft + group*(float64(i)+0.5)
		out.line("x", centre, bottom, centre, bottom+4)
		if i%every == 0 {
			out.below(s, centre, bottom+17, s.Words.orPlain().Size(size))
		}
		for series := range seriesCount {
			s.column(out, series, size, centre+group/4*float64(2*series-1)*0.92, group*0.42, y)
		}
	}
	out.text("m", float64(s.Width)-sheetRight, bottom+33, "end", "file size")
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
