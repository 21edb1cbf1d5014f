package chart

import (
	"strings"
	"testing"
	"time"
)

func TestTheTitleStandsAboveTheLegendWhereThereIsRoom(t *testing.T) {
	for name, draw := range map[string]func(*Plot, View) string{"by size": (*Plot).BySize, "over time": (*Plot).OverTime} {
		for _, c := range []struct {
			width, height int
			shown         bool
		}{{76, 14, true}, {116, 30, true}, {76, 11, false}, {30, 14, false}} {
			v := demoView(c.width, c.height, 7)
			v.Title = "time until readable"
			if c.width == 30 {
				v.Title = strings.Repeat("long ", 10)
			}
			lines := strings.Split(draw(demo(7), v), "\n")
			if got := strings.Contains(lines[0], v.Title); got != c.shown {
				t.Errorf("%s at %dx%d: title %v:\n%s", name, c.width, c.height, got, strings.Join(lines, "\n"))
			}
			if c.shown && !strings.Contains(lines[1], "median") {
				t.Errorf("%s at %dx%d: no legend below the title: %s", name, c.width, c.height, lines[1])
			}
			check(t, v, strings.Join(lines, "\n"))
		}
	}
}

func TestTheLegendShowsTheMarksThatAreDrawn(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		v := demoView(116, 30, 7)
		v.ASCII = ascii
		m := marksOf(ascii)
		for _, c := range []struct {
			drawing string
			marks   []rune
		}{
			{demo(7).OverTime(v), []rune{m.medianLine, m.interval, m.bracket}},
			{demo(7).BySize(v), []rune{m.medianPoint, m.medianSpan}},
			{demo(7).Histogram(v), []rune{m.medianCentre, m.medianArm}},
		} {
			legend, body, _ := strings.Cut(c.drawing, "\n")
			for _, mark := range c.marks {
				if !strings.ContainsRune(legend, mark) || !strings.ContainsRune(body, mark) {
					t.Errorf("ascii %v: %q is not in both:\n%s\n%s", ascii, mark, legend, body)
				}
			}
		}
	}
}

func TestTheLegendExplainsThePointsThatAreThereAndTheBracketOnSmallTerminals(t *testing.T) {
	p := demo(1)
	v := demoView(76, 14, 7)
	if text := p.OverTime(v); p.has != [kinds]bool{Measured: true} || strings.Contains(text, "over this") || strings.Contains(text, "at most this") {
		t.Errorf("of points that are all measured:\n%s", text)
	}
	if text := p.OverTime(v); !strings.Contains(text, "│ bracket   ↑ ⇡ in flight") {
		t.Errorf("the bracket is not explained:\n%s", text)
	}
	v.Width = 116
	if text := p.OverTime(v); !strings.Contains(text, "│ bracket: the true time lies in it") {
		t.Errorf("with room:\n%s", text)
	}
	p.Add(Point{Size: 1024, Value: time.Minute, Kind: AtLeast})
	if text := p.BySize(v); !strings.Contains(text, "▲ △ over this") || strings.Contains(text, "at most this") {
		t.Errorf("of one that gave up:\n%s", text)
	}
	p.Add(Point{Size: 1024, Value: time.Second, Kind: AtMost})
	if text := p.BySize(v); !strings.Contains(text, "▲ △ over this   ○ ◇ at most this") {
		t.Errorf("of one that was there at the first look:\n%s", text)
	}
}

func TestTheAxisOfAFinishedRunEndsWithItsPoints(t *testing.T) {
	p := &Plot{}
	for second := range 100 {
		p.Add(Point{At: time.Duration(second) * time.Second, Size: 1, Value: 4 * time.Second})
	}
	v := View{Width: 76, Height: 20, Now: 20 * time.Minute}
	if to := p.timeAxis(v, 70).to; to < 20*time.Minute {
		t.Errorf("while it runs the axis ends at %v", to)
	}
	v.Ended = true
	if to := p.timeAxis(v, 70).to; to <= 99*time.Second || to > 102*time.Second {
		t.Errorf("after its end the axis ends at %v", to)
	}
	v.Window = 30 * time.Second
	if x := p.timeAxis(v, 70); x.to > 105*time.Second || x.to-x.from != v.Window {
		t.Errorf("its last 30 s are %v to %v", x.from, x.to)
	}
}

