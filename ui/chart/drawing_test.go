package chart

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
)

func TestDrawings(t *testing.T) {
	running := demo(7)
	running.SetFlights(demoFlights(70 * time.Second))
	long := demo(300)
	gap := func(v View) View {
		v.Gaps = []Gap{{40 * time.Second, 46 * time.Second}}
		return v
	}
	stalled := func(v View) View {
		v.Stalls = []Stall{{0, Gap{15 * time.Second, 30 * time.Second}}, {1, Gap{25 * time.Second, 38 * time.Second}}}
		return v
	}
	ascii := func(v View) View {
		v.ASCII = true
		return v
	}
	for name, text := range map[string]string{
		"by_size_116x18":             running.BySize(demoView(116, 18, 7)),
		"by_size_116x18_coloured":    running.BySize(coloured(demoView(116, 18, 7))),
		"by_size_76x14":              running.BySize(demoView(76, 14, 7)),
		"by_size_76x14_ascii":        running.BySize(ascii(demoView(76, 14, 7))),
		"by_size_40x10":              running.BySize(demoView(40, 10, 7)),
		"by_size_20x6":               running.BySize(demoView(20, 6, 7)),
		"by_size_2100_points":        long.BySize(demoView(116, 24, 300)),
		"by_size_nothing_yet":        (&Plot{}).BySize(demoView(76, 10, 0)),
		"over_time_116x24":           running.OverTime(gap(demoView(116, 24, 7))),
		"over_time_116x24_coloured":  running.OverTime(gap(coloured(demoView(116, 24, 7)))),
		"over_time_76x12_one_lane":   running.OverTime(gap(demoView(76, 12, 7))),
		"over_time_76x24_ascii":      running.OverTime(gap(ascii(demoView(76, 24, 7)))),
		"over_time_116x24_stalled":   running.OverTime(stalled(gap(demoView(116, 24, 7)))),
		"over_time_76x24_stalled":    running.OverTime(stalled(ascii(demoView(76, 24, 7)))),
		"over_time_76x12_stalled":    running.OverTime(stalled(demoView(76, 12, 7))),
		"over_time_2100_points":      long.OverTime(demoView(116, 30, 300)),
		"histogram_116x24":           running.Histogram(demoView(116, 24, 7)),
		"histogram_76x14":            running.Histogram(demoView(76, 14, 7)),
		"histogram_40x10":            running.Histogram(demoView(40, 10, 7)),
		"histogram_2100_ascii":       long.Histogram(ascii(demoView(76, 20, 300))),
		"histogram_nothing_yet":      (&Plot{}).Histogram(demoView(76, 12, 0)),
		"bars_76x14":                 running.Bars(demoView(76, 14, 7)),
		"bars_76x14_coloured":        running.Bars(coloured(demoView(76, 14, 7))),
		"bars_30x14_ascii":           running.Bars(ascii(demoView(30, 14, 7))),
		"bars_76x4_over_all_sizes":   running.Bars(demoView(76, 4, 7)),
		"bars_76x14_before_6_rounds": running.Bars(demoView(76, 14, 5)),
	} {
		t.Run(name, func(t *testing.T) { golden.RequireEqual(t, text) })
	}
}

func TestEveryPointIsDrawnWhileThereIsRoom(t *testing.T) {
	p := &Plot{}
	for i := range 5 {
		p.Add(Point{Series: 0, Size: 1024, Value: 4 * time.Second})
		p.Add(Point{Series: 1, Size: 1024, Value: 4 * time.Second})
		text := p.BySize(View{Width: 60, Height: 10})
		if a, b := strings.Count(text, "●"), strings.Count(text, "◆"); a != i+1 || b != i+1 {
			t.Errorf("%d points each are drawn as %d ● and %d ◆", i+1, a, b)
		}
	}
}

func TestAFullRowStillShowsThatOneGaveUp(t *testing.T) {
	p := &Plot{}
	for range 1000 {
		p.Add(Point{Size: 1024, Value: 4 * time.Second})
	}
	p.Add(Point{Size: 1024, Value: 4 * time.Second, Kind: AtLeast})
	if text := p.BySize(View{Width: 60, Height: 10}); !strings.Contains(text, "▲") {
		t.Errorf("\n%s", text)
	}
}

