package measure

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// figures is the table of a measurement as it is looked at: on most terminals
// its columns have room in parts only.
type figures struct {
	pane  widget.Pane
	part  int        // of the columns, from 0
	parts [][]string // the names of each part's columns, as last drawn
}

// figureColumn is one of the table's columns with figures.
type figureColumn struct {
	name, head string
	least      int // its width, where no text is longer
	text       func(stats.Summary) string
	short      func(stats.Summary) string // where a line has no room for the text
}

func figureColumns() []figureColumn {
	quantile := func(name string, of func(stats.Summary) stats.Quantile) figureColumn {
		return figureColumn{
			name, name + " (95 %)", 21,
			func(s stats.Summary) string { return quantileText(of(s), true) },
			func(s stats.Summary) string { return quantileText(of(s), false) },
		}
	}
	return []figureColumn{
		quantile("median", func(s stats.Summary) stats.Quantile { return s.Median }),
		{"max", "max", 12, maxText, maxText},
		{
			"mean", "mean (95 %)", 21,
			func(s stats.Summary) string { return meanText(s, true) },
			func(s stats.Summary) string { return meanText(s, false) },
		},
		quantile("p90", func(s stats.Summary) stats.Quantile { return s.P90 }),
		quantile("p95", func(s stats.Summary) stats.Quantile { return s.P95 }),
		quantile("p99", func(s stats.Summary) stats.Quantile { return s.P99 }),
	}
}

// figureRow is one of the table's rows.
type figureRow struct {
	name   string
	of     stats.Summary
	n      int // arrived
	flying int
}

// rowsOf are those of both directions, those of the second end point, where it
// was followed, and those of every size.
func rowsOf(m *measurement) []figureRow {
	c, tallies := m.compared(), m.tallies()
	flying := map[siteOf]int{}
	if m.ended.IsZero() {
		for _, f := range m.flight {
			flying[siteOf{f.direction, f.size}]++
		}
	}
	var rows []figureRow
	for _, d := range pair.Directions() {
		rows = append(rows, figureRow{"all sizes", c.Direction(d), tallies[d].arrived, tallies[d].flying})
	}
	if len(m.completed.Cells()) > 0 {
		for _, d := range pair.Directions() {
			completed := m.completed.Direction(d)
			rows = append(rows, figureRow{"COMPLETED", completed, completed.Replicated, 0})
		}
	}
	for _, size := range m.sizesSeen() {
		for _, d := range pair.Directions() {
			cell := c.Cell(d, size)
			rows = append(rows, figureRow{wording.Size(size), cell, cell.Replicated, flying[siteOf{d, size}]})
		}
	}
	return rows
}

// siteOf is a direction and a size.
type siteOf struct {
	direction pair.Direction
	size      int64
}

// The columns beside the figures: whose they are, how many samples stand behind
// them, and how many probes have none.
const (
	whoseWidth = 28
	noneHead   = "no arrival seen"
	noneShort  = "not seen"
)

// Draw shows the statistics of every size and direction: in each row whole
// columns, as many as have room, and the probes that ended without a duration.
func (f *figures) Draw(t widget.Theme, m *measurement, width int) []string {
	rows, room := rowsOf(m), width-whoseWidth-len(noneShort)
	columns := figureColumns()
	texts, widths := make([][]string, len(columns)), make([]int, len(columns))
	for i, column := range columns {
		texts[i], widths[i] = column.texts(rows, room)
	}
	parts := partsOf(widths, room)
	f.part = max(0, min(f.part, len(parts)-1))
	f.parts = f.parts[:0]
	for _, part := range parts {
		var names []string
		for i := part.from; i < part.to; i++ {
			names = append(names, columns[i].name)
		}
		f.parts = append(f.parts, names)
	}
	from, to := parts[f.part].from, parts[f.part].to
	head := fmt.Sprintf("   %-9s %-7s %5s  ", "size", "", "n")
	for i := from; i < to; i++ {
		head += widget.Pad(columns[i].head, widths[i]) + " "
	}
	none := width - ansi.StringWidth(head)
	lines := make([]string, 0, 1+len(rows))
	lines = append(lines, t.Muted.Render(widget.Fit(head+widget.Choice(none < len(noneHead), noneShort, noneHead), width)))
	for r, row := range rows {
		line := "   " + widget.Pad(row.name, 9) + " " + t.Direction[row.of.Direction].Render(markers[row.of.Direction]+" "+row.of.Direction.Arrow()) +
			fmt.Sprintf(" %5d  ", row.n)
		for i := from; i < to; i++ {
			cell := widget.Pad(texts[i][r], widths[i]) + " "
			if strings.HasPrefix(cell, wording.TooFew) {
				cell = t.Muted.Render(cell)
			}
			line += cell
		}
		lines = append(lines, widget.Fit(line+withoutArrival(row, none), width))
	}
	return lines
}