func TestABarSaysHowManySamplesItStandsFor(t *testing.T) {
	v := View{Width: 58, Height: 4, Medians: []Estimate{worded(Estimate{Size: 1024, N: 3, Value: 4 * time.Second}, 3)}}
	if text := demo(1).Bars(v); !strings.Contains(text, "too few (3 more), n 3") || strings.Contains(text, "━") {
		t.Errorf("before an interval:\n%s", text)
	}
	v.Medians = []Estimate{worded(Estimate{Size: 1024, N: 40, Known: true, Value: 4 * time.Second, Lower: 3 * time.Second, Upper: 5 * time.Second}, 0)}
	if text := demo(1).Bars(v); !strings.Contains(text, "4.0 s (3.0 to 5.0), n 40") {
		t.Errorf("with an interval:\n%s", text)
	}
	v.Width = 20
	if text := demo(1).Bars(v); !strings.Contains(text, "4.0 s") {
		t.Errorf("where there is no room:\n%s", text)
	}
}

func TestACloseAxisEndsAtTheStepsAroundThePoints(t *testing.T) {
	p := &Plot{}
	for _, value := range []time.Duration{60 * time.Millisecond, 900 * time.Millisecond} {
		p.Add(Point{Size: 1024, Value: value})
	}
	v := View{Width: 60, Height: 12, Close: true}
	for name, draw := range map[string]func(*Plot, View) string{"by size": (*Plot).BySize, "over time": (*Plot).OverTime} {
		text := draw(p, v)
		if strings.Contains(text, "20 s ┤") || !strings.Contains(text, "50 ms") || !strings.Contains(text, " 1 s") {
			t.Errorf("%s:\n%s", name, text)
		}
	}
	if text := (&Plot{}).BySize(v); !strings.Contains(text, "20 s") {
		t.Errorf("without points:\n%s", text)
	}
}

func TestAFinishedRunHasNothingInFlightToExplain(t *testing.T) {
	v := demoView(116, 24, 7)
	v.Ended = true
	for name, draw := range charts {
		if strings.Contains(draw(demo(7), v), "in flight") {
			t.Errorf("%s explains a mark that cannot be there", name)
		}
	}
}

func TestAMedianThatTheFirstPollsFoundIsSaidToBeAtMostAndHasNoPlace(t *testing.T) {
	bound := worded(Estimate{Size: 1024, N: 40, Known: true, AtMost: true, Value: 4 * time.Second, Upper: 5 * time.Second}, 0)
	v := View{Width: 70, Height: 18, Medians: []Estimate{bound}, Overall: [2]Estimate{bound, {Series: 1}}}
	if text := demo(1).Bars(View{Width: 70, Height: 4, Medians: v.Medians}); !strings.Contains(text, "at most 4.0 s (up to 5.0 s), n 40") {
		t.Errorf("\n%s", text)
	}
	p := &Plot{}
	p.Add(Point{Size: 1024, Value: 2 * time.Second})
	measured := v
	measured.Medians, measured.Overall = []Estimate{bound}, [2]Estimate{bound, {Series: 1}}
	measured.Medians[0].AtMost, measured.Overall[0].AtMost = false, false
	v.Medians = []Estimate{bound}
	for name, draw := range map[string]func(View) string{"by size": p.BySize, "over time": p.OverTime, "histogram": p.Histogram} {
		if draw(v) == draw(measured) {
			t.Errorf("%s: drawn as if it had been measured:\n%s", name, draw(v))
		}
	}
	sheet := Sheet{Width: 400, Height: 300, Points: []Point{{Size: 1024, Value: 2 * time.Second}}, Medians: []Estimate{bound}, Overall: [2]Estimate{bound, {Series: 1}}}
	known := sheet
	known.Medians, known.Overall = measured.Medians, measured.Overall
	for name, draws := range map[string][2]func() string{
		"by size": {sheet.BySize, known.BySize}, "over time": {sheet.OverTime, known.OverTime}, "histogram": {sheet.Histogram, known.Histogram},
	} {
		lines, all := strings.Count(draws[0](), "<line"), strings.Count(draws[1](), "<line")
		if draws[0]() == draws[1]() {
			t.Errorf("%s: drawn as if it had been measured (%d lines and %d)", name, lines, all)
		}
	}
}