func TestTheMedianIsOnTheRowOfItsValue(t *testing.T) {
	p := &Plot{}
	p.Add(Point{Size: 1024, Value: 2 * time.Second})
	v := View{Width: 60, Height: 18, Medians: []Estimate{{Size: 1024, N: 6, Known: true, Value: 10 * time.Second}}}
	for _, line := range strings.Split(p.BySize(v), "\n") {
		if strings.Contains(line, "╂") != strings.Contains(line, "10 s") {
			t.Errorf("%q", line)
		}
	}
}

func TestTheMedianStandsOnItsIntervalAndHidesNoPoint(t *testing.T) {
	p := &Plot{}
	for range 5 {
		p.Add(Point{Size: 1024, Value: 5 * time.Second})
	}
	rows := func(e Estimate) (high, low time.Duration) {
		for row, line := range strings.Split(p.BySize(View{Width: 60, Height: 42, Medians: []Estimate{e}}), "\n") {
			if row >= 40 || !strings.ContainsAny(line, "┃╂⇑") && strings.Count(line, "●") < 5 {
				continue
			}
			at := time.Duration(float64(20*time.Second) * math.Pow(20, -float64(row)/39)) // from 20 s down to 1 s
			low = at
			if high == 0 {
				high = at
			}
		}
		return high, low
	}
	near := func(got, want time.Duration) bool { return math.Abs(math.Log(float64(got)/float64(want))) < 0.05 }
	e := Estimate{Size: 1024, N: 12, Known: true, Value: 4 * time.Second, Lower: 3 * time.Second, Upper: 8 * time.Second}
	if high, low := rows(e); !near(high, e.Upper) || !near(low, e.Lower) {
		t.Errorf("from %v to %v is drawn as from %v to %v", e.Lower, e.Upper, low, high)
	}
	e.Open = true
	if high, low := rows(e); !near(high, 20*time.Second) || !near(low, e.Lower) {
		t.Errorf("without an upper end it is drawn from %v to %v", low, high)
	}
	for _, width := range []int{20, 24, 30, 60} {
		drawn := 0
		for n := range 9 {
			one := &Plot{}
			for range n {
				one.Add(Point{Size: 1024, Value: 5 * time.Second})
			}
			view := View{Width: width, Height: 20}
			bare := strings.Count(one.BySize(view), "●")
			view.Medians = []Estimate{e}
			if got := strings.Count(one.BySize(view), "●"); got != bare {
				t.Errorf("%d wide: of %d points %d are drawn beside an interval, %d without one", width, n, got, bare)
			}
			drawn = max(drawn, bare)
		}
		if drawn < 3 {
			t.Errorf("%d wide: only %d points are drawn", width, drawn)
		}
	}
}

func TestAMedianWithoutAnIntervalIsNotDrawn(t *testing.T) {
	p := &Plot{}
	p.Add(Point{Size: 1024, Value: 2 * time.Second})
	v := View{Width: 60, Height: 18, Medians: []Estimate{{Size: 1024, N: 5, Value: 10 * time.Second}}}
	if strings.ContainsAny(p.BySize(v), "╂┃") {
		t.Error("a cross for five samples")
	}
}

func TestBracketsShowWhereTheySpanMoreThanARow(t *testing.T) {
	wide, narrow := &Plot{}, &Plot{}
	wide.Add(Point{Size: 1024, Value: 4 * time.Second, Low: 2 * time.Second, High: 10 * time.Second})
	narrow.Add(Point{Size: 1024, Value: 4 * time.Second, Low: 3990 * time.Millisecond, High: 4010 * time.Millisecond})
	count := func(p *Plot) int { return strings.Count(p.OverTime(View{Width: 60, Height: 10}), "│") }
	if count(wide) <= count(narrow) {
		t.Errorf("%d bars for the wide bracket, %d for the narrow one", count(wide), count(narrow))
	}
}

