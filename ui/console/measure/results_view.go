package measure

import (
	"fmt"
	"slices"
	"strconv"

	"bothways/aws/account"
	"bothways/probe/report"
	"bothways/ui/console/widget"
)

const (
	// leastTable is the fewest rows that a table is scrolled in by itself; with
	// less room everything on the screen scrolls together.
	leastTable = 6
	// panelRows are those of the verdict and of a line for each direction, which no
	// foot takes from them.
	panelRows = 3
)

func (s *resultsScreen) Draw(width, height int) []string {
	m := s.measured()
	if m == nil {
		return nil
	}
	if s.drawn || s.about {
		return s.drawChart(m, width, height)
	}
	t := s.host.Look().Theme
	facts := m.facts(s.origin())
	blocks := append(s.head(width, height), s.warnings(facts, width, max(2, height/5)))
	head := append(slices.Concat(blocks...), "")
	foot := s.foot(width)
	room := height - len(head) - len(foot) - 1
	table := s.figures.Draw(t, m, width)
	rows := len(table)
	table = append(table, s.below(m, facts, width)...)
	if room < leastTable {
		lines := append(append(append(head, table...), ""), foot...)
		return s.figures.pane.Draw(t, lines, 0, height)
	}
	head = append(head, s.figures.pane.DrawTable(t, table, rows, len(head), room)...)
	return append(append(head, ""), foot...)
}

// drawChart is the chart with what it comes to, or what it means in its place. What
// else there is to say stands beside the table.
func (s *resultsScreen) drawChart(m *measurement, width, height int) []string {
	l := s.host.Look()
	most := height - chartRows(height)
	whose := s.whose(width)
	foot := append(whose[min(1, len(whose)):], s.foot(width)...)
	whose = whose[:min(1, len(whose))]
	foot = foot[:min(len(foot), max(0, most-panelRows-len(whose)))]
	head := append(whose, panelOf(l, m, s.host.Now(), width, height).lines(most-len(whose)-len(foot))...)
	if c := &s.charts().cursor; c.on && !s.about {
		var access account.Access // of an earlier run nobody knows
		if s.past == nil {
			access = s.host.Chosen().Access
		}
		head, foot = picking(l, m, s.host.Now(), c, access, width, height)
	}
	room := max(0, height-len(head)-len(foot))
	var body []string
	if s.about {
		body = s.reading.Draw(l.Theme, explained(l.Theme, m, l.ASCII, nil, width), len(head), room)
	} else {
		body = s.charts().Draw(l, s.host.Now(), m, width, room)
	}
	lines := append(head, body[:min(len(body), room)]...)
	for len(lines) < height-len(foot) {
		lines = append(lines, "")
	}
	return append(lines, foot...)
}

// whose is where an earlier run was measured, where that is not AWS, and which it is;
// each a line.
func (s *resultsScreen) whose(width int) (lines []string) {
	if s.past == nil {
		return nil
	}
	t := s.host.Look().Theme
	for _, note := range s.past.origin.Notes {
		lines = append(lines, widget.Fit(" "+t.Warn.Render("!")+" "+widget.Clean(note), width))
	}
	return append(lines, widget.Fit(" "+t.Muted.Render("run")+"  "+widget.Clean(s.past.Title()), width))
}

// head is which run it is, where it is not the console's own, what the samples
// show, and what was checked; each a block of lines.
func (s *resultsScreen) head(width, height int) (blocks [][]string) {
	t, m := s.host.Look().Theme, s.measured()
	if s.past != nil {
		for _, note := range s.past.origin.Notes {
			blocks = append(blocks, widget.Hang(" "+t.Warn.Render("!")+" ", widget.Clean(note), width-1))
		}
		blocks = append(blocks, widget.Hang(" "+t.Muted.Render("run")+"  ", widget.Clean(s.past.Title()), width-1))
	}
	p := panelOf(s.host.Look(), m, s.host.Now(), width, 0)
	blocks = append(blocks, p.alarms[:min(len(p.alarms), max(1, height/8))], []string{p.verdict})
	line := " " + t.Muted.Render("loop check") + "  " + m.loopText(t)
	content := m.contentText(t)
	if content != "" {
		content = t.Muted.Render("content") + "  " + content
	}
	return append(blocks, beside(line, content, width))
}

// beside puts two texts on one line, or below each other.
func beside(left, right string, width int) []string {
	if right == "" {
		return []string{widget.Fit(left, width)}
	}
	if line := left + "   " + right; widget.Fit(line, width) == line {
		return []string{line}
	}
	return []string{widget.Fit(left, width), widget.Fit(" "+right, width)}
}

