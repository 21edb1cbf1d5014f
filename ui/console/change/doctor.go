package change

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// doctorScreen explains why a pair does not replicate, whoever set it up.
type doctorScreen struct {
	reading
	host host.Host
	do   *host.Engines
	run  *host.Run  // nil when nothing is being examined
	back host.Place // where esc leads

	wanted   pair.Pair // what was examined
	canaries bool      // whether objects were written for it
	news     string
	health   map[pair.Direction]doctor.HealthEvent
	troubles []doctor.Trouble
	done     bool
	evidence bool // what was read is in front, though there are troubles
	stale    bool // what was found may hold no longer
	failure  string
}

func newDoctor(h host.Host) *doctorScreen {
	return &doctorScreen{host: h, do: h.Engines(), back: host.Plan}
}

// Enter looks anew: what was found may hold no longer. Canaries of this pair
// that are under way are waited for.
func (s *doctorScreen) Enter(from host.Place) tea.Cmd {
	if s.back = host.Plan; from == host.Audit || from == host.Backfill { // which wait for what is mended here
		s.back = from
	}
	if !s.stale && s.run != nil && s.canaries && s.wanted == s.host.Chosen().Pair {
		return nil
	}
	return s.examine(false)
}

// Drop implements host.Screen: the next visit looks anew.
func (s *doctorScreen) Drop(host.Stale) { s.stale = true }

// examine looks at the pair in the background. With canaries it writes a tiny
// object each way, which was asked for before.
func (s *doctorScreen) examine(canaries bool) tea.Cmd {
	if s.run != nil {
		s.run.Cancel()
	}
	access, p := s.host.Chosen().Access, s.host.Chosen().Pair
	options := doctor.ExamineOptions{Canaries: canaries, Keep: s.host.Chosen().Agreed().To(pair.KeepCanaries)}
	s.wanted, s.canaries, s.stale = p, canaries, false
	s.news, s.failure, s.done = "reading both buckets, their rules and roles", "", false
	s.health, s.troubles = map[pair.Direction]doctor.HealthEvent{}, nil
	s.from(0)
	s.asOf, s.evidence = s.host.Now(), false
	var cmd tea.Cmd
	s.run, cmd = s.host.Start("examining the pair", stepsGap, func(ctx context.Context, emit pair.Emit) error {
		_, err := s.do.Examine(ctx, access, p, options, emit) // the events say it all
		return err
	}, s.take)
	return cmd
}

// take follows the examination's events.
func (s *doctorScreen) take(b host.Batch) tea.Cmd {
	if b.Run != s.run { // one that was broken off
		return nil
	}
	for _, e := range b.Events {
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
	if b.Ended {
		s.run = nil
		s.done = b.Err == nil && b.Crash == nil
		if b.Err != nil {
			s.failure = apierror.Describe(b.Err)
		}
	}
	return nil
}

func (s *doctorScreen) Moving() bool { return s.run != nil }

func (s *doctorScreen) Bindings() []widget.Binding {
	back := widget.Bind("esc", strings.ToLower(s.back.Title()), func() tea.Cmd {
		if s.run != nil {
			s.run.Cancel()
			s.canaries = false // none are waited for
		}
		return s.host.GoTo(s.back)
	}, "esc")
	if s.run != nil {
		return []widget.Binding{back}
	}
	try := widget.Bind("t", "try with canaries", widget.Act(s.askForCanaries), "t").OrOff(s.host.Settings().ReadOnly)
	bindings := []widget.Binding{try}
	if s.showsEvidence() {
		bindings = append(bindings, s.details.WholeBindings()...)
	} else {
		bindings = append(bindings, s.bindings("choose", len(s.troubles))...)
		if t, ok := s.selected(); ok && t.CLI != "" {
			bindings = append(bindings, widget.Bind("c", "copy CLI", func() tea.Cmd { return s.host.Copy(t.CLI) }, "c"))
		}
	}
	if len(s.troubles) > 0 {
		bindings = append(bindings, widget.Bind("v", widget.Choice(s.evidence, "what is wrong", "what was read"), widget.Act(func() {
			s.evidence, s.details = !s.evidence, widget.Pane{}
		}), "v"))
	}
	return append(bindings, widget.Bind("r", "look again", func() tea.Cmd { return s.examine(false) }, "r"), back)
}

// askForCanaries asks before anything is written into somebody's buckets.
func (s *doctorScreen) askForCanaries() {
	s.host.Confirm(host.Question{
		Ask: func() string {
			return "Write a tiny object on each side, in " + s.host.Chosen().Account() + ", and remove it again?"
		},
		Yes:  func() tea.Cmd { return s.examine(true) },
		Moot: func() bool { return s.run != nil },
	})
}

func (s *doctorScreen) selected() (doctor.Trouble, bool) {
	if s.showsEvidence() || s.list.Selected < 0 || s.list.Selected >= len(s.troubles) {
		return doctor.Trouble{}, false
	}
	return s.troubles[s.list.Selected], true
}
