package console

import (
	tea "charm.land/bubbletea/v2"

	"bothways/aws/replication/plan"
	"bothways/ui/console/widget"
)

// applyScreen carries the plan out.
type applyScreen struct {
	quiet
	host   host
	do     *engines
	remove *teardownScreen
	steps  *stepRun
}

func newApply(h host, do *engines, remove *teardownScreen) *applyScreen {
	return &applyScreen{host: h, do: do, remove: remove}
}

// begin applies the plan that was reviewed, exactly.
func (s *applyScreen) begin(plan plan.Plan) tea.Cmd {
	var cmd tea.Cmd
	s.steps, cmd = launch(s.host, s.do, "applying the plan", plan, s.finished)
	s.host.written().touch(s.host.chosen().access, plan.Pair).apply(s.steps)
	return tea.Batch(cmd, s.host.goTo(atApply))
}

// finished drops the survey, which no longer says what is there.
func (s *applyScreen) finished(bool) tea.Cmd {
	s.host.drop(staleSurveys)
	return nil
}

func (s *applyScreen) pane() *widget.Pane {
	if s.steps == nil {
		return nil
	}
	return &s.steps.details
}

func (s *applyScreen) moving() bool { return s.steps.running() }

func (s *applyScreen) bindings() []widget.Binding {
	if s.steps == nil {
		return nil
	}
	bindings := s.steps.bindings()
	if s.steps.running() {
		return append(bindings, s.steps.stopBinding())
	}
	if s.steps.ok() {
		bindings = append([]widget.Binding{widget.Bind("enter", "go on to the measurement", func() tea.Cmd { return s.host.goTo(atProbe) }, "enter")}, bindings...)
	} else {
		bindings = append(bindings, widget.Bind("r", "retry", func() tea.Cmd {
			return s.steps.begin("applying the plan")
		}, "r"))
	}
	undo := widget.Bind("u", "undo what was done", func() tea.Cmd {
		return s.remove.beginUndo(s.steps)
	}, "u")
	if !s.steps.changed() {
		undo = undo.OrOff("this run changed nothing")
	}
	return append(bindings, undo, widget.Bind("esc", "plan", func() tea.Cmd { return s.host.goTo(atPlan) }, "esc"))
}

// progress implements screen.
func (s *applyScreen) progress() (done, all int) { return s.steps.progress() }

func (s *applyScreen) choose(line, column int) {
	if s.steps != nil {
		s.steps.choose(line, column)
	}
}

func (s *applyScreen) Draw(width, height int) []string {
	if s.steps == nil {
		return nil
	}
	return s.steps.Draw(width, height)
}
