package measure

import (
	"fmt"
	"strings"
	"time"

	"bothways/aws/pair"
	"bothways/ui/chart"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
	"bothways/ui/figure"
)

// zoomWindows are the last parts of a run that the chart over time can show.
var zoomWindows = []time.Duration{
	10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute,
	30 * time.Minute, time.Hour, 3 * time.Hour, 12 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour,
}

// chartView is one of the ways to draw a measurement.
type chartView int

// The views, in the order in which the key goes round.
const (
	bySize chartView = iota
	overTime
	histogram
	chartViews
)

var chartViewNames = [chartViews]string{"by size", "over time", "histogram"}

func (v chartView) next() chartView { return (v + 1) % chartViews }

// charts is how the measurement is drawn.
type charts struct {
	figure figure.Figure
	still  *figure.Figure // what is drawn in its place while it is frozen, or nil
	view   chartView
	window time.Duration // the part of the run that is shown, 0: all of it
	until  time.Duration // where that ends, 0: with the run
	closed bool          // the run was over before it was shown
	cursor cursor
	size   oneSize

	drawn    drawnAs
	drawing  []string
	medians  []chart.Estimate
	overall  [2]chart.Estimate
	medianOf int // the number of samples that the medians were read at
}

// drawnAs is everything that a drawing depends on besides the clock.
type drawnAs struct {
	revision, width, height int
	window, until           time.Duration
	view                    chartView
	picked                  string
	size                    int64
	ascii, dark             bool
	scheme                  widget.Scheme
	beat                    int
}

func newCharts() charts { return charts{medianOf: -1} }

// forget has everything drawn anew.
func (c *charts) forget() { c.drawing, c.medianOf = nil, -1 }

// shown is the figure that is drawn.
func (c *charts) shown() *figure.Figure {
	if c.still != nil {
		return c.still
	}
	return &c.figure
}

// take adds an event to the drawing.
func (c *charts) take(m *measurement, e pair.Event) { c.figure.Take(e, m.began) }

// leastView is the height from which on the views differ: below it bars take
// the place of all of them.
const leastView = 7

// viewBinding goes round the views, and names the next one.
func (c *charts) viewBinding() widget.Binding {
	reason := ""
	if c.drawing != nil && c.drawn.height < leastView {
		reason = "so few rows have room for bars only"
	}
	return widget.Bind("v", chartViewNames[c.view.next()], widget.Act(func() { c.view = c.view.next() }), "v").OrOff(reason)
}

// Title says what is drawn, and in which of the views, as far as a line has
// room.
func (c *charts) Title(width int) string {
	const leftOfIt = 8 // the durations' labels and their axis
	name := chartViewNames[c.view]
	if c.size.chosen && c.view != bySize {
		name += ", " + c.size.name()
	}
	for _, title := range []string{fmt.Sprintf("%s (view %d of %d): %s", name, c.view+1, chartViews, figure.Title), name + ": " + figure.Title} {
		if len(title)+leftOfIt <= width {
			return title
		}
	}
	return figure.Title
}

// zoomBindings are those of the view that has a zoom: closer, and along the run.
func (c *charts) zoomBindings(h host.Host, m *measurement, now time.Time) []widget.Binding {
	reason := ""
	if c.view != overTime {
		reason = "v shows the run over time, which has a zoom"
	}
	in := func() {
		if !c.zoomIn(m.axis(now)) {
			h.Say("cannot zoom further in")
		}
	}
	out := func() {
		if !c.zoomOut(m.axis(now)) {
			h.Say("cannot zoom further out: all of the run is shown")
		}
	}
	bindings := append(make([]widget.Binding, 0, 6),
		widget.Bind("+ -", "zoom", widget.Act(in), "+", "=").OrOff(reason),
		widget.Bind("-", "zoom out", widget.Act(out), "-").OrOff(reason).AsTwin())
	if c.view != overTime || c.window == 0 {
		return bindings
	}
	return append(bindings,
		widget.Bind("←→", "earlier, later", widget.Act(func() { c.pan(m.sinceStart(now), -c.window/4) }), "left", "h").OrBriefly("pan"),
		widget.Bind("→", "later", widget.Act(func() { c.pan(m.sinceStart(now), c.window/4) }), "right", "l").AsTwin(),
		widget.Bind("home end", "to the start, and the end", widget.Act(func() { c.until = c.window }), "home").AsMinor(),
		widget.Bind("end", "to the end", widget.Act(func() { c.until = 0 }), "end").AsTwin())
}

// pan shows another part of a run that is so long. At its end it follows it.
func (c *charts) pan(length, by time.Duration) {
	until := c.until
	if until == 0 {
		until = length
	}
	if until = max(until+by, c.window); until >= length {
		until = 0
	}
	c.until = until
}

