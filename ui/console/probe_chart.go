package console

import (
	"strings"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/chart"
	"bothways/ui/figure"
)

// zoomWindows are the times that the chart over time shows, from all of the
// run to the last minute of it.
var zoomWindows = []time.Duration{0, 30 * time.Minute, 10 * time.Minute, 5 * time.Minute, 2 * time.Minute, time.Minute}

// charts is how the measurement is drawn: by size or over time.
type charts struct {
	figure   figure.Figure
	overTime bool
	zoomed   int // index into zoomWindows

	drawn    drawnAs
	drawing  []string
	medians  []chart.Estimate
	overall  [2]chart.Estimate
	medianOf int // the number of samples that the medians were read at
}

// drawnAs is everything that a drawing depends on besides the clock.
type drawnAs struct {
	revision, width, height, zoomed int
	overTime, ascii, dark           bool
	beat                            int
}

func newCharts() charts { return charts{medianOf: -1} }

// take adds a sample to the drawing.
func (c *charts) take(m *measurement, e pair.Event) {
	if s, ok := e.(probe.Sample); ok {
		c.figure.Add(s, m.began)
	}
}

func (c *charts) toggle() { c.overTime = !c.overTime }

func (c *charts) zoom(by int) {
	c.zoomed = max(0, min(c.zoomed+by, len(zoomWindows)-1))
}

// draw shows the chart; where there is no room for one, a bar for each size
// and direction.
func (c *charts) draw(a *app, m *measurement, width, height int) []string {
	if height <= 0 {
		return nil
	}
	now := drawnAs{m.revision, width, height, c.zoomed, c.overTime, a.cfg.ASCII, a.dark, a.ticks}
	if c.drawing != nil && now == c.drawn {
		return c.drawing
	}
	c.drawn = now
	c.estimate(m)
	c.flights(a, m)
	t := a.theme
	v := chart.View{
		Width: width - 2, Height: height, ASCII: a.cfg.ASCII, Legend: height >= 10,
		Axis: t.Rule, Label: t.Muted, Faint: t.Rule, Medians: c.medians, Overall: c.overall,
		Now: a.sinceStart(m), Window: zoomWindows[c.zoomed], Gaps: c.figure.Gaps,
	}
	for _, d := range pair.Directions() {
		v.Series[d] = chart.Series{Name: d.Arrow(), Style: t.Direction[d]}
	}
	var text string
	switch {
	case height < 7:
		text = c.figure.Plot.Bars(v)
	case c.overTime:
		text = c.figure.Plot.OverTime(v)
	default:
		text = c.figure.Plot.BySize(v)
	}
	c.drawing = strings.Split(text, "\n")
	for i, line := range c.drawing {
		c.drawing[i] = " " + line
	}
	return c.drawing
}

// sinceStart is the run's time: up to now, or to its end.
func (a *app) sinceStart(m *measurement) time.Duration {
	if !m.ended.IsZero() {
		return m.ended.Sub(m.began)
	}
	return a.now().Sub(m.began)
}

// estimate reads the medians once after new samples.
func (c *charts) estimate(m *measurement) {
	if c.medianOf == len(m.samples) {
		return
	}
	c.medianOf = len(m.samples)
	c.medians, c.overall = figure.Medians(m.stats)
}

// flights marks the probes in flight at their ages.
func (c *charts) flights(a *app, m *measurement) {
	now := a.now()
	var flights []chart.Flight
	for _, f := range m.inFlight() {
		if f.posted.IsZero() {
			continue
		}
		flights = append(flights, chart.Flight{Series: int(f.direction), Size: f.size, At: f.posted.Sub(m.began), Age: f.age(now)})
	}
	c.figure.Plot.SetFlights(flights)
}
