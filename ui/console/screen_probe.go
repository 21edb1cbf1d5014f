package console

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/console/widget"
)

// samplesGap is the time between two redraws by samples: four a second.
const samplesGap = time.Second / 4

// probeScreen asks for a measurement and shows it live.
type probeScreen struct {
	quiet
	host     host
	do       *engines
	results  *resultsScreen // of what is measured here
	setup    probeSetup
	choosing bool // the setup is in front

	m      *measurement
	run    *running // nil once it ended
	prober prober   // known once the engine is up
	path   string   // where the last run's raw samples lie, or ""
	charts charts

	table   bool
	figures figures
	frozen  *frozen // what is shown instead while frozen
}

// frozen is the screen as it was when it was frozen; measuring goes on.
type frozen struct {
	width, height int
	lines         []string
}

func newProbe(h host, do *engines) *probeScreen {
	return &probeScreen{host: h, do: do, setup: newProbeSetup(), choosing: true, charts: newCharts()}
}

// drop forgets a measurement of another account's pair.
func (s *probeScreen) drop(what stale) {
	if s.run == nil && what != staleSurveys {
		s.m, s.choosing = nil, true
	}
}

func (s *probeScreen) enter(place) tea.Cmd {
	if s.m != nil && s.run == nil && s.m.cfg.Pair != s.host.chosen().pair {
		s.m, s.choosing = nil, true
	}
	return nil
}

func (s *probeScreen) running() bool { return s.run != nil }

func (s *probeScreen) inFlight() int {
	if s.m == nil || s.run == nil {
		return 0
	}
	return len(s.m.flight)
}

// progress is the samples taken of those planned.
func (s *probeScreen) progress() (done, all int) {
	if !s.running() {
		return 0, 0
	}
	return len(s.m.record.Samples), s.m.planned()
}

func (s *probeScreen) pane() *widget.Pane {
	if s.choosing || s.m == nil || !s.table || s.frozen != nil {
		return nil
	}
	return &s.figures.pane
}

func (s *probeScreen) moving() bool { return s.running() && s.frozen == nil }

// proberUp brings the engine's handle, through which it is paused.
type proberUp struct{ prober prober }

// EventName implements pair.Event.
func (proberUp) EventName() string { return "prober" }

// start measures what the setup says.
func (s *probeScreen) start() tea.Cmd {
	cfg, err := s.setup.config(s.host.chosen().pair)
	if err != nil {
		s.host.say(err.Error())
		return nil
	}
	began := s.host.now()
	cfg.Seed = uint64(began.UnixNano())
	s.m, s.choosing, s.frozen, s.table = newMeasurement(cfg, began), false, nil, false
	s.charts, s.figures = newCharts(), figures{}
	s.results.forget()
	access := s.host.chosen().access
	var cmd tea.Cmd
	s.run, cmd = s.host.start("measuring", samplesGap, func(ctx context.Context, emit pair.Emit) error {
		prober, err := s.do.probe(ctx, access, session.Measurement{Config: cfg})
		if err != nil {
			return err
		}
		emit(proberUp{prober})
		return prober.Run(ctx, emit)
	}, s.take)
	s.run.busy, s.run.stop = s.flying, s.stop
	return cmd
}

// flying says what would be broken off, or "".
func (s *probeScreen) flying() string {
	if n := s.inFlight(); n > 0 {
		return strconv.Itoa(n) + " probes are in flight"
	}
	return ""
}

// take follows the measurement's events.
func (s *probeScreen) take(b batch) tea.Cmd {
	for _, e := range b.events {
		if up, ok := e.(proberUp); ok {
			s.prober = up.prober
			s.m.follow(up.prober.Watch())
			s.prober.SetPaused(s.m.paused)
			continue
		}
		s.m.take(e)
		s.charts.take(s.m, e)
		switch e := e.(type) {
		case probe.RunEvent:
			s.host.written().touch(b.run.access, e.Pair).measure(s.uncleaned)
		case probe.NoticeEvent:
			s.host.say(e.Text)
		case probe.StallEvent:
			s.host.say(stallText(e))
		case probe.SleptEvent:
			s.host.say(report.SleptText(e))
		}
	}
	s.path = b.run.path
	if !b.ended {
		return nil
	}
	s.run, s.prober, s.frozen = nil, nil, nil // the end is worth seeing
	s.m.err, s.m.ended = b.err, s.host.now()
	s.m.revision++
	switch {
	case interrupted(b.err):
		s.m.stopped = true
		s.host.say("stopped: " + widget.Count(len(s.m.record.Samples), "sample is", "samples are") + " kept" + s.leftOver())
	case b.err == nil && s.host.at() == atProbe:
		s.host.say("all rounds done: enter shows the results" + s.leftOver())
	case len(s.m.record.Left) > 0:
		s.host.say("the measurement ended" + s.leftOver())
	}
	return s.results.saveAnew()
}

// stallText says that nothing arrives, or that something does again.
func stallText(e probe.StallEvent) string {
	quiet := elapsed(time.Duration(e.QuietMS * float64(time.Millisecond)).Round(time.Second))
	if !e.Stalled {
		return e.Direction.Arrow() + ": something arrived again, after " + quiet
	}
	return e.Direction.Arrow() + ": nothing has arrived for " + quiet + ", " + widget.Count(e.InFlight, "probe waits", "probes wait")
}

