package report

import (
	"strconv"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// targeted is the run's samples for its target: a probe that began and left no
// result may still have met it.
func (run *Run) targeted() *stats.Collector {
	flights := make([]stats.InFlight, 0, len(run.Unfinished))
	for _, s := range run.Unfinished {
		flights = append(flights, stats.InFlight{Direction: s.Direction, SizeBytes: s.SizeBytes})
	}
	return run.Statistics().Underway(flights)
}

// TargetLines say of both directions how many arrived within the run's target;
// none where it has none.
func (run *Run) TargetLines() (lines []string) {
	if run.Target <= 0 {
		return nil
	}
	c := run.targeted()
	for _, d := range pair.Directions() {
		lines = append(lines, c.Within(d, run.Target).Sentence())
	}
	return lines
}

// within is the table of both directions and of every size; empty without a
// target.
func within(run *Run) table {
	t := table{Title: "Within " + wording.Duration(run.Target), Head: append([]string{"direction", "size"}, withinColumns...), Figures: len(withinColumns)}
	if run.Target <= 0 {
		return t
	}
	for _, w := range run.targeted().WithinEach(run.Target) {
		size := "all"
		if w.OneSize {
			size = wording.Size(w.SizeBytes)
		}
		t.Rows = append(t.Rows, []string{
			w.Direction.Arrow(), size, strconv.Itoa(w.N), strconv.Itoa(w.Met), strconv.Itoa(w.Missed), strconv.Itoa(w.Unknown), w.Cell(),
		})
	}
	return t
}

var withinColumns = []string{"n", "within", "not", "not known", "share (95 %)"}
