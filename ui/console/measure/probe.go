package measure

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/probe/wording"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// samplesGap is the time between two redraws by samples: four a second.
const samplesGap = time.Second / 4

// probeScreen asks for a measurement and shows it live.
type probeScreen struct {
	host.Quiet
	host     host.Host
	do       *host.Engines
	results  *resultsScreen // of what is measured here
	setup    probeSetup
	choosing bool // the setup is in front
	left     leftOver

	m      *measurement
	run    *host.Run   // nil once it ended
	prober host.Prober // known once the engine is up
	path   string      // where the last run's raw samples lie, or ""
	charts charts

	table   bool
	figures figures
	about   bool // what it means is in the chart's place
	reading widget.Pane
	frozen  *frozen // what is shown instead, while it is frozen
}

func newProbe(h host.Host) *probeScreen {
	return &probeScreen{host: h, do: h.Engines(), setup: newProbeSetup(h.Settings().Defaults.Probe), choosing: true, charts: newCharts()}
}

// Drop forgets a measurement of another account's pair.
func (s *probeScreen) Drop(what host.Stale) {
	if s.run == nil && what != host.Surveys {
		s.m, s.choosing = nil, true
	}
}

func (s *probeScreen) Enter(host.Place) tea.Cmd {
	if s.m != nil && s.run == nil && s.m.cfg.Pair != s.host.Chosen().Pair {
		s.m, s.choosing = nil, true
	}
	return s.lookForLeft()
}

func (s *probeScreen) running() bool { return s.run != nil }

func (s *probeScreen) inFlight() int {
	if s.m == nil || s.run == nil {
		return 0
	}
	return len(s.m.flight)
}

// Progress is the samples taken of those planned.
func (s *probeScreen) Progress() (done, all int) {
	if !s.running() {
		return 0, 0
	}
	return len(s.m.record.Samples), s.m.planned()
}

func (s *probeScreen) Pane() *widget.Pane {
	switch {
	case s.choosing || s.m == nil:
		return nil
	case s.about:
		return &s.reading
	case !s.table:
		return nil
	}
	return &s.figures.pane
}

func (s *probeScreen) Moving() bool { return s.running() && s.frozen == nil }

// proberUp brings the engine's handle, through which it is paused.
type proberUp struct{ prober host.Prober }

// EventName implements pair.Event.
func (proberUp) EventName() string { return "prober" }

// Start measures what the setup says.
func (s *probeScreen) Start() tea.Cmd {
	cfg, err := s.setup.config(s.host.Chosen().Pair)
	if err != nil {
		s.host.Say(err.Error())
		return nil
	}
	if estimate, dear := (session.Measurement{Config: cfg}).Dear(s.host.Chosen().Access); dear {
		s.host.Confirm(host.Question{
			Ask: func() string {
				return "This may cost " + estimate.AtMost() + ", at AWS's list prices of " + estimate.PricesAsOf + ". Start it all the same?"
			},
			Yes:  func() tea.Cmd { return s.start(cfg, true) },
			Moot: func() bool { return s.run != nil },
		})
		return nil
	}
	return s.start(cfg, false)
}

// start measures; agreed says that somebody has agreed to what it may cost.
func (s *probeScreen) start(cfg probe.Config, agreed bool) tea.Cmd {
	began := s.host.Now()
	cfg.Seed = uint64(began.UnixNano())
	s.m, s.choosing, s.frozen, s.table, s.about = newMeasurement(cfg, began), false, nil, false, false
	s.charts, s.figures = newCharts(), figures{}
	s.results.forget()
	access := s.host.Chosen().Access
	var cmd tea.Cmd
	s.run, cmd = s.host.Start("measuring", samplesGap, func(ctx context.Context, emit pair.Emit) error {
		prober, err := s.do.Probe(ctx, access, session.Measurement{Config: cfg, AnyPrice: agreed})
		if err != nil {
			return err
		}
		emit(proberUp{prober})
		return prober.Run(ctx, emit)
	}, s.take)
	s.run.Busy, s.run.Stop = s.flying, s.stop
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
func (s *probeScreen) take(b host.Batch) tea.Cmd {
	for _, e := range b.Events {
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
			s.host.Written().Touch(b.Run.Access, e.Pair).Measure(s.Uncleaned)
		case probe.NoticeEvent:
			s.noticed(e)
		case probe.StallEvent:
			s.stalled(e)
		case probe.SleptEvent:
			s.host.Say(report.SleptText(e))
		}
	}
	s.path = b.Run.Path
	if !b.Ended {
		if s.m.rings(s.host.Now()) {
			return tea.Raw("\a")
		}
		return nil
	}
	s.thaw() // the end is worth seeing
	s.run, s.prober = nil, nil
	s.m.err, s.m.ended = b.Err, s.host.Now()
	s.m.revision++
	switch {
	case interrupted(b.Err):
		s.m.stopped = true
		s.host.Say("stopped: " + widget.Count(len(s.m.record.Samples), "sample is", "samples are") + " kept" + s.leftOver())
	case b.Err == nil && s.host.At() == host.Probe:
		s.host.Say("all rounds done: enter shows the results" + s.leftOver())
	case len(s.m.record.Left) > 0:
		s.host.Say("the measurement ended" + s.leftOver())
	}
	return tea.Batch(tea.Raw("\a"), s.results.saveAnew())
}