// warnings are what stood in the way of the measurement, on so many lines at
// most; all of them stand below the table, too.
func (s *resultsScreen) warnings(facts []report.Fact, width, most int) []string {
	var lines []string
	left := 0
	for _, f := range facts {
		if !f.Warning {
			continue
		}
		these := s.fact(f, width)
		if left > 0 || len(lines)+len(these) > most {
			left++
			continue
		}
		lines = append(lines, these...)
	}
	if left > 0 {
		more := widget.Count(left, "warning", "warnings") + " below the table"
		if len(lines) > 0 {
			more = widget.Count(left, "more warning", "more warnings") + " below the table"
		}
		lines = append(lines, widget.Fit(" "+s.host.Look().Theme.Warn.Render("!")+" "+more, width))
	}
	return lines
}

// fact is one thing to know about the run.
func (s *resultsScreen) fact(f report.Fact, width int) []string {
	t := s.host.Look().Theme
	label := "   " + t.Muted.Render(widget.Clean(f.Name))
	if f.Warning {
		label = " " + t.Warn.Render("!") + " " + widget.Clean(f.Name)
	}
	return widget.Hang(label+"  ", widget.Clean(f.Text), width-1)
}

// below is what follows the table: what its rows mean, and how the run was
// measured.
func (s *resultsScreen) below(m *measurement, facts []report.Fact, width int) []string {
	t := s.host.Look().Theme
	lines := []string{""}
	c, looks := m.compared(), m.looks()
	lines = append(lines, widget.Hang(" ", c.CompareDirections(looks).Sentence, width-1)...)
	lines = append(lines, widget.Hang(" ", c.CompareSizes(looks).Sentence, width-1)...)
	lines = append(lines, "")
	if sizes := sizesIn(t, m, width); len(sizes) > 0 {
		lines = append(append(lines, sizes...), "")
	}
	if shown := slices.Concat(m.targetLines(), m.levels().lines); len(shown) > 0 {
		for _, line := range shown {
			lines = append(lines, widget.Hang(" ", line, width-1)...)
		}
		lines = append(lines, "")
	}
	lines = append(lines, looksNote(t, m, width)...)
	lines = append(lines, muted(t, widget.Hang(" ", "In brackets behind a figure: "+intervalsNote(), width-1))...)
	if len(m.completed.Cells()) > 0 {
		lines = append(lines, muted(t, widget.Hang(" ", "COMPLETED: until the origin of an object reads so. All other rows: until readable on the other side.", width-1))...)
	}
	lines = append(lines, "")
	lines = append(lines, t.Title.Render(" How it was measured"))
	for _, f := range facts {
		lines = append(lines, s.fact(f, width)...)
	}
	return lines
}

// stale says how many of the samples the saved files hold.
func (s *resultsScreen) stale() string {
	return "at " + s.savedOf() + ", s saves again"
}

func (s *resultsScreen) savedOf() string {
	return strconv.Itoa(s.savedAt) + " of " + widget.Count(len(s.measured().record.Samples), "sample", "samples")
}

// foot says where the raw samples are, and what was saved.
func (s *resultsScreen) foot(width int) []string {
	t, m := s.host.Look().Theme, s.measured()
	var lines []string
	lines = append(lines, widget.Hang(" "+t.Muted.Render("raw samples")+"  ", widget.Clean(s.raw()), width-1)...)
	if s.failed != "" {
		lines = append(lines, widget.Hang(" "+t.Bad.Render("✗ not saved")+"  ", widget.Clean(s.failed)+"; w saves elsewhere", width-1)...)
	}
	switch {
	case s.asking:
		lines = append(lines, " "+t.Muted.Render("folder")+"  "+s.folder.Draw(t, width-12))
	case s.saving:
		lines = append(lines, " "+t.Muted.Render("saving"))
	case len(s.saved) > 0 && s.savedAt < len(m.record.Samples):
		lines = append(lines, widget.Hang(" "+t.Warn.Render("! saved")+"      ", widget.Clean(s.stale()+": "+savedNames(s.saved)+" "+folderText(s.savedIn)), width-1)...)
	case len(s.saved) > 0:
		lines = append(lines, widget.Hang(" "+t.Good.Render("✓ saved")+"      ", widget.Clean(savedNames(s.saved)+" "+folderText(s.savedIn)), width-1)...)
	}
	if s.running() {
		lines = append(lines, widget.Hang(" "+t.Accent.Render(s.host.Look().Spin)+" ", s.live.next(m, s.host.Now())+"; enter shows it", width-1)...)
	}
	if n := len(m.loopsBad); n > 0 {
		lines = append(lines, widget.Hang(" "+t.Bad.Render("✗ loop check")+"  ", fmt.Sprintf("%s: %s", widget.Count(n, "object did not stay where it was sent", "objects did not stay where they were sent"), widget.Clean(m.loopsBad[0].Detail)), width-1)...)
	}
	return lines
}

func (s *resultsScreen) path() string {
	if s.past != nil {
		return s.past.path
	}
	return s.live.path
}

// raw is where the raw samples are.
func (s *resultsScreen) raw() string {
	path := s.path()
	if path == "" {
		return "kept in memory only: save them"
	}
	if err := s.host.Written().Incomplete[path]; err != nil {
		return path + incompleteText(err) + "; save them"
	}
	return path
}
