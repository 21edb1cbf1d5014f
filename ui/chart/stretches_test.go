package chart

import (
	"strings"
	"testing"
	"time"
)

// changed are points of the first series, of 4 s and then of 20 s, and their
// stretches.
func changed() (points []Point, stretches [2][]Stretch, overall [2]Estimate) {
	const s = time.Second
	for i := range 40 {
		p := Point{Size: 1024, At: time.Duration(i) * 10 * s, Value: 4 * s, Low: 4 * s, High: 4 * s}
		if i >= 20 {
			p.Value, p.Low, p.High = 20*s, 20*s, 20*s
		}
		points = append(points, p)
	}
	level := func(text string, value time.Duration) Estimate {
		return Estimate{N: 20, Known: true, Value: value, Lower: value, Upper: value, Text: text, Whole: text + " (all)"}
	}
	stretches[0] = []Stretch{{0, level("4.0 s", 4*s)}, {200 * s, level("20 s", 20*s)}}
	overall[0] = level("9.0 s", 9*s)
	overall[0].N = 40
	return points, stretches, overall
}

func TestAStretchIsDrawnWhereItWas(t *testing.T) {
	points, stretches, overall := changed()
	p := &Plot{}
	for _, point := range points {
		p.Add(point)
	}
	v := View{Width: 90, Height: 30, Overall: overall, Stretches: stretches, Ended: true, Close: true, Words: Words{Duration: time.Duration.String}}
	line := marksOf(false).medianLine
	rows := 0
	for row := range strings.Lines(p.OverTime(v)) {
		first, last := strings.IndexRune(row, line), strings.LastIndex(row, string(line))
		if first < 0 {
			continue
		}
		rows++
		left, right := len([]rune(row[:first])), len([]rune(row[:last]))
		if change := 48; (left >= change) == (right <= change) { // the column of 200 s
			t.Errorf("a median from column %d to %d:\n%s", left, right, row)
		}
	}
	if rows != 2 || !strings.Contains(p.OverTime(v), "median 4.0 s (all), then 20 s (all)") {
		t.Errorf("%d rows with a median, want one for each stretch:\n%s", rows, p.OverTime(v))
	}
	if text := p.Histogram(v); !strings.Contains(text, "median 9.0 s (all)") || strings.Contains(text, "then") {
		t.Errorf("the histogram is of all of them:\n%s", text)
	}
	v.Width = 46
	if text := p.OverTime(v); !strings.Contains(text, "median 4.0 s, then 20 s") {
		t.Errorf("with less room:\n%s", text)
	}
}

func TestADrawingHasAMedianForEachStretch(t *testing.T) {
	points, stretches, overall := changed()
	sheet := Sheet{ID: "s", Width: 860, Height: 400, Points: points, Overall: overall}
	lines := func(text string) int { return strings.Count(text, `stroke-width="1.6"`) } // of the medians and of the legend's
	whole := sheet.OverTime()
	sheet.Stretches = stretches
	both := sheet.OverTime()
	if !strings.Contains(both, "median 4.0 s (all), then 20 s (all)") || lines(both) != 3 || lines(whole) != 2 {
		t.Errorf("%d and %d lines of medians in\n%s", lines(whole), lines(both), both)
	}
}
