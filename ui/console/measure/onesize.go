package measure

import (
	"slices"

	"bothways/probe/wording"
	"bothways/ui/chart"
	"bothways/ui/console/widget"
	"bothways/ui/figure"
)

// oneSize is one size of a measurement as it is drawn before all others.
type oneSize struct {
	bytes  int64
	chosen bool
	figure figure.Figure
	taken  int // of the samples
}

// next goes from all sizes to each one, and back.
func (o *oneSize) next(m *measurement) {
	sizes := m.sizesSeen()
	at := 0
	if o.chosen {
		at = slices.Index(sizes, o.bytes) + 1
	}
	*o = oneSize{}
	if at < len(sizes) {
		o.bytes, o.chosen = sizes[at], true
	}
}

// name is the size, or that it is all of them.
func (o *oneSize) name() string {
	if !o.chosen {
		return "all sizes"
	}
	return wording.Size(o.bytes)
}

// take takes the samples that came since the last time.
func (o *oneSize) take(m *measurement) {
	samples := m.record.Samples
	for ; o.taken < len(samples); o.taken++ {
		if s := samples[o.taken]; s.SizeBytes == o.bytes {
			o.figure.Take(s, m.began)
		}
	}
}

// overSize draws the size over time before all others, with its own median.
func (c *charts) overSize(m *measurement, v chart.View, flights []chart.Flight) string {
	o := &c.size
	o.take(m)
	o.figure.Plot.SetFlights(slices.DeleteFunc(flights, func(f chart.Flight) bool { return f.Size != o.bytes }))
	v.Overall, v.Stretches = [2]chart.Estimate{}, [2][]chart.Stretch{}
	for _, e := range c.medians {
		if e.Size == o.bytes {
			v.Overall[e.Series] = e
		}
	}
	if c.view == histogram {
		return o.figure.Plot.Histogram(v)
	}
	v.Behind = &c.shown().Plot
	return o.figure.Plot.OverTime(v)
}

// sizeBinding goes round the sizes in the views that draw all of them together.
func (c *charts) sizeBinding(m *measurement) widget.Binding {
	reason := ""
	if c.view == bySize {
		reason = "by size every size has a column of its own"
	}
	next := c.size
	next.next(m)
	return widget.Bind("z", next.name(), widget.Act(func() {
		c.size.next(m)
		c.forget()
	}), "z").OrOff(reason)
}
