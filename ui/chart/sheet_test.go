package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
)

// demoSheet is a finished run of so many rounds.
func demoSheet(rounds int) *Sheet {
	r := rand.New(rand.NewPCG(1, 2))
	v := demoView(1, 1, rounds)
	s := &Sheet{
		ID: "demo", Width: 860, Height: 460, Note: "simulated distances", Series: [2]string{"A → B", "B → A"}, Words: words(),
		Medians: v.Medians, Overall: v.Overall, Gaps: []Gap{{40 * time.Second, 52 * time.Second}},
		Failures: []Failure{{Series: 1, At: 10 * time.Second}},
		Stalls:   []Stall{{0, Gap{20 * time.Second, 33 * time.Second}}},
	}
	for round := range rounds {
		for i, size := range demoSizes {
			for series := range seriesCount {
				s.Points = append(s.Points, demoPoint(r, round, i, series, size))
			}
		}
	}
	return s
}

var sheets = map[string]func(*Sheet) string{
	"time": (*Sheet).OverTime, "size": (*Sheet).BySize, "histogram": (*Sheet).Histogram,
}

func TestSheets(t *testing.T) {
	narrow, empty := demoSheet(7), &Sheet{ID: "e", Width: 360, Height: 300, Series: [2]string{"A → B", "B → A"}}
	narrow.Width, narrow.Height = 360, 420
	for name, draw := range sheets {
		t.Run(name, func(t *testing.T) { golden.RequireEqual(t, draw(demoSheet(7))) })
		t.Run(name+"_narrow", func(t *testing.T) { golden.RequireEqual(t, draw(narrow)) })
		t.Run(name+"_of_nothing", func(t *testing.T) { golden.RequireEqual(t, draw(empty)) })
	}
}

// elements parses a drawing and hands over every element.
func elements(t *testing.T, text string, visit func(xml.StartElement)) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		if start, ok := token.(xml.StartElement); ok {
			visit(start.Copy())
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestSheetsSayWhatTheyShowAndLoadNothing(t *testing.T) {
	hostile := demoSheet(3)
	hostile.ID, hostile.Note = `x"><script>alert(1)</script>`, `</text><script>"&`
	hostile.Series = [2]string{"<b>", "&amp;"}
	odd := &Sheet{ID: "odd", Width: 1, Height: 1, Gaps: []Gap{{-1 << 63, 1<<63 - 1}}}
	for _, d := range []time.Duration{-1 << 63, -1, 0, 1, time.Hour, 1<<63 - 1} {
		odd.Points = append(odd.Points, Point{Value: d, Low: d, High: d, At: d}, Point{Series: 1, Value: d, At: d, Kind: AtLeast})
	}
	for name, draw := range sheets {
		for _, s := range []*Sheet{demoSheet(3), hostile, odd, {}} {
			text := draw(s)
			ids := map[string]bool{}
			var names, labels []string
			elements(t, text, func(e xml.StartElement) {
				names = append(names, e.Name.Local)
				for _, a := range e.Attr {
					if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || strings.Contains(a.Value, "url(") {
						t.Errorf("%s: %s=%q needs more than a strict policy allows", name, a.Name.Local, a.Value)
					}
					if a.Name.Local == "id" {
						ids[a.Value] = true
					}
					if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
						t.Errorf("%s: %s %s=%q", name, e.Name.Local, a.Name.Local, a.Value)
					}
				}
				if e.Name.Local == "svg" {
					labels = strings.Fields(attribute(e, "aria-labelledby"))
				}
			})
			if slices.Contains(names, "script") || len(names) < 3 || names[1] != "title" || names[2] != "desc" || len(ids) != 2 || len(labels) < 2 {
				t.Errorf("%s: elements %v, ids %v", name, names[:min(4, len(names))], ids)
			}
		}
	}
}

func TestEveryPointIsDrawnAtItsOwnPlace(t *testing.T) {
	s := demoSheet(12)
	s.Failures, s.Note = nil, ""
	y := logAxis{s.bounds(), 0, 1}
	for name, draw := range map[string]func() string{"time": s.OverTime, "size": s.BySize} {
		marks, heights := 0, []float64{}
		elements(t, draw(), func(e xml.StartElement) {
			// Marks that can be pointed at have a radius, or begin a path that
			// is closed.
			if e.Name.Local == "circle" || e.Name.Local == "path" && strings.HasSuffix(attribute(e, "d"), "z") {
				marks++
			}
			if e.Name.Local == "circle" {
				cy, err := strconv.ParseFloat(attribute(e, "cy"), 64)
				if err != nil {
					t.Fatal(err)
				}
				heights = append(heights, cy)
			}
		})
		keys := map[string]int{"time": 5, "size": 4}[name] // in the legend and the lanes' titles
		if marks != len(s.Points)+keys {
			t.Errorf("%s: %d marks for %d points and %d keys", name, marks, len(s.Points), keys)
		}
		// The circles of the first series are as far apart as their durations.
		var want []float64
		for _, p := range s.Points {
			if p.Series == 0 && p.Kind != AtLeast {
				want = append(want, y.at(p.Value))
			}
		}
		slices.Sort(want)
		got := heights[len(heights)-len(want):]
		slices.Sort(got)
		slices.Reverse(got)
		span := (got[0] - got[len(got)-1]) / (want[len(want)-1] - want[0])
		for i := range want {
			if off := math.Abs(got[0] - (want[i]-want[0])*span - got[i]); off > 0.2 {
				t.Fatalf("%s: point %d is %.1f pixels off", name, i, off)
			}
		}
	}
}

func TestADaysRunMakesNoLargerADrawingThanCanBeSeen(t *testing.T) {
	s := demoSheet(7200)
	for name, draw := range sheets {
		if text := draw(s); len(text) > 2<<20 {
			t.Errorf("%s: %d bytes for %d points", name, len(text), len(s.Points))
		}
	}
}

func TestTheAxisOfASheetHoldsEveryPointBetweenLabels(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	for range 500 {
		s := &Sheet{}
		for range 1 + r.IntN(5) {
			s.Points = append(s.Points, Point{Value: random(r), Kind: Kind(r.IntN(kinds))})
		}
		bounds := s.bounds()
		for _, p := range s.Points {
			if p.Value < bounds.Low || p.Value > bounds.High || bounds.Low >= bounds.High {
				t.Fatalf("%v is outside %v", p.Value, bounds)
			}
		}
	}
}
