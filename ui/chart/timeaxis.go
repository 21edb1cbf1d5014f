package chart

import "time"

// timeSteps are the distances between the labels of the time axis.
var timeSteps = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour,
	28 * 24 * time.Hour,
}

// ShortestSpan is the time that the axis of a run that goes on covers at least.
const ShortestSpan = 30 * time.Second

const (
	longestRun  = 100 * 365 * 24 * time.Hour
	tickColumns = 14 // room for a label such as "12 min 30 s"
)

// timeAxis maps the time since the run's start to columns.
type timeAxis struct {
	from, to time.Duration
	columns  int
}

// timeAxis shows the run so far, or the view's window of it. The end moves in
// steps, so that points keep their place for as long as there is room.
func (p *Plot) timeAxis(v View, columns int) timeAxis {
	now := min(max(v.Now, p.timeline.last, 0), longestRun)
	span := spanFor(now)
	if v.Ended && p.timeline.last > 0 {
		// A column more, for the last point itself.
		now = p.timeline.last + p.timeline.last/time.Duration(columns) + time.Millisecond
		span = now
	}
	if v.Window <= 0 || now <= v.Window {
		if v.Window > 0 {
			span = min(span, v.Window)
		}
		return timeAxis{0, max(span, now), columns}
	}
	// Scrolling moves by whole columns, so that points don't tremble.
	if v.Until > 0 { // what stands still needs no whole columns
		to := min(max(v.Until, v.Window), now)
		return timeAxis{to - v.Window, to, columns}
	}
	column := max(v.Window/time.Duration(columns), 1)
	to := (now + column - 1) / column * column
	return timeAxis{to - v.Window, to, columns}
}

// spanFor grows by half and by a third in turn: 30 s, 45 s, 1 min, 90 s, 2 min
// and so on.
func spanFor(now time.Duration) time.Duration {
	for span := ShortestSpan; ; span *= 2 {
		switch {
		case now <= span:
			return span
		case now <= span+span/2:
			return span + span/2
		}
	}
}

func (x timeAxis) column(t time.Duration) int {
	share := float64(t-x.from) / float64(max(x.to-x.from, 1))
	return min(max(int(share*float64(x.columns)), 0), x.columns-1)
}

// timeStep is the distance between labels of which about so many fit.
func timeStep(span time.Duration, most int) time.Duration {
	for _, step := range timeSteps {
		if int64(span/step) <= int64(most) {
			return step
		}
	}
	return max(span, 1)
}

// timeTicks labels the axis at round times.
func (f *frame) timeTicks(x timeAxis) {
	step := timeStep(x.to-x.from, x.columns/tickColumns)
	for t := (x.from + step - 1) / step * step; t <= x.to; t += step {
		column := f.left + x.column(t)
		text := f.words.Duration(t)
		start := max(f.left-1, min(column-len(text)/2, f.width-len(text)))
		f.set(column, f.bottom, f.below, axis)
		f.text(start, f.bottom+1, text, label)
	}
}
