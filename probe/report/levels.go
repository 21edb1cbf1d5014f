package report

import (
	"strconv"
	"time"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// Stretches are the parts of the run in which a direction's times kept their
// level, in time order.
func (run *Run) Stretches(d pair.Direction) []stats.Stretch {
	if run.far != nil {
		return run.far.stretches[d]
	}
	return stats.Stretches(run.Samples, run.levelsFrom(), d)
}

// levelsFrom is the instant from which stretches count, by the wall clock. It is
// known from the first sample on, as levels are found while a journal is read:
// without a header, Began may turn out to be earlier.
func (run *Run) levelsFrom() time.Time {
	from := run.started()
	if from.IsZero() {
		for s := range run.EachSample() {
			return s.PostedAt
		}
	}
	return from
}

// clock writes a time since the run's start as that of the day, with the day
// where the run goes on for longer than one.
func (run *Run) clock(stretches []stats.Stretch) func(time.Duration) string {
	layout := "15:04:05 UTC"
	if len(stretches) > 0 && stretches[len(stretches)-1].To >= 24*time.Hour {
		layout = "2 Jan 15:04 UTC"
	}
	return func(at time.Duration) string { return run.levelsFrom().Add(at).UTC().Format(layout) }
}

// LevelLines say of each direction whose level changed from when on it was
// which.
func (run *Run) LevelLines() (lines []string) {
	for _, d := range pair.Directions() {
		stretches := run.Stretches(d)
		if text := stats.StretchesText(stretches, run.clock(stretches)); text != "" {
			lines = append(lines, d.Arrow()+": the level changed: "+text+".")
		}
	}
	return lines
}

// levels is the table of the stretches, where any level changed.
func levels(run *Run) table {
	t := table{Title: "Changes of level", Head: append([]string{"direction", "from", "to"}, levelColumns...), Figures: len(levelColumns)}
	changed := false
	for _, d := range pair.Directions() {
		stretches := run.Stretches(d)
		changed = changed || len(stretches) > 1
		clock := run.clock(stretches)
		for _, s := range stretches {
			t.Rows = append(t.Rows, []string{d.Arrow(), clock(s.From), clock(s.To), strconv.Itoa(s.N), s.Median.Words().WithInterval("", wording.Seconds)})
		}
	}
	if !changed {
		t.Rows = nil
	}
	return t
}

var levelColumns = []string{"n", "median s (95 %)"}
