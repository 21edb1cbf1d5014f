package measure

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"bothways/ui/console/widget"
	"bothways/ui/runs"
)

func (s *runsScreen) Draw(width, height int) []string {
	t := s.host.Look().Theme
	if s.comparison != nil {
		return s.drawComparison(width, height)
	}
	head := t.Muted.Render("space marks two (*), to be compared")
	if s.filter.On() {
		head = s.filter.Draw(t, width-20)
	}
	lines := []string{widget.Fit(" "+t.Title.Render("Earlier runs")+"   "+head, width), ""}
	tail := s.tail(width)
	if most := max(height/2, height-len(lines)-len(s.entries)); len(tail) > most { // a short list leaves more
		tail = append(tail[:max(0, most-1)], t.Muted.Render("   …"))
	}
	room := max(1, height-len(lines)-len(tail))
	lines = append(lines, s.list.Draw(t, len(s.entries), len(lines), width, room, s.opening == "", func(i, width int) string {
		return s.row(i, width)
	})...)
	return append(lines, tail...)
}

// row is a run on one line: what there is no room for stands below the list.
func (s *runsScreen) row(i, width int) string {
	t, e := s.host.Look().Theme, s.entries[i]
	mark := "  "
	if s.isMarked(e) {
		mark = t.Accent.Render("*") + " " // not the mark of what is done
	}
	id := widget.Pad(widget.Clean(e.RunID), 22)
	if i == s.list.Selected {
		id = t.Selected.Render(id)
	}
	row := mark + id + " "
	if width >= 100 {
		when := ""
		if !e.StartedAt.IsZero() {
			when = e.StartedAt.UTC().Format("2006-01-02 15:04")
		}
		row += widget.Pad(when, 17)
	}
	if e.State == runs.Unreadable {
		return row + t.Bad.Render("✗ can't be read")
	}
	if width >= 72 {
		row += widget.Pad(regionsOf(e), 30)
	}
	if e.State == runs.Unread {
		return row + t.Muted.Render("not read yet")
	}
	if e.Audit {
		row += widget.Pad("audit", 8)
	} else {
		row += fmt.Sprintf("n %-6d", e.Samples)
	}
	switch e.State {
	case runs.Interrupted:
		return row + t.Warn.Render("interrupted")
	case runs.Running:
		return row + t.Accent.Render("still running")
	case runs.Failed:
		return row + t.Bad.Render("failed")
	case runs.Complete, runs.Unreadable, runs.Unread:
	}
	return row + t.Muted.Render(widget.Clean(e.Verdict))
}

// regionsOf are the regions of the sides that were measured.
func regionsOf(e runs.Entry) string {
	a, _, _ := strings.Cut(e.A, "/")
	b, _, _ := strings.Cut(e.B, "/")
	return widget.Clean(a + " ⇄ " + b)
}

// tail is what is known of the chosen run, and what is under way or went wrong.
func (s *runsScreen) tail(width int) []string {
	t := s.host.Look().Theme
	lines := []string{""}
	switch e, any := s.selected(); {
	case any:
		lines = append(lines, s.details(e, width)...)
	case s.listable > 0:
		lines = append(lines, t.Muted.Render(widget.Fit("   nothing matches: esc shows all", width)))
	case !s.reading && s.failure == "":
		lines = append(lines, t.Muted.Render(widget.Fit("   nothing was measured or audited yet on this computer", width)))
	}
	if s.others > 0 && !s.reading {
		lines = append(lines, t.Muted.Render(widget.Fit("   and "+widget.Count(s.others, "run", "runs")+" in which nothing was measured or audited", width)))
	}
	switch {
	case s.failure != "":
		lines = append(lines, widget.Hang(" "+t.Bad.Render("✗")+" ", widget.Clean(s.failure), width-1)...)
	case s.opening != "":
		lines = append(lines, " "+t.Accent.Render(s.host.Look().Spin)+" reading the run")
	case s.reading:
		lines = append(lines, widget.Fit(" "+t.Accent.Render(s.host.Look().Spin)+" "+s.readingText(), width))
	}
	return lines
}

// readingText says how much of the list is known.
func (s *runsScreen) readingText() string {
	if left := s.unread(); left > 0 {
		return fmt.Sprintf("reading the journals: %d of %d", len(s.all)-left+1, len(s.all))
	}
	return "reading the journals"
}

func (s *runsScreen) details(e runs.Entry, width int) []string {
	t := s.host.Look().Theme
	var lines []string
	say := func(name, text string) {
		if text != "" {
			lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(name, 9)), widget.Clean(text), width-1)...)
		}
	}
	if e.Error != "" {
		lines = append(lines, widget.Hang(" "+t.Bad.Render("✗")+" "+widget.Pad("broken", 9), widget.Clean(e.Error), width-1)...)
	}
	if e.Damage != "" {
		lines = append(lines, widget.Hang(" "+t.Warn.Render("!")+" "+widget.Pad("damaged", 9), widget.Clean(e.Damage), width-1)...)
	}
	if e.A != "" {
		say("between", e.A+" ⇄ "+e.B)
	}
	say("shows", e.Verdict)
	say("reached", strings.Join(append([]string{e.Access}, e.Notes...), "; "))
	say("journal", e.Path)
	return lines
}

// A comparison's table has columns with figures behind the direction and the
// size; its head names these alone.
const (
	comparisonFigures = 3
	comparisonCells   = 2 + comparisonFigures
)

// cells splits a row of the comparison's table.
func cells(line string) []string {
	var row []string
	for cell := range strings.SplitSeq(line, "   ") {
		if cell = strings.TrimSpace(cell); cell != "" {
			row = append(row, cell)
		}
	}
	return row
}

// padded are names of one width.
func padded(names []string) []string {
	widest := 0
	for _, name := range names {
		widest = max(widest, ansi.StringWidth(name))
	}
	for i, name := range names {
		names[i] = widget.Pad(name, widest)
	}
	return names
}

// drawComparison is the comparison's text. Nothing of it is cut: where its table
// is too wide the cells of a row stand below each other.
func (s *runsScreen) drawComparison(width, height int) []string {
	wide := true
	for _, line := range s.comparison {
		wide = wide && (len(cells(line)) < comparisonCells || widget.Fit(line, width-2) == line)
	}
	var lines, names []string
	for _, line := range s.comparison {
		line = widget.Clean(strings.TrimRight(line, " "))
		row := cells(line)
		switch {
		case wide && widget.Fit(line, width-2) == line:
			lines = append(lines, " "+line)
		case len(row) == comparisonCells && row[0] != "":
			lines = append(lines, " "+row[0]+"  "+row[1])
			for i, name := range names {
				lines = append(lines, widget.Hang("   "+s.host.Look().Theme.Muted.Render(name)+"  ", row[2+i], width-1)...)
			}
		case strings.HasPrefix(line, " ") && len(row) == comparisonFigures:
			names = padded(row)
		default:
			lines = append(lines, widget.Hang(" ", line, width-1)...)
		}
	}
	return s.compared.Draw(s.host.Look().Theme, lines, 0, height)
}