func TestAMedianIsSaidAsInTheTables(t *testing.T) {
	const s = time.Second
	for name, c := range map[string]struct {
		e       Estimate
		missing int
		lane    string
	}{
		"known":     {Estimate{N: 40, Known: true, Value: 4 * s, Lower: 3 * s, Upper: 5 * s}, 0, "median 4.0 s (3.0 to 5.0)"},
		"open":      {Estimate{N: 40, Known: true, Value: 4 * s, Lower: 3 * s, Upper: 5 * s, Open: true}, 0, "median 4.0 s (from 3.0 s)"},
		"over":      {Estimate{N: 8, Known: true, Beyond: true, Value: 2 * s, Lower: s, Upper: 2 * s, Open: true}, 0, "median over 2.0 s (from 1.0 s)"},
		"at most":   {Estimate{N: 8, Known: true, AtMost: true, Value: 2 * s, Upper: 3 * s}, 0, "median at most 2.0 s (up to 3.0 s)"},
		"too few":   {Estimate{N: 2, Value: 7200 * time.Millisecond}, 4, "median too few (4 more)"},
		"censored":  {Estimate{N: 16, Value: 7200 * time.Millisecond}, 0, "median too few arrivals"},
		"few found": {Estimate{N: 3, AtMost: true, Value: 7200 * time.Millisecond}, 3, "median too few (3 more)"},
	} {
		overall := [2]Estimate{worded(c.e, c.missing), {Series: 1}}
		sheet := Sheet{ID: "s", Width: 860, Height: 400, Points: []Point{{Size: 1024, Value: 2 * s}}, Overall: overall}
		for where, text := range map[string]string{
			"lane": demo(1).OverTime(View{Width: 110, Height: 30, Overall: overall}), "drawing": sheet.OverTime(),
		} {
			if !strings.Contains(text, c.lane) || !c.e.Known && strings.Contains(text, "7.2 s") {
				t.Errorf("%s: the %s does not say %q alone:\n%s", name, where, c.lane, text)
			}
		}
	}
}

func TestAMedianThatIsOverSomethingIsDrawnAsItsOpenIntervalAlone(t *testing.T) {
	over := Estimate{Size: 1024, N: 8, Known: true, Beyond: true, Value: 3 * time.Second, Lower: 2 * time.Second, Upper: 3 * time.Second, Open: true}
	p := &Plot{}
	p.Add(Point{Size: 1024, Value: 3 * time.Second, Kind: AtLeast})
	v := View{Width: 70, Height: 24, Medians: []Estimate{over}, Overall: [2]Estimate{over, {Series: 1}}}
	m := marksOf(false)
	for name, c := range map[string]struct {
		draw         func(View) string
		span, centre rune
	}{
		"by size": {p.BySize, m.medianSpan, m.medianPoint}, "over time": {p.OverTime, m.interval, m.medianLine}, "histogram": {p.Histogram, m.medianArm, m.medianCentre},
	} {
		if text := c.draw(v); !strings.ContainsRune(text, c.span) || strings.ContainsRune(text, c.centre) {
			t.Errorf("%s:\n%s", name, text)
		}
	}
	sheet := Sheet{ID: "s", Width: 860, Height: 400, Points: []Point{{Size: 1024, Value: 3 * time.Second, Kind: AtLeast}}, Medians: []Estimate{over}, Overall: v.Overall}
	bare := sheet
	bare.Medians, bare.Overall = nil, [2]Estimate{}
	for name, draw := range sheets {
		with, without := draw(&sheet), draw(&bare)
		if strings.Count(with, "<rect") != strings.Count(without, "<rect")+1 || strings.Count(with, "<line") != strings.Count(without, "<line") {
			t.Errorf("%s: not the interval alone is drawn:\n%s", name, with)
		}
	}
}
