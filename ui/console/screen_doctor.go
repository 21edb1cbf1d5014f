package console

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/ui/console/widget"
)

// doctorScreen explains why a pair does not replicate, whoever set it up.
type doctorScreen struct {
	quiet
	host host
	do   *engines
	run  *running // nil when nothing is being examined

	wanted   pair.Pair // what was examined
	canaries bool      // whether objects were written for it
	news     string
	health   map[pair.Direction]doctor.HealthEvent
	troubles []doctor.Trouble
	done     bool
	failure  string
	list     widget.List
	details  widget.Pane
}

func newDoctor(h host, do *engines) *doctorScreen { return &doctorScreen{host: h, do: do} }

func (s *doctorScreen) enter(place) tea.Cmd {
	if s.run != nil || s.done && s.wanted == s.host.chosen().pair {
		return nil
	}
	return s.examine(false)
}

// examine looks at the pair in the background. With canaries it writes a tiny
// object each way, which was asked for before.
func (s *doctorScreen) examine(canaries bool) tea.Cmd {
	if s.run != nil {
		s.run.cancel()
	}
	access, p := s.host.chosen().access, s.host.chosen().pair
	s.wanted, s.canaries = p, canaries
	s.news, s.failure, s.done = "reading both buckets, their rules and roles", "", false
	s.health, s.troubles = map[pair.Direction]doctor.HealthEvent{}, nil
	s.list, s.details = widget.List{}, widget.Pane{}
	var cmd tea.Cmd
	s.run, cmd = s.host.start("examining the pair", stepsGap, func(ctx context.Context, emit pair.Emit) error {
		_, err := s.do.examine(ctx, access, p, doctor.ExamineOptions{Canaries: canaries}, emit) // the events say it all
		return err
	}, s.take)
	return cmd
}

// take follows the examination's events.
func (s *doctorScreen) take(b batch) tea.Cmd {
	if b.run != s.run { // one that was broken off
		return nil
	}
	for _, e := range b.events {
		switch e := e.(type) {
		case doctor.ExaminingEvent:
			s.news = e.Detail
			if e.Direction != nil {
				s.news = e.Direction.Arrow() + "  " + e.Detail
			}
		case doctor.Trouble:
			s.troubles = append(s.troubles, e)
		case doctor.HealthEvent:
			s.health[e.Direction] = e
		}
	}
	if b.ended {
		s.run = nil
		s.done = b.err == nil && b.crash == nil
		if b.err != nil {
			s.failure = apierror.Describe(b.err)
		}
	}
	return nil
}

func (s *doctorScreen) pane() *widget.Pane { return &s.details }

func (s *doctorScreen) moving() bool { return s.run != nil }

func (s *doctorScreen) bindings() []widget.Binding {
	back := widget.Bind("esc", "plan", func() tea.Cmd {
		if s.run != nil {
			s.run.cancel()
		}
		return s.host.goTo(atPlan)
	}, "esc")
	if s.run != nil {
		return []widget.Binding{back}
	}
	move := func(by int) func() tea.Cmd {
		return widget.Act(func() {
			s.list.Move(by, len(s.troubles))
			s.details = widget.Pane{}
		})
	}
	bindings := []widget.Binding{
		widget.Bind("t", "try with canaries", widget.Act(s.askForCanaries), "t").OrOff(s.host.settings().readOnly),
		widget.Bind("↑↓", "choose", move(-1), "up"),
		widget.Bind("↓", "next", move(1), "down").AsTwin(),
	}
	bindings = append(bindings, s.details.Bindings("scroll the details")...)
	if t, ok := s.selected(); ok && t.CLI != "" {
		bindings = append(bindings, widget.Bind("c", "copy CLI", func() tea.Cmd { return s.host.copy(t.CLI) }, "c"))
	}
	return append(bindings, widget.Bind("r", "look again", func() tea.Cmd { return s.examine(false) }, "r"), back)
}

// askForCanaries asks before anything is written into somebody's buckets.
func (s *doctorScreen) askForCanaries() {
	s.host.confirm(question{
		ask:  func() string { return "Write a tiny object on each side, and remove it again?" },
		yes:  func() tea.Cmd { return s.examine(true) },
		moot: func() bool { return s.run != nil },
	})
}

func (s *doctorScreen) selected() (doctor.Trouble, bool) {
	if s.list.Selected < 0 || s.list.Selected >= len(s.troubles) {
		return doctor.Trouble{}, false
	}
	return s.troubles[s.list.Selected], true
}

func (s *doctorScreen) choose(line, _ int) {
	if i := s.list.Hit(line); i >= 0 {
		s.list.Selected, s.details = i, widget.Pane{}
	}
}
