package change

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/probe/wording"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// Draw shows the steps in lanes, A beside B and A → B beside B → A, and the
// selected step's news below.
func (s *stepRun) Draw(width, height int) []string {
	t := s.host.Look().Theme
	symbol, text := s.outcome()
	style := map[string]func(...string) string{"✓": t.Good.Render, "✗": t.Bad.Render, "–": t.Warn.Render}[symbol]
	if style == nil {
		style = t.Accent.Render
	}
	lines := widget.Hang(" "+style(symbol)+" ", widget.Clean(text), width-1)
	s.cells = nil
	if width >= 80 {
		lines = s.drawLanes(lines, width)
	} else {
		lines = s.drawList(lines, width, max(4, (height-1)/2))
	}
	lines = append(lines, t.Rule.Render(" "+widget.Dashes(width-2)))
	return append(lines, s.details.DrawBeside(t, s.detail(width), len(lines), height-len(lines))...)
}

// lane is the steps of one side or of one direction.
func (s *stepRun) lane(belongs func(step.Step) bool) []int {
	var steps []int
	for i, st := range s.plan.Steps {
		if belongs(st) {
			steps = append(steps, i)
		}
	}
	return steps
}

func (s *stepRun) ofSide(name pair.SideName) []int {
	return s.lane(func(st step.Step) bool { return st.Direction == nil && st.Side == name })
}

func (s *stepRun) ofDirection(d pair.Direction) []int {
	return s.lane(func(st step.Step) bool { return st.Direction != nil && *st.Direction == d })
}

func (s *stepRun) drawLanes(lines []string, width int) []string {
	t := s.host.Look().Theme
	left, right := widget.Columns(width)
	rule := " " + t.Rule.Render("│") + " "
	two := func(headLeft, headRight string, one, other []int) {
		if len(one)+len(other) == 0 {
			return
		}
		lines = append(lines, widget.Pad(" "+headLeft, left)+rule+widget.Pad(headRight, right))
		for row := range max(len(one), len(other)) {
			var cells [2]string
			for side, steps := range [2][]int{one, other} {
				if row < len(steps) {
					w, from := left, 0
					if side == 1 {
						w, from = right, left+3
					}
					cells[side] = s.cell(steps[row], w)
					s.cells = append(s.cells, stepCell{steps[row], len(lines), from, from + w})
				}
			}
			lines = append(lines, widget.Pad(cells[0], left)+rule+widget.Fit(cells[1], right))
		}
	}
	p := s.plan.Pair
	two(t.Title.Render("A")+"  "+widget.Clean(p.A.Region), t.Title.Render("B")+"  "+widget.Clean(p.B.Region), s.ofSide(pair.A), s.ofSide(pair.B))
	two(t.Arrow(pair.AtoB), t.Arrow(pair.BtoA), s.ofDirection(pair.AtoB), s.ofDirection(pair.BtoA))
	for _, i := range s.lane(func(st step.Step) bool { return st.Direction == nil && st.Side == "" }) {
		s.cells = append(s.cells, stepCell{i, len(lines), 0, width})
		lines = append(lines, s.cell(i, width))
	}
	return lines
}

// drawList is the lanes' form for narrow terminals: one list.
func (s *stepRun) drawList(lines []string, width, height int) []string {
	first := widget.Window(0, s.selected, len(s.plan.Steps), height)
	for i := first; i < len(s.plan.Steps) && i < first+height; i++ {
		s.cells = append(s.cells, stepCell{i, len(lines), 0, width})
		lines = append(lines, s.cell(i, width))
	}
	return lines
}

// cell is a step in its lane: marker, symbol, word, title, time.
func (s *stepRun) cell(i, width int) string {
	t := s.host.Look().Theme
	st, state := s.plan.Steps[i], s.State(i)
	symbol, word, style := t.Status(state.status)
	marker := "   "
	title := widget.Clean(st.Title)
	if width >= 60 {
		title += " " + whereOf(t, st)
	}
	if i == s.selected {
		marker, title = " "+t.Accent.Render("▸")+" ", t.Selected.Render(title)
	}
	if state.status == step.Running {
		symbol = s.host.Look().Spin
		if state.attempt > 1 {
			title += t.Warn.Render(fmt.Sprintf(", try %d", state.attempt))
		}
	}
	age := ""
	if state.status != step.Pending && state.status != step.Skipped {
		age = wording.Duration(s.age(i)) + " "
	}
	return widget.Spread(marker+style.Render(symbol+" "+widget.Pad(word, 9))+" "+title, age, width)
}

