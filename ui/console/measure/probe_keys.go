package measure

import (
	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func (s *probeScreen) Bindings() []widget.Binding {
	if s.choosing || s.m == nil {
		return s.setupBindings()
	}
	bindings := []widget.Binding{}
	freeze := widget.Bind("f", widget.Choice(s.frozen != nil, "unfreeze", "freeze"), widget.Act(s.freeze), "f")
	if s.running() && s.frozen != nil {
		bindings = append(bindings, freeze)
	}
	results := widget.Bind("enter", "results", func() tea.Cmd { return s.host.GoTo(host.Results) }, "enter")
	if len(s.m.record.Samples) == 0 {
		results = results.OrOff("there is no sample yet")
	}
	if !s.running() {
		bindings = append(bindings, results)
	}
	if s.about {
		return append(bindings, aboutBindings(&s.about, &s.reading)...)
	}
	m, _ := s.seen()
	if s.charts.cursor.on && !s.table {
		return append(append(bindings, s.charts.cursorBindings(s.host, m, s.host.Chosen().Access)...), s.charts.viewBinding())
	}
	table := widget.Bind("t", widget.Choice(s.table, "chart", "table"), widget.Act(func() { s.table, s.figures.pane = !s.table, widget.Pane{} }), "t")
	if s.table {
		bindings = append(append(bindings, table), s.figures.columnBindings()...)
	} else {
		bindings = append(bindings, s.charts.viewBinding())
	}
	bindings = append(bindings, aboutBindings(&s.about, &s.reading)...)
	if s.running() && !s.m.stopped {
		bindings = append(bindings, widget.Bind("space", widget.Choice(s.m.paused, "go on", "pause"), widget.Act(s.pause), "space"))
	}
	bindings = append(bindings, widget.Bind("s", "save", s.results.save, "s").OrOff(results.Off))
	if !s.table {
		bindings = append(bindings, table, s.charts.cursorBinding(m))
	}
	if s.running() && s.frozen == nil {
		bindings = append(bindings, freeze)
	}
	bindings = append(bindings, s.viewBindings()...)
	bindings = append(bindings, widget.Bind("x", "tear down", func() tea.Cmd { return s.host.GoTo(host.TearDown) }, "x").OrOff(s.host.Settings().ReadOnly))
	if s.running() {
		return append(bindings, results, widget.Bind("esc", "stop", widget.Act(s.askToStop), "esc").OrOff(widget.Choice(s.m.stopped, "it is being stopped", "")))
	}
	return append(bindings,
		widget.Bind("a", "measure again", widget.Act(func() { s.choosing = true }), "a"),
		host.AuditThere(s.host),
		host.DrillThere(s.host),
		widget.Bind("esc", "plan", func() tea.Cmd { return s.host.GoTo(host.Plan) }, "esc"))
}

// viewBindings move what is seen: the zoom over time, or the table.
func (s *probeScreen) viewBindings() []widget.Binding {
	if s.table {
		return s.figures.scrollBindings()
	}
	m, now := s.seen()
	return append([]widget.Binding{s.charts.sizeBinding(m)}, s.charts.zoomBindings(s.host, m, now)...)
}

func (s *probeScreen) pause() {
	s.m.paused = !s.m.paused
	if s.prober != nil {
		s.prober.SetPaused(s.m.paused)
	}
	if s.m.paused {
		s.host.Say("no new probe is started; those in flight go on; space goes on")
	}
}
