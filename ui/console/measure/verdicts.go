package measure

import (
	"fmt"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/ui/console/widget"
)

// sizesIn says for each direction what the file size does to it, once that can
// be said of one of them.
func sizesIn(t widget.Theme, m *measurement, width int) []string {
	compared, looks := m.compared(), m.looks()
	lines := make([]string, 0, 4)
	said := false
	for _, d := range pair.Directions() {
		v := compared.CompareSizesIn(d, looks)
		said = said || v.Enough
		lines = append(lines, widget.Hang(" "+t.Direction[d].Render(markers[d])+" ", v.Sentence, width-1)...)
	}
	if !said {
		return nil
	}
	return lines
}

// looksNote says what the words in the verdicts mean whose intervals are not
// for one look.
func looksNote(t widget.Theme, m *measurement, width int) []string {
	if m.looks() == stats.Once {
		return nil
	}
	return muted(t, widget.Hang(" ", "95 % at every look: holds however often you look and whenever you stop, after some bursts of delays, and is wider for it.", width-1))
}

// intervalsNote says how the intervals of the figures are got.
func intervalsNote() string {
	none := stats.NewCollector().Direction(pair.AtoB)
	return fmt.Sprintf("95 %% intervals for one look, from the ranks of the samples alone: "+
		"they take n = %d for a median, %d for p90, %d for p95 and %d for p99; below that no number is given. What is in flight, gave up or was interrupted tells less than an arrival. A mean takes %d arrivals; its interval is Student's, on its logarithm and widened for skew. Where it is cut each time counts up to the longest watched.",
		none.Median.Missing, none.P90.Missing, none.P95.Missing, none.P99.Missing, none.Mean.Missing)
}

func muted(t widget.Theme, lines []string) []string {
	for i, line := range lines {
		lines[i] = t.Muted.Render(line)
	}
	return lines
}