// detail is the selected step's why, news, command and undo.
func (s *stepRun) detail(width int) []string {
	if s.selected >= len(s.plan.Steps) {
		return nil
	}
	t := s.host.Look().Theme
	st, state := s.plan.Steps[s.selected], s.State(s.selected)
	lines := []string{widget.Fit(" "+t.Title.Render(widget.Clean(st.Title))+" "+whereOf(t, st)+"   "+widget.Clean(st.Call), width)}
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(label, 6))+" ", widget.Clean(text), width-1)...)
		}
	}
	switch state.status {
	case step.Failed:
		lines = append(lines, widget.Hang("   "+t.Bad.Render("failed")+" ", widget.Clean(state.detail), width-1)...)
		if s.err != nil && state.detail == "" {
			add("", apierror.Describe(s.err))
		}
	case step.Pending:
		if len(st.Needs) > 0 {
			add("waits", "for "+strings.Join(st.Needs, ", "))
		}
	default:
		add("now", state.detail)
	}
	add("why", st.Why)
	add("on", st.Target)
	if st.Change != step.Nothing {
		add("cli", st.CLI)
		add("undo", st.Undo)
	}
	return lines
}

// Bindings are what keys do to the steps in every state.
func (s *stepRun) Bindings() []widget.Binding {
	to := func(key func() int) func() tea.Cmd {
		return widget.Act(func() { s.selected, s.chosen, s.details = key(), true, widget.Pane{} })
	}
	cli := ""
	if s.selected < len(s.plan.Steps) && s.plan.Steps[s.selected].Change != step.Nothing {
		cli = s.plan.Steps[s.selected].CLI
	}
	bindings := []widget.Binding{
		widget.Bind("↑↓", "step", to(func() int { return s.beside(-1) }), "up", "k"),
		widget.Bind("↓", "next", to(func() int { return s.beside(1) }), "down", "j").AsTwin(),
		widget.Bind("← →", "the other lane", to(s.across), "left", "right", "tab").AsMinor(),
	}
	bindings = append(bindings, s.details.Bindings("scroll the details")...)
	if cli != "" {
		bindings = append(bindings, widget.Bind("c", "copy CLI", func() tea.Cmd { return s.host.Copy(cli) }, "c"))
	}
	if id := s.waiting(); id != "" && s.running() {
		bindings = append(bindings, widget.Bind("s", "skip the wait", widget.Act(func() { s.plan.Skip(id) }), "s"))
	}
	if access, ok := s.signInWith(); ok {
		bindings = append(bindings, widget.Bind("l", "sign in here", func() tea.Cmd {
			return s.host.SignIn(access, func() tea.Cmd { return nil })
		}, "l"))
	}
	return bindings
}

// stopBinding breaks the run off; steps that run are cancelled, and the plan
// can be applied again.
func (s *stepRun) stopBinding() widget.Binding {
	return widget.Bind("esc", "stop", widget.Act(func() {
		run := s.run
		s.host.Confirm(host.Question{
			Ask:  func() string { return "Stop " + run.Doing + "? What is done stays." },
			Yes:  widget.Act(run.Cancel),
			Moot: func() bool { return s.run != run },
		})
	}), "esc")
}

// beside is the next step up or down in the drawing, in the same lane.
func (s *stepRun) beside(by int) int {
	here, ok := s.cellOf(s.selected)
	if !ok {
		return max(0, min(s.selected+by, len(s.plan.Steps)-1))
	}
	best, distance := s.selected, 1<<30
	for _, c := range s.cells {
		if d := (c.line - here.line) * by; c.from == here.from && d > 0 && d < distance {
			best, distance = c.step, d
		}
	}
	if best == s.selected { // the narrow list scrolls
		if len(s.cells) < len(s.plan.Steps) {
			return max(0, min(s.selected+by, len(s.plan.Steps)-1))
		}
	}
	return best
}

// across is the step beside the selected one in the other lane.
func (s *stepRun) across() int {
	here, ok := s.cellOf(s.selected)
	if !ok {
		return s.selected
	}
	best, distance := s.selected, 1<<30
	for _, c := range s.cells {
		d := c.line - here.line
		if d < 0 {
			d = -d
		}
		if c.from != here.from && d < distance {
			best, distance = c.step, d
		}
	}
	return best
}

func (s *stepRun) cellOf(st int) (stepCell, bool) {
	for _, c := range s.cells {
		if c.step == st {
			return c, true
		}
	}
	return stepCell{}, false
}

func (s *stepRun) Choose(line, column int) {
	for _, c := range s.cells {
		if c.line == line && column >= c.from && column < c.to {
			s.selected, s.chosen, s.details = c.step, true, widget.Pane{}
		}
	}
}

// open counts the steps that have not ended.
func (s *stepRun) open() int {
	n := 0
	for i := range s.plan.Steps {
		if !s.State(i).status.Final() {
			n++
		}
	}
	return n
}

// Progress is how many of the steps have ended, while they are carried out.
func (s *stepRun) Progress() (done, all int) {
	if !s.running() {
		return 0, 0
	}
	return len(s.plan.Steps) - s.open(), len(s.plan.Steps)
}