// axis is how much time the chart of the whole run covers: a young run's has
// room to grow.
func (m *measurement) axis(now time.Time) time.Duration {
	age := m.sinceStart(now)
	if m.ended.IsZero() {
		return max(age, chart.ShortestSpan)
	}
	return age
}

// zoomIn shows a smaller last part of a run that takes so much of the axis, and
// says whether there is one.
func (c *charts) zoomIn(axis time.Duration) bool {
	shown := axis
	if c.window > 0 {
		shown = min(shown, c.window)
	}
	for i := len(zoomWindows) - 1; i >= 0; i-- {
		if zoomWindows[i] < shown {
			c.window = zoomWindows[i]
			return true
		}
	}
	return false
}

// zoomOut shows a larger part, or says that all of the run is shown.
func (c *charts) zoomOut(axis time.Duration) bool {
	if c.window == 0 || c.window >= axis {
		c.window, c.until = 0, 0
		return false
	}
	for _, window := range zoomWindows {
		if window > c.window && window < axis {
			c.window = window
			return true
		}
	}
	c.window, c.until = 0, 0
	return true
}

// Draw shows the chart; where there is no room for one, a bar for each size
// and direction.
func (c *charts) Draw(l host.Look, now time.Time, m *measurement, width, height int) []string {
	if height <= 0 {
		return nil
	}
	as := drawnAs{m.revision, width, height, c.window, c.until, c.view, c.cursor.key, c.size.bytes, l.ASCII, l.Dark, l.Scheme, l.Beat}
	if c.drawing != nil && as == c.drawn {
		return c.drawing
	}
	c.drawn = as
	c.estimate(m)
	flights := c.flights(m, now)
	v := c.viewOf(l, now, m, width-2, height)
	var text string
	switch {
	case c.size.chosen && c.view != bySize && height >= leastView:
		text = c.overSize(m, v, flights)
	case height < leastView:
		text = c.shown().Plot.Bars(v)
	case c.view == overTime:
		text = c.shown().Plot.OverTime(v)
	case c.view == histogram:
		text = c.shown().Plot.Histogram(v)
	default:
		text = c.shown().Plot.BySize(v)
	}
	c.drawing = strings.Split(text, "\n")
	for i, line := range c.drawing {
		c.drawing[i] = " " + line
	}
	return c.drawing
}

// viewOf is how a frame is drawn. Every ink of a chart has its style here.
func (c *charts) viewOf(l host.Look, now time.Time, m *measurement, width, height int) chart.View {
	t := l.Theme
	v := chart.View{
		Width: width, Height: height, ASCII: l.ASCII, Bare: true,
		Axis: t.Rule, Label: t.Muted, Faint: t.Rule, Picked: t.Cursor, Target: m.cfg.Target, Medians: c.medians, Overall: c.overall, Words: figure.Words(),
		Now: m.sinceStart(now), Window: c.window, Until: c.until, Gaps: c.shown().Gaps, Stalls: c.shown().Stalls, Ended: !m.ended.IsZero(), Close: c.closed,
		Title: c.Title(width), Cursor: c.cursor.point(m),
	}
	if m.ended.IsZero() {
		v.Stalls = c.shown().StallsAt(v.Now)
	} else {
		v.Stretches = m.levels().drawn
	}
	for _, d := range pair.Directions() {
		name := d.Arrow()
		if l.ASCII {
			name = strings.ReplaceAll(name, "→", "->")
		}
		v.Series[d] = chart.Series{Name: name, Style: t.Direction[d]}
	}
	return v
}

// sinceStart is the run's time: up to now, or to its end.
func (m *measurement) sinceStart(now time.Time) time.Duration {
	if !m.ended.IsZero() {
		return m.ended.Sub(m.began)
	}
	return now.Sub(m.began)
}

// estimate reads the medians once after new samples, with what is in flight
// then.
func (c *charts) estimate(m *measurement) {
	if c.medianOf == len(m.record.Samples) {
		return
	}
	c.medianOf = len(m.record.Samples)
	compared := m.compared()
	c.medians, c.overall = figure.Medians(compared)
	for i, cell := range compared.Cells() {
		c.medians[i].N = cell.Replicated
	}
	for d, t := range m.tallies() {
		c.overall[d].N = t.arrived
	}
}

// flights marks the probes in flight at their ages.
func (c *charts) flights(m *measurement, now time.Time) []chart.Flight {
	var flights []chart.Flight
	for _, f := range m.inFlight() {
		if f.posted.IsZero() || !m.ended.IsZero() {
			continue
		}
		flights = append(flights, chart.Flight{Series: int(f.direction), Size: f.size, At: f.posted.Sub(m.began), Age: f.age(now)})
	}
	c.shown().Plot.SetFlights(flights)
	return flights
}
