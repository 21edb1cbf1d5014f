package console

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication"
)

// draw shows the steps in lanes, A beside B and A → B beside B → A, and the
// selected step's news below.
func (s *stepRun) draw(width, height int) []string {
	t := s.app.theme
	symbol, text := s.outcome()
	style := map[string]func(...string) string{"✓": t.Good.Render, "✗": t.Bad.Render, "–": t.Warn.Render}[symbol]
	if style == nil {
		style = t.Accent.Render
	}
	lines := hang(" "+style(symbol)+" ", clean(text), width-1)
	s.cells = nil
	if width >= 80 {
		lines = s.drawLanes(lines, width)
	} else {
		lines = s.drawList(lines, width, max(4, (height-1)/2))
	}
	lines = append(lines, t.Rule.Render(" "+dashes(width-2)))
	return append(lines, scrolled(t, s.detail(width), s.scroll, height-len(lines))...)
}

// lane is the steps of one side or of one direction.
func (s *stepRun) lane(belongs func(replication.Step) bool) []int {
	var steps []int
	for i, step := range s.plan.Steps {
		if belongs(step) {
			steps = append(steps, i)
		}
	}
	return steps
}

func (s *stepRun) ofSide(name pair.SideName) []int {
	return s.lane(func(step replication.Step) bool { return step.Direction == nil && step.Side == name })
}

func (s *stepRun) ofDirection(d pair.Direction) []int {
	return s.lane(func(step replication.Step) bool { return step.Direction != nil && *step.Direction == d })
}

func (s *stepRun) drawLanes(lines []string, width int) []string {
	t := s.app.theme
	left, right := columns(width)
	rule := " " + t.Rule.Render("│") + " "
	two := func(headLeft, headRight string, one, other []int) {
		if len(one)+len(other) == 0 {
			return
		}
		lines = append(lines, pad(" "+headLeft, left)+rule+pad(headRight, right))
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
			lines = append(lines, pad(cells[0], left)+rule+fit(cells[1], right))
		}
	}
	p := s.plan.Pair
	two(t.Title.Render("A")+"  "+clean(p.A.Region), t.Title.Render("B")+"  "+clean(p.B.Region), s.ofSide(pair.A), s.ofSide(pair.B))
	two(t.arrow(pair.AtoB), t.arrow(pair.BtoA), s.ofDirection(pair.AtoB), s.ofDirection(pair.BtoA))
	for _, i := range s.lane(func(step replication.Step) bool { return step.Direction == nil && step.Side == "" }) {
		s.cells = append(s.cells, stepCell{i, len(lines), 0, width})
		lines = append(lines, s.cell(i, width))
	}
	return lines
}

// drawList is the lanes' form for narrow terminals: one list.
func (s *stepRun) drawList(lines []string, width, height int) []string {
	first := window(0, s.selected, len(s.plan.Steps), height)
	for i := first; i < len(s.plan.Steps) && i < first+height; i++ {
		s.cells = append(s.cells, stepCell{i, len(lines), 0, width})
		lines = append(lines, s.cell(i, width))
	}
	return lines
}

// cell is a step in its lane: marker, symbol, word, title, time.
func (s *stepRun) cell(i, width int) string {
	t := s.app.theme
	step, state := s.plan.Steps[i], s.state(i)
	symbol, word, style := t.status(state.status)
	marker := "   "
	title := clean(step.Title)
	if width >= 60 {
		title += " " + whereOf(t, step)
	}
	if i == s.selected {
		marker, title = " "+t.Accent.Render("▸")+" ", t.Selected.Render(title)
	}
	if state.status == replication.Running {
		symbol = s.app.spin()
		if state.attempt > 1 {
			title += t.Warn.Render(fmt.Sprintf(", try %d", state.attempt))
		}
	}
	age := ""
	if state.status != replication.Pending && state.status != replication.Skipped {
		age = elapsed(s.age(i)) + " "
	}
	return spread(marker+style.Render(symbol+" "+pad(word, 9))+" "+title, age, width)
}

// detail is the selected step's why, news, command and undo.
func (s *stepRun) detail(width int) []string {
	if s.selected >= len(s.plan.Steps) {
		return nil
	}
	t := s.app.theme
	step, state := s.plan.Steps[s.selected], s.state(s.selected)
	lines := []string{fit(" "+t.Title.Render(clean(step.Title))+" "+whereOf(t, step)+"   "+clean(step.Call), width)}
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, hang("   "+t.Muted.Render(pad(label, 6))+" ", clean(text), width-1)...)
		}
	}
	switch state.status {
	case replication.Failed:
		lines = append(lines, hang("   "+t.Bad.Render("failed")+" ", clean(state.detail), width-1)...)
		if s.err != nil && state.detail == "" {
			add("", apierror.Describe(s.err))
		}
	case replication.Pending:
		if len(step.Needs) > 0 {
			add("waits", "for "+strings.Join(step.Needs, ", "))
		}
	default:
		add("now", state.detail)
	}
	add("why", step.Why)
	add("on", step.Target)
	if step.Change != replication.Nothing {
		add("cli", step.CLI)
		add("undo", step.Undo)
	}
	return lines
}

// bindings are what keys do to the steps in every state.
func (s *stepRun) bindings() []binding {
	to := func(key func() int) func() tea.Cmd {
		return act(func() { s.selected, s.chosen, s.scroll = key(), true, 0 })
	}
	cli := ""
	if s.selected < len(s.plan.Steps) && s.plan.Steps[s.selected].Change != replication.Nothing {
		cli = s.plan.Steps[s.selected].CLI
	}
	bindings := []binding{
		bind("↑↓", "step", to(func() int { return s.beside(-1) }), "up"),
		bind("↓", "next", to(func() int { return s.beside(1) }), "down").asTwin(),
		bind("← →", "the other lane", to(s.across), "left", "right", "tab").asMinor(),
		bind("j k", "scroll the details", act(func() { s.scroll++ }), "j", "pgdown").asMinor(),
		bind("k", "scroll up", act(func() { s.scroll = max(0, s.scroll-1) }), "k", "pgup").asTwin(),
	}
	if cli != "" {
		bindings = append(bindings, bind("c", "copy CLI", func() tea.Cmd { return s.app.copy(cli) }, "c"))
	}
	if id := s.waiting(); id != "" && s.running() {
		bindings = append(bindings, bind("s", "skip the wait", act(func() { s.plan.Skip(id) }), "s"))
	}
	if access, ok := s.signInWith(); ok {
		bindings = append(bindings, bind("l", "sign in here", func() tea.Cmd {
			return s.app.signIn(access, func() tea.Cmd { return nil })
		}, "l"))
	}
	return bindings
}

// stopBinding breaks the run off; steps that run are cancelled, and the plan
// can be applied again.
func (s *stepRun) stopBinding() binding {
	return bind("esc", "stop", act(func() {
		run := s.run
		s.app.question = &question{
			ask:  func() string { return "Stop " + run.doing + "? What is done stays." },
			yes:  act(run.cancel),
			moot: func() bool { return s.run != run },
		}
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

func (s *stepRun) cellOf(step int) (stepCell, bool) {
	for _, c := range s.cells {
		if c.step == step {
			return c, true
		}
	}
	return stepCell{}, false
}

func (s *stepRun) choose(line, column int) {
	for _, c := range s.cells {
		if c.line == line && column >= c.from && column < c.to {
			s.selected, s.chosen, s.scroll = c.step, true, 0
		}
	}
}

func dashes(n int) string { return strings.Repeat("─", max(0, n)) }