// shownHere says that somebody looks at the measurement, so that what is amiss
// stands in its headline already.
func (s *probeScreen) shownHere() bool {
	return s.host.At() == host.Probe || s.host.At() == host.Results
}

// noticed says a notice: what is in the headline needs no second place.
func (s *probeScreen) noticed(e probe.NoticeEvent) {
	switch {
	case e.Access == probe.AccessLost && s.shownHere():
	case e.Level == probe.Warning:
		s.host.Warn(e.Text)
	default:
		s.host.Say(e.Text)
	}
}

// stalled says that nothing arrives, where the banner does not say so, or that
// something does again.
func (s *probeScreen) stalled(e probe.StallEvent) {
	switch {
	case !e.Stalled:
		s.host.Say(e.Direction.Arrow() + ": something arrived again, after " + wording.Duration(probe.Duration(e.QuietMS).Round(time.Second)))
	case !s.shownHere():
		s.host.Warn(s.m.stalledText(e, s.host.Now()))
	}
}

// Title says how far it is, and what is amiss before that.
func (s *probeScreen) Title() string {
	if s.choosing || s.m == nil {
		return ""
	}
	if amiss := s.m.alarms(s.host.Now()); len(amiss) > 0 {
		return "✗ " + amiss[0].of + " " + amiss[0].what.word()
	}
	done, all := s.Progress()
	switch {
	case all > 0:
		return strconv.Itoa(100*done/all) + " %"
	case !s.running():
		return "done"
	}
	return ""
}

// Alarmed says that what is measured here is not as it should be.
func (s *probeScreen) Alarmed() bool {
	return s.running() && len(s.m.alarms(s.host.Now())) > 0
}

// leftOver says what the run could not clean up, and what does.
func (s *probeScreen) leftOver() string {
	left := s.m.record.Left
	if len(left) == 0 || s.m.cfg.Keep {
		return ""
	}
	if s.host.Chosen().Access.Sandbox {
		return "; " + probe.LeftText(left) + " may be left, until the sandbox ends with this console"
	}
	return "; " + probe.LeftText(left) + " may be left: bothways clean removes that"
}

// stop ends the measurement; its samples stay.
func (s *probeScreen) stop() {
	if s.run != nil {
		s.thaw()
		s.m.stopped = true
		s.run.Cancel()
	}
}

// askToStop asks whether the measurement is to end before its time.
func (s *probeScreen) askToStop() {
	run := s.run
	s.host.Confirm(host.Question{
		Ask:  func() string { return "Stop measuring? " + keptText(len(s.m.record.Samples)) },
		Yes:  widget.Act(s.stop),
		Moot: func() bool { return s.run != run || s.m.stopped },
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

func (s *probeScreen) Prompt() string {
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

func (s *probeScreen) Fields() bool { return s.choosing || s.m == nil }

func (s *probeScreen) Typing() *widget.Field {
	if (s.choosing || s.m == nil) && s.setup.editing {
		return &s.setup.texts[s.setup.list.Selected]
	}
	return nil
}

func (s *probeScreen) Choose(line, _ int) {
	if s.choosing || s.m == nil {
		if i := s.setup.list.Hit(line); i >= 0 && !s.setup.editing {
			s.setup.list.Selected = i
		}
	}
}

func (s *probeScreen) Draw(width, height int) []string {
	if s.choosing || s.m == nil {
		return s.drawSetup(width, height)
	}
	return s.drawLive(width, height)
}
