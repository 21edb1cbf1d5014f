package measure

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// resultsScreen is a measurement's outcome, to read and to keep: the console's
// own, or an earlier run's.
type resultsScreen struct {
	host.Quiet
	host     host.Host
	live     *probeScreen
	past     *pastRun // nil: the console's own
	drawn    bool     // the chart is in front, not the table
	figures  figures
	about    bool // what it means is in the chart's place
	reading  widget.Pane
	saving   bool
	saved    []string     // files written
	savedAt  int          // the number of samples in them
	revision int          // of the measurement in them
	savedIn  string       // their folder
	failed   string       // why the last saving did not succeed
	folder   widget.Field // where files go; "" is the current folder
	asking   bool         // the folder is being edited
}

// Drop implements host.Screen: what was measured holds.
func (s *resultsScreen) Drop(host.Stale) {}

func newResults(h host.Host, live *probeScreen) *resultsScreen {
	dir := h.Settings().SaveDir
	return &resultsScreen{host: h, live: live, folder: widget.NewField(dir), savedIn: dir}
}

// newPastResults shows an earlier run, once one is opened.
func newPastResults(h host.Host) *resultsScreen {
	s := newResults(h, nil)
	s.past = &pastRun{}
	return s
}

// measured is the measurement that is shown, or nil.
func (s *resultsScreen) measured() *measurement {
	if s.past != nil {
		return s.past.m
	}
	return s.live.m
}

func (s *resultsScreen) charts() *charts {
	if s.past != nil {
		return &s.past.charts
	}
	return &s.live.charts
}

// running says whether more samples will come.
func (s *resultsScreen) running() bool { return s.past == nil && s.live.running() }

// forget drops what was saved of an earlier measurement.
func (s *resultsScreen) forget() { s.saved, s.savedAt, s.failed = nil, 0, "" }

func (s *resultsScreen) Enter(host.Place) tea.Cmd {
	s.figures, s.about = figures{}, false
	return nil
}

// Title says what is amiss with what was measured.
func (s *resultsScreen) Title() string {
	if s.past == nil && s.live.m != nil {
		return s.live.Title()
	}
	return ""
}

// describe words an error for people.
func describe(err error) string { return apierror.Describe(err) }

// interrupted says that somebody stopped the run.
func interrupted(err error) bool { return errors.Is(err, context.Canceled) }

func (s *resultsScreen) Pane() *widget.Pane {
	switch {
	case s.about:
		return &s.reading
	case s.drawn:
		return nil
	}
	return &s.figures.pane
}

func (s *resultsScreen) Moving() bool { return s.running() }

func (s *resultsScreen) Bindings() []widget.Binding {
	if s.asking {
		return []widget.Binding{
			widget.Bind("enter", "save there", s.save, "enter"),
			widget.Bind("esc", "do not save", widget.Act(func() {
				s.asking, s.failed, s.folder = false, "", widget.NewField(s.savedIn)
			}), "esc"),
		}
	}
	m := s.measured()
	if m == nil {
		return []widget.Binding{widget.Bind("esc", "back", func() tea.Cmd { return s.host.GoTo(host.Probe) }, "esc")}
	}
	if s.about {
		return aboutBindings(&s.about, &s.reading)
	}
	bindings := []widget.Binding{
		widget.Bind("s", "save", s.save, "s"),
		widget.Bind("t", widget.Choice(s.drawn, "table", "chart"), widget.Act(func() { s.drawn, s.figures.pane = !s.drawn, widget.Pane{} }), "t"),
	}
	if s.drawn {
		c := s.charts()
		if c.cursor.on {
			access := account.Access{}
			if s.past == nil {
				access = s.host.Chosen().Access
			}
			return append(c.cursorBindings(s.host, m, access), c.viewBinding())
		}
		bindings = append(append(bindings, c.viewBinding(), c.cursorBinding(m), c.sizeBinding(m)), c.zoomBindings(s.host, m, s.host.Now())...)
	} else {
		bindings = append(append(bindings, s.figures.columnBindings()...), s.figures.scrollBindings()...)
	}
	explain := aboutBindings(&s.about, &s.reading)
	if !s.drawn { // the sentences stand below the table
		explain[0] = explain[0].AsMinor()
	}
	bindings = append(bindings, explain...)
	elsewhere := widget.Bind("w", "save elsewhere", widget.Act(func() { s.asking, s.failed = true, "" }), "w")
	if s.past != nil {
		return append(bindings, elsewhere, widget.Bind("esc", "earlier runs", func() tea.Cmd { return s.host.GoTo(host.Runs) }, "esc"))
	}
	return append(append(bindings, s.ownBindings()...), elsewhere)
}

// ownBindings go on with the console's own measurement.
func (s *resultsScreen) ownBindings() []widget.Binding {
	on := widget.Bind("a", "measure again", func() tea.Cmd {
		s.live.choosing = true
		return s.host.GoTo(host.Probe)
	}, "a")
	if s.running() {
		on = widget.Bind("enter", "the live chart", func() tea.Cmd { return s.host.GoTo(host.Probe) }, "enter")
	}
	return []widget.Binding{
		on,
		host.AuditThere(s.host),
		host.DrillThere(s.host).AsMinor(),
		host.EarlierRuns(s.host),
		widget.Bind("x", "tear down", func() tea.Cmd { return s.host.GoTo(host.TearDown) }, "x").OrOff(s.host.Settings().ReadOnly),
		widget.Bind("esc", "probe", func() tea.Cmd { return s.host.GoTo(host.Probe) }, "esc"),
	}
}

func (s *resultsScreen) Prompt() string {
	if s.asking {
		return "Save in which folder?"
	}
	return ""
}

func (s *resultsScreen) Fields() bool { return true }

func (s *resultsScreen) Typing() *widget.Field {
	if s.asking {
		return &s.folder
	}
	return nil
}
