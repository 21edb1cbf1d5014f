package chart

import (
	"slices"
	"strconv"
	"time"
)

// Histogram draws a lane of bars for each series over one logarithmic axis of
// durations. What took longer than it was watched is stacked on the bars as
// outlines.
func (s *Sheet) Histogram() string {
	out := newSVG(s, "histogram", "How often each duration was seen",
		s.describe("Bars a quarter of a doubling wide, on a logarithmic scale of durations."))
	first := out.legend(s, []key{
		{"arrived", func(x, y float64) {
			out.area(0, "0.75", x-4, y-5, 9, 10)
		}},
		out.bandKey(),
		{"longer than this", func(x, y float64) {
			out.outlined(0, "1.2", "")
			out.rect(x-4, y-5, 9, 10)
			out.endGroup()
		}},
	})
	bars := s.Bars()
	bounds := s.bounds()
	if len(bars) > 0 { // whole bars, none cut by the ends of the axis
		bounds = Range{min(bounds.Low, bars[0].From), max(bounds.High, bars[len(bars)-1].To)}
	}
	x := logAxis{bounds, sheetLeft, float64(s.Width) - sheetRight}
	highest := 0
	for _, b := range bars {
		for series := range seriesCount {
			highest = max(highest, b.Arrived[series]+b.Longer[series])
		}
	}
	bottom := float64(s.Height) - sheetBottom
	height := (bottom - first) / seriesCount
	for series := range seriesCount {
		top := first + height*float64(series)
		s.barLane(out, series, bars, x, fullCount(highest), top, top+height)
	}
	for _, d := range axisTicks(x) {
		out.line(axes, x.at(d), bottom, x.at(d), bottom+4)
		out.below(s, x.at(d), bottom+17, tickLabel(d))
	}
	out.text(labels, x.end, bottom+33, "end", "time until readable on the other side")
	return out.end()
}

// axisTicks are the round values along a horizontal axis.
func axisTicks(x logAxis) []time.Duration {
	low, _ := slices.BinarySearch(sheetLadder, x.bounds.Low)
	high := floor(sheetLadder, x.bounds.High)
	if low >= high {
		return nil
	}
	inside := Range{sheetLadder[low], sheetLadder[high]}
	return logAxis{inside, x.at(inside.Low), x.at(inside.High)}.ticks(52)
}

func (s *Sheet) barLane(out *svg, series int, bars []Bar, x logAxis, full int, top, bottom float64) {
	const bandAt = laneGap + 8
	ceiling := top + laneGap + 16
	y := func(count int) float64 { return bottom - (bottom-ceiling)*float64(count)/float64(full) }
	out.laneTitle(s, series, top, nil)
	parts := 2
	if full%2 != 0 || full%3 == 0 {
		parts = 3
	}
	for part := 1; part <= parts; part++ {
		if full*part%parts != 0 {
			continue
		}
		count := full * part / parts
		out.line(gridLines, x.start, y(count), x.end, y(count))
		out.text(labels, x.start-6, y(count)+4, "end", strconv.Itoa(count))
	}
	out.filled(series, "0.75")
	for _, b := range bars {
		if n := b.Arrived[series]; n > 0 {
			out.rect(x.at(b.From)+0.5, y(n), x.at(b.To)-x.at(b.From)-1, bottom-y(n))
		}
	}
	out.endGroup()
	out.outlined(series, "1.2", "")
	for _, b := range bars {
		if n := b.Longer[series]; n > 0 {
			all := n + b.Arrived[series]
			out.rect(x.at(b.From)+1, y(all), x.at(b.To)-x.at(b.From)-2, y(b.Arrived[series])-y(all))
		}
	}
	out.endGroup()
	if e := s.Overall[series]; e.Known {
		last := x.end
		if !e.Open {
			last = x.at(e.Upper)
		}
		out.area(series, "0.25", x.at(e.Lower), top+bandAt-4, max(last-x.at(e.Lower), 1), 8)
		if e.drawable() {
			out.line(medians, x.at(e.Value), top+bandAt-5, x.at(e.Value), top+bandAt+5)
		}
	}
	out.line(axes, x.start, bottom, x.end, bottom)
}

// Bar is one bar of a histogram.
type Bar struct {
	From, To time.Duration
	// Arrived counts the points that were measured or are known to be at
	// most this; Longer those that took longer than this.
	Arrived, Longer [seriesCount]int
}

// Bars are the histogram's bars: at fixed places, a quarter of a doubling wide,
// from the first to the last that is not empty.
func (s *Sheet) Bars() []Bar {
	x := newBarAxis(s.bounds(), bins)
	x.columns = 1
	bars := make([]Bar, x.bars)
	for i := range bars {
		bars[i].From, bars[i].To = x.from(i), x.from(i+1)
	}
	if s.All != nil {
		for series := range seriesCount {
			counts := s.All.barCounts(x, series)
			for i := range bars {
				bars[i].Arrived[series], bars[i].Longer[series] = counts.arrived[i], counts.longer[i]
			}
		}
		return filledBars(bars)
	}
	for _, p := range s.Points {
		b := &bars[x.bar(binOf(p.Value))]
		if p.Kind == AtLeast {
			b.Longer[p.Series]++
		} else {
			b.Arrived[p.Series]++
		}
	}
	return filledBars(bars)
}

// filledBars leaves out the empty ones at both ends.
func filledBars(bars []Bar) []Bar {
	empty := func(b Bar) bool { return b.Arrived == [seriesCount]int{} && b.Longer == [seriesCount]int{} }
	for len(bars) > 0 && empty(bars[0]) {
		bars = bars[1:]
	}
	for len(bars) > 0 && empty(bars[len(bars)-1]) {
		bars = bars[:len(bars)-1]
	}
	return bars
}
