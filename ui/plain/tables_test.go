package plain_test

import (
	"fmt"
	"strings"
	"testing"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/ui/plain"
)

// A terminal with room gets summaries and an audit as tables under headers, a narrow
// one the lines that a pipe gets, and what a name holds is made visible in both.
func TestATerminalWithRoomGetsTables(t *testing.T) {
	median := 4000.0
	summary := stats.SummaryEvent{Direction: pair.AtoB, N: 7}
	summary.MedianMS = &median
	for columns, tables := range map[int]bool{80: false, 200: true} {
		var out strings.Builder
		w := plain.Drawn(&out, plain.Look{
			Style:   func(_ pair.Event, line string) string { return "<" + line + ">" },
			Table:   func(header []string, rows [][]string) string { return fmt.Sprint("TABLE ", header, rows) },
			Columns: func() int { return columns },
		})
		w.Event(summary)
		w.Event(summary)
		w.Event(audit.Result{Complete: true, Tally: difference.Tally{}})
		w.Table([]string{"name"}, [][]string{{"two\nlines \x1b[31m"}})
		text := out.String()
		if got := strings.Count(text, "TABLE [ size n"); got != map[bool]int{true: 1}[tables] {
			t.Errorf("in %d columns %d tables of summaries:\n%s", columns, got, text)
		}
		if got := strings.Count(text, "<A → B  all sizes"); got != map[bool]int{false: 2}[tables] {
			t.Errorf("in %d columns %d lines of summaries:\n%s", columns, got, text)
		}
		if strings.Contains(text, "\x1b") || !strings.Contains(text, "two\nlines") {
			t.Errorf("in %d columns: %q", columns, text)
		}
	}
}