// texts are a column's cells and their width: the short ones where a whole one
// has no room in a line of its own.
func (c figureColumn) texts(rows []figureRow, room int) (cells []string, width int) {
	for _, text := range []func(stats.Summary) string{c.text, c.short} {
		cells, width = cells[:0], max(c.least, len(c.head))
		for _, row := range rows {
			cells = append(cells, text(row.of))
			width = max(width, ansi.StringWidth(cells[len(cells)-1]))
		}
		if width < room {
			break
		}
	}
	return cells, min(width, max(1, room-1))
}

// columnsShown are columns from one on to before another.
type columnsShown struct{ from, to int }

// partsOf splits columns with a space behind each into parts that have room;
// the last part is filled up with columns of the one before.
func partsOf(widths []int, room int) (parts []columnsShown) {
	for from := 0; from < len(widths); {
		to, used := from+1, widths[from]+1
		for to < len(widths) && used+widths[to]+1 <= room {
			used, to = used+widths[to]+1, to+1
		}
		for to == len(widths) && from > 0 && used+widths[from-1]+1 <= room {
			from--
			used += widths[from] + 1
		}
		parts = append(parts, columnsShown{from, to})
		from = to
	}
	return parts
}

// columnBindings show the columns that have no room beside the others, by name.
func (f *figures) columnBindings() []widget.Binding {
	if len(f.parts) < 2 {
		return nil
	}
	var hidden []string
	for _, column := range figureColumns() {
		if shown := " " + strings.Join(f.parts[min(f.part, len(f.parts)-1)], " ") + " "; !strings.Contains(shown, " "+column.name+" ") {
			hidden = append(hidden, column.name)
		}
	}
	return []widget.Binding{
		widget.Bind("←→", "columns "+strings.Join(hidden, " "), widget.Act(func() { f.part = max(0, f.part-1) }), "left", "h").OrBriefly("columns"),
		widget.Bind("→", "further columns", widget.Act(func() { f.part = min(len(f.parts)-1, f.part+1) }), "right", "l").AsTwin(),
	}
}

// scrollBindings move what is seen up and down.
func (f *figures) scrollBindings() []widget.Binding {
	bindings := f.pane.WholeBindings()
	bindings[0] = bindings[0].AsMinor()
	return bindings
}

// withoutArrival counts the probes whose replica was not seen, by how they
// ended, or altogether where that is too long.
func withoutArrival(row figureRow, room int) string {
	s := row.of
	var parts []string
	for _, end := range []struct {
		n    int
		word string
	}{{s.GaveUp, "gave up"}, {s.Interrupted, "interrupted"}, {s.Failed, "failed"}, {s.Suspended, "suspended"}, {row.flying, "in flight"}} {
		if end.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", end.n, end.word))
		}
	}
	all := strings.Join(parts, ", ")
	switch {
	case all == "":
		return "0"
	case len(all) > room:
		return fmt.Sprint(s.GaveUp + s.Interrupted + s.Failed + s.Suspended + row.flying)
	}
	return all
}

func maxText(s stats.Summary) string { return s.Max.Words().Longest(wording.Duration) }

// meanText is the mean with its interval or, where room is short, without.
// Then there is none for how many samples are missing either.
func meanText(s stats.Summary, interval bool) string {
	words := s.Mean.Words()
	if !interval && words.Bound == wording.Unknown {
		return wording.TooFew
	}
	return words.Brief(interval, wording.Duration)
}