// leftOver says what the run could not clean up, and what does.
func (s *probeScreen) leftOver() string {
	left := s.m.record.Left
	if len(left) == 0 || s.m.cfg.Keep {
		return ""
	}
	if s.host.chosen().access.Sandbox {
		return "; " + probe.LeftText(left) + " may be left, until the sandbox ends with this console"
	}
	return "; " + probe.LeftText(left) + " may be left: bothways destroy removes that"
}

// stop ends the measurement; its samples stay.
func (s *probeScreen) stop() {
	if s.run != nil {
		s.m.stopped, s.frozen = true, nil
		s.run.cancel()
	}
}

// askToStop asks whether the measurement is to end before its time.
func (s *probeScreen) askToStop() {
	run := s.run
	s.host.confirm(question{
		ask:  func() string { return "Stop measuring? " + keptText(len(s.m.record.Samples)) },
		yes:  widget.Act(s.stop),
		moot: func() bool { return s.run != run || s.m.stopped },
	})
}

func keptText(samples int) string {
	switch samples {
	case 0:
		return "There is no sample yet."
	case 1:
		return "The one sample so far is kept."
	}
	return "The " + strconv.Itoa(samples) + " samples so far are kept."
}

func (s *probeScreen) bindings() []widget.Binding {
	if s.choosing || s.m == nil {
		return s.setupBindings()
	}
	bindings := []widget.Binding{}
	freeze := widget.Bind("f", widget.Choice(s.frozen != nil, "unfreeze", "freeze"), widget.Act(s.freeze), "f")
	if s.running() && s.frozen != nil {
		bindings = append(bindings, freeze)
	}
	results := widget.Bind("enter", "results", func() tea.Cmd { return s.host.goTo(atResults) }, "enter")
	if len(s.m.record.Samples) == 0 {
		results = results.OrOff("there is no sample yet")
	}
	if !s.running() {
		bindings = append(bindings, results)
	}
	still := widget.Choice(s.frozen != nil, "the screen is frozen: f first", "")
	if !s.table {
		bindings = append(bindings, s.charts.viewBinding().OrOff(still))
	}
	bindings = append(bindings, widget.Bind("t", widget.Choice(s.table, "chart", "table"), widget.Act(func() { s.table, s.figures.pane = !s.table, widget.Pane{} }), "t").OrOff(still))
	if s.table && s.frozen == nil {
		bindings = append(bindings, s.figures.columnBindings()...)
	}
	if s.running() && !s.m.stopped {
		bindings = append(bindings, widget.Bind("space", widget.Choice(s.m.paused, "go on", "pause"), widget.Act(s.pause), "space"))
	}
	bindings = append(bindings,
		widget.Bind("s", "save", s.results.save, "s").OrOff(results.Off),
		widget.Bind("x", "tear down", func() tea.Cmd { return s.host.goTo(atTeardown) }, "x").OrOff(s.host.settings().readOnly))
	if s.running() && s.frozen == nil {
		bindings = append(bindings, freeze)
	}
	if s.frozen == nil {
		bindings = append(bindings, s.viewBindings()...)
	}
	if s.running() {
		return append(bindings, results, widget.Bind("esc", "stop", widget.Act(s.askToStop), "esc").OrOff(widget.Choice(s.m.stopped, "it is being stopped", "")))
	}
	return append(bindings,
		widget.Bind("a", "measure again", widget.Act(func() { s.choosing = true }), "a"),
		widget.Bind("esc", "plan", func() tea.Cmd { return s.host.goTo(atPlan) }, "esc"))
}

// viewBindings move what is seen: the zoom over time, or the table.
func (s *probeScreen) viewBindings() []widget.Binding {
	if s.table {
		return s.figures.scrollBindings()
	}
	return s.charts.zoomBindings(s.host, s.m)
}

func (s *probeScreen) pause() {
	s.m.paused = !s.m.paused
	if s.prober != nil {
		s.prober.SetPaused(s.m.paused)
	}
	if s.m.paused {
		s.host.say("no new probe is started; those in flight go on; space goes on")
	}
}

// freeze keeps the screen as it is, to be read or copied, or lets it go on.
func (s *probeScreen) freeze() {
	if s.frozen != nil {
		s.frozen = nil
		return
	}
	l := s.host.look()
	s.frozen = &frozen{width: l.width, height: l.height, lines: s.drawLive(l.width, l.height)}
}

func (s *probeScreen) prompt() string {
	switch {
	case s.choosing || s.m == nil:
		return ""
	case s.frozen != nil:
		return "Frozen; measuring goes on."
	case s.running() && s.m.paused:
		return "Paused."
	}
	return ""
}

func (s *probeScreen) fields() bool { return s.choosing || s.m == nil }

func (s *probeScreen) typing() *widget.Field {
	if (s.choosing || s.m == nil) && s.setup.editing {
		return &s.setup.texts[s.setup.list.Selected]
	}
	return nil
}

func (s *probeScreen) choose(line, _ int) {
	if s.choosing || s.m == nil {
		if i := s.setup.list.Hit(line); i >= 0 && !s.setup.editing {
			s.setup.list.Selected = i
		}
	}
}

func (s *probeScreen) Draw(width, height int) []string {
	switch {
	case s.choosing || s.m == nil:
		return s.drawSetup(width, height)
	case s.frozen != nil && s.frozen.width == width && s.frozen.height >= height:
		return s.frozen.lines[:min(height, len(s.frozen.lines))]
	}
	return s.drawLive(width, height)
}
