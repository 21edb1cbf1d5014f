package chart

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
)

// charts are all faces of a plot.
var charts = map[string]func(*Plot, View) string{
	"by size":   (*Plot).BySize,
	"over time": (*Plot).OverTime,
	"bars":      (*Plot).Bars,
	"histogram": (*Plot).Histogram,
}

func TestChartsStayWithinEverySize(t *testing.T) {
	full := demo(12)
	full.SetFlights(demoFlights(2 * time.Minute))
	full.Add(Point{Series: 1, Size: 1, Value: 15 * time.Minute, Kind: AtLeast})
	ascii, window := demoView(0, 0, 12), demoView(0, 0, 12)
	ascii.ASCII = true
	ascii.Stalls = []Stall{{0, Gap{0, time.Hour}}, {1, Gap{time.Minute, time.Second}}, {1, Gap{-time.Second, time.Second}}, {5, Gap{0, time.Hour}}}
	window.Window, window.Legend, window.Gaps = 47*time.Second, false, []Gap{{0, time.Hour}, {time.Minute, time.Second}}
	ascii.Title, window.Title, window.Ended = "time until readable on the other side", "x", true
	views := []View{demoView(0, 0, 12), ascii, window, coloured(demoView(0, 0, 12))}
	for name, draw := range charts {
		t.Run(name, func(t *testing.T) {
			for width := 1; width <= 200; width++ {
				for height := 1; height <= 60; height++ {
					if (width > 50 || height > 20) && (7*width+3*height)%13 != 0 {
						continue // every small size, and some of each width and height above
					}
					view := views[(width+height)%len(views)]
					view.Width, view.Height = width, height
					check(t, view, draw(full, view))
				}
			}
			for _, size := range [][2]int{{1, 1}, {8, 4}, {9, 5}, {24, 8}, {80, 24}, {200, 60}} {
				for _, view := range views {
					view.Width, view.Height = size[0], size[1]
					check(t, view, draw(&Plot{}, view))
				}
			}
		})
	}
}

func check(t *testing.T, v View, text string) {
	t.Helper()
	if text == "" {
		return
	}
	if v.Width < 1 || v.Height < 1 {
		t.Fatalf("%dx%d is not empty", v.Width, v.Height)
	}
	lines := strings.Split(text, "\n")
	if len(lines) != v.Height {
		t.Fatalf("%dx%d has %d lines", v.Width, v.Height, len(lines))
	}
	for _, line := range lines {
		w := utf8.RuneCountInString(line) // every rune is one column wide
		if strings.Contains(line, "\x1b") {
			w = lipgloss.Width(line)
		}
		if w > v.Width {
			t.Fatalf("%dx%d has a line of %d: %q", v.Width, v.Height, w, line)
		}
		if v.ASCII && strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
			t.Fatalf("not ASCII: %q", line)
		}
	}
}

func TestChartsAreEmptyBelowTheSmallestSize(t *testing.T) {
	p := demo(3)
	for name, draw := range charts {
		for _, size := range [][2]int{{0, 0}, {-1, -1}, {0, 20}, {80, 0}, {-5, 20}, {80, -5}} {
			if text := draw(p, demoView(size[0], size[1], 3)); text != "" {
				t.Errorf("%s at %v: %q", name, size, text)
			}
		}
	}
	if text := p.BySize(demoView(1, 1, 3)); text != "" {
		t.Errorf("1x1: %q", text)
	}
}

func TestOddValuesAreDrawnWithoutPanic(t *testing.T) {
	p := &Plot{}
	for _, d := range []time.Duration{-1 << 63, -1, 0, 1, 1<<63 - 1} {
		for kind := Kind(-1); kind < 5; kind++ {
			for series := -1; series < 3; series++ {
				p.Add(Point{Series: series, Kind: kind, Size: int64(d), At: min(d, 1<<50), Value: d, Low: d, High: 1<<63 - 1})
			}
		}
		p.SetFlights([]Flight{{Series: 9}, {Series: 1, Size: -5, At: d, Age: d}})
	}
	v := coloured(demoView(90, 20, 12))
	v.Medians = append(v.Medians, Estimate{Series: -1}, Estimate{Series: 4}, Estimate{Known: true, Size: 0, N: 6, Value: -1})
	v.Overall[0] = Estimate{Known: true, N: 9, Value: 1<<63 - 1, Lower: -1, Upper: 1<<63 - 1}
	v.Gaps = []Gap{{-1 << 63, 1<<63 - 1}}
	v.Series[0].Name = "wide 漢字 and \x1b[31m escape\n"
	for _, now := range []time.Duration{-1 << 63, 0, 1<<63 - 1} {
		v.Now = now
		for _, draw := range charts {
			text := draw(p, v)
			check(t, v, text)
			if strings.Contains(text, "\x1b[31m escape") {
				t.Error("an escape sequence in a name reached the terminal")
			}
		}
	}
}

func TestAStyleThatAddsCellsIsDropped(t *testing.T) {
	v := demoView(60, 12, 7)
	v.Series[0].Style = lipgloss.NewStyle().Padding(1, 3).Width(20)
	check(t, v, demo(7).BySize(v))
}
