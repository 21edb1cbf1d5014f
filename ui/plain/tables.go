package plain

import (
	"fmt"
	"strings"

	"bothways/aws/replication/plan"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// wide is from how many columns on a table of many columns is easier to read than
// lines.
const wide = 110

// Wide says whether the output is a terminal with room for a table of many columns.
func (w *Writer) Wide() bool { return w.look != nil && w.look.Columns() >= wide }

// Table writes rows under a header where a terminal draws them, and says whether it
// did. Each cell's text is made visible.
func (w *Writer) Table(header []string, rows [][]string) bool {
	if w.look == nil {
		return false
	}
	for _, row := range rows {
		for i := range row {
			lines := strings.Split(row[i], "\n")
			for j := range lines {
				lines[j] = wording.Visible(lines[j])
			}
			row[i] = strings.Join(lines, "\n")
		}
	}
	w.mu.Lock()
	w.about = nil
	w.mu.Unlock()
	if len(rows) > 0 {
		w.write(w.look.Table(header, rows))
	}
	return true
}

// Flush writes what was kept for a table.
func (w *Writer) Flush() {
	w.mu.Lock()
	all := w.summed
	w.summed = nil
	w.mu.Unlock()
	rows := make([][]string, 0, len(all))
	for _, s := range all {
		missing := s.Lacking()
		what := "all sizes"
		if s.SizeBytes != nil {
			what = wording.Size(*s.SizeBytes)
		}
		rows = append(rows, []string{
			s.Direction.Arrow(), what, fmt.Sprint(s.N),
			stats.Quoted(s.MedianMS, s.MedianOverMS, s.MedianAtMostMS, s.MedianIntervalMS, missing.Median).WithInterval("", wording.Duration),
			stats.QuotedMean(s).WithInterval("", wording.Duration),
			stats.Quoted(s.P95MS, s.P95OverMS, s.P95AtMostMS, s.P95IntervalMS, missing.P95).WithInterval("", wording.Duration),
			stats.Quoted(s.MaxMS, s.MaxOverMS, s.MaxAtMostMS, nil, 0).Longest(wording.Duration),
			fmt.Sprint(s.GaveUp), fmt.Sprint(s.Failed),
		})
	}
	if len(rows) > 0 {
		w.Table([]string{"", "size", "n", "median (95 %)", "mean (95 %)", "p95 (95 %)", "max", "gave up", "failed"}, rows)
	}
}

// planned writes the steps of a plan as a table, where a terminal draws it.
func (w *Writer) planned(proposed plan.Plan) bool {
	rows := make([][]string, 0, len(proposed.Steps))
	for _, s := range proposed.Steps {
		rows = append(rows, []string{changeWord(s.Change), s.Title, strings.TrimSpace(place(s)), s.What})
	}
	return w.Table([]string{"change", "step", "where", "what"}, rows)
}
