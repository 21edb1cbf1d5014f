package change

import (
	tea "charm.land/bubbletea/v2"

	"bothways/aws/replication/plan"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// applyScreen carries the plan out.
type applyScreen struct {
	host.Quiet
	host   host.Host
	remove *teardownScreen
	steps  *stepRun
}

// Drop implements host.Screen: what a run did, it did.
func (s *applyScreen) Drop(host.Stale) {}

func newApply(h host.Host, remove *teardownScreen) *applyScreen {
	return &applyScreen{host: h, remove: remove}
}

// begin applies the plan that was reviewed, exactly.
func (s *applyScreen) begin(proposed plan.Plan) tea.Cmd {
	var cmd tea.Cmd
	s.steps, cmd = launch(s.host, "applying the plan", proposed, s.finished)
	s.host.Written().Touch(s.host.Chosen().Access, proposed.Pair).Apply(s.steps)
	return tea.Batch(cmd, s.host.GoTo(host.Apply))
}

// finished drops the survey, which no longer says what is there.
func (s *applyScreen) finished(bool) tea.Cmd {
	s.host.Drop(host.Surveys)
	return nil
}

func (s *applyScreen) Pane() *widget.Pane {
	if s.steps == nil {
		return nil
	}
	return &s.steps.details
}

func (s *applyScreen) Moving() bool { return s.steps.running() }

func (s *applyScreen) Bindings() []widget.Binding {
	if s.steps == nil {
		return nil
	}
	bindings := s.steps.Bindings()
	if s.steps.running() {
		return append(bindings, s.steps.stopBinding())
	}
	if s.steps.ok() {
		bindings = append([]widget.Binding{widget.Bind("enter", "go on to the measurement", func() tea.Cmd { return s.host.GoTo(host.Probe) }, "enter")}, bindings...)
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
	return append(bindings, undo, widget.Bind("esc", "plan", func() tea.Cmd { return s.host.GoTo(host.Plan) }, "esc"))
}

// Progress implements screen.
func (s *applyScreen) Progress() (done, all int) { return s.steps.Progress() }

func (s *applyScreen) Choose(line, column int) {
	if s.steps != nil {
		s.steps.Choose(line, column)
	}
}

func (s *applyScreen) Draw(width, height int) []string {
	if s.steps == nil {
		return nil
	}
	return s.steps.Draw(width, height)
}