func TestAStallIsMarkedInItsOwnLaneFromItsBeginningToItsEnd(t *testing.T) {
	p := &Plot{}
	for at := range 11 {
		for series := range seriesCount {
			p.Add(Point{Series: series, Size: 1024, At: time.Duration(at) * 10 * time.Second, Value: 4 * time.Second})
		}
	}
	view := View{Width: 110, Height: 24, Now: 100 * time.Second, Ended: true, Stalls: []Stall{{1, Gap{30 * time.Second, 60 * time.Second}}}}
	shaded, columns := map[int]int{}, map[int]bool{}
	for y, line := range strings.Split(p.OverTime(view), "\n") {
		for x, r := range []rune(line) {
			if r == '░' {
				shaded[y/12]++
			}
			if r == '▄' {
				columns[x] = true
			}
			if r == '▀' {
				t.Errorf("the other direction is marked too:\n%s", line)
			}
		}
	}
	if shaded[0] > 0 || shaded[1] == 0 {
		t.Errorf("%d cells are shaded above, %d below", shaded[0], shaded[1])
	}
	if n := len(columns); n < 28 || n > 33 { // three tenths of about 100 columns
		t.Errorf("the bar is %d columns long", n)
	}
	view.Window = 20 * time.Second // after it
	if text := p.OverTime(view); strings.ContainsAny(text, "▄░") {
		t.Errorf("it is drawn where it was not:\n%s", text)
	}
}

func TestFlightsGrowUpwards(t *testing.T) {
	p := &Plot{}
	last := 100
	for age := time.Second; age < 20*time.Second; age *= 2 {
		p.SetFlights([]Flight{{Size: 1024, Age: age}})
		for name, draw := range map[string]func(View) string{"by size": p.BySize, "over time": p.OverTime} {
			text, _, _ := strings.Cut(draw(View{Width: 60, Height: 10}), "↑")
			if row := strings.Count(text, "\n"); row > last {
				t.Errorf("%s: age %v is below the age before", name, age)
			} else if name == "over time" {
				last = row
			}
		}
	}
}

func TestALongRunKeepsItsMemoryAndItsTimes(t *testing.T) {
	p := &Plot{}
	for at := time.Duration(0); at < 24*time.Hour; at += time.Minute {
		p.Add(Point{Size: 1024, At: at, Value: 4 * time.Second})
	}
	if len(p.timeline.slots) > slots {
		t.Errorf("%d slots", len(p.timeline.slots))
	}
	marked := 0
	for i := range p.timeline.slots {
		if p.timeline.slots[i].sets[0][Measured].any(span{0, bins - 1}) {
			marked++
		}
	}
	if marked < slots/2 {
		t.Errorf("%d slots are marked", marked)
	}
	if !strings.Contains(p.OverTime(View{Width: 90, Height: 10, Window: time.Hour, Now: 24 * time.Hour}), "●") {
		t.Error("the last hour is empty")
	}
}

func TestLayerRangesSetEveryBinBetween(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 500 {
		from := r.IntN(bins)
		to := from + r.IntN(bins-from)
		var l layer
		l.setRange(from, to)
		for bin := range bins {
			if l.any(span{bin, bin}) != (bin >= from && bin <= to) {
				t.Fatalf("%d to %d: bin %d", from, to, bin)
			}
		}
		if from > 0 && l.any(span{0, from - 1}) || l.any(span{to + 1, bins - 1}) || !l.any(span{0, bins - 1}) || l.any(span{to, from - 1}) {
			t.Fatalf("%d to %d: spans beside it", from, to)
		}
	}
}

// BenchmarkFrame draws a frame after each added point.
func BenchmarkFrame(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		for name, draw := range charts {
			b.Run(name+"/"+strconv.Itoa(n), func(b *testing.B) {
				r := rand.New(rand.NewPCG(9, 10))
				p := &Plot{}
				next := func(i int) Point {
					series := i % seriesCount
					return demoPoint(r, i/14, i%14/2, series, demoSizes[i%14/2])
				}
				for i := range n {
					p.Add(next(i))
				}
				v := coloured(demoView(120, 30, 12))
				b.ReportAllocs()
				b.ResetTimer()
				for i := n; b.Loop(); i++ {
					p.Add(next(i))
					_ = draw(p, v)
				}
			})
		}
	}
}

func TestEveryLaneOfAHistogramIsNamedAtEveryHeight(t *testing.T) {
	for height := fewestRows; height <= 30; height++ {
		v := demoView(60, height, 7)
		v.Title = "time until readable"
		text := demo(7).Histogram(v)
		if !strings.Contains(text, "A → B") || !strings.Contains(text, "B → A") {
			t.Errorf("%d rows:\n%s", height, text)
		}
		if n := strings.Count(text, "┿"); n != 0 && n != 3 || (n == 0) != !strings.Contains(text, "┿ ━ median") {
			t.Errorf("%d rows: %d medians, and a legend that does not fit that:\n%s", height, n, text)
		}
	}
}
