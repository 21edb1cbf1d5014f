package change

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// undrillScreen reviews and carries out what takes back drills that were left open.
type undrillScreen struct {
	reading
	host host.Host
	do   *host.Engines
	back host.Place

	gen     int // the plan that counts
	asking  bool
	failure string
	found   host.DrillUndo
	steps   *stepRun // nil: nothing was begun
}

func newUndrill(h host.Host) *undrillScreen {
	return &undrillScreen{host: h, do: h.Engines(), back: host.Plan}
}

// Drop implements host.Screen: each visit reads anew.
func (s *undrillScreen) Drop(host.Stale) {}

// Enter plans anew, unless one is being carried out.
func (s *undrillScreen) Enter(from host.Place) tea.Cmd {
	if from != host.UndoDrill {
		s.back = from
	}
	if s.steps.running() {
		return nil
	}
	return s.read()
}

// read plans in the background.
func (s *undrillScreen) read() tea.Cmd {
	s.gen++
	s.asking, s.failure, s.found, s.steps, s.asOf = true, "", nil, nil, s.host.Now()
	s.from(0)
	gen, access, p := s.gen, s.host.Chosen().Access, s.host.Chosen().Pair
	return s.host.Ask("looking for open drills", func(ctx context.Context) host.Result {
		ctx, cancel := context.WithTimeout(ctx, surveyWithin)
		defer cancel()
		found, err := s.do.UndoDrill(ctx, access, p)
		return func() tea.Cmd {
			if gen != s.gen || !s.asking {
				return nil
			}
			s.asking = false
			if err != nil {
				s.failure = apierror.Describe(err)
				return nil
			}
			s.found = found
			return nil
		}
	})
}

// run carries the plan out that was reviewed, exactly.
func (s *undrillScreen) run() tea.Cmd {
	found := s.found
	var cmd tea.Cmd
	s.steps, cmd = launchWith(s.host, "taking a drill back", found.Plan(), found.Run, func(pair.Event) {}, func(bool) tea.Cmd {
		s.host.Drop(host.Surveys)
		return nil
	})
	return cmd
}

// leave goes back to where one came from.
func (s *undrillScreen) leave() tea.Cmd {
	s.gen++
	s.asking = false
	return s.host.GoTo(s.back)
}

// mayNot says why the plan can't be carried out, or "".
func (s *undrillScreen) mayNot() string {
	if n := len(s.found.Plan().Blocked()); n > 0 {
		return widget.Count(n, "thing stands", "things stand") + " in the way"
	}
	return s.host.Settings().ReadOnly
}

// Moving implements host.Screen.
func (s *undrillScreen) Moving() bool { return s.asking || s.steps.running() }

// Pane implements host.Screen.
func (s *undrillScreen) Pane() *widget.Pane {
	if s.steps != nil {
		return &s.steps.details
	}
	return &s.details
}

// Progress implements host.Screen.
func (s *undrillScreen) Progress() (done, all int) { return s.steps.Progress() }

// Choose implements host.Screen.
func (s *undrillScreen) Choose(line, column int) {
	switch {
	case s.steps != nil:
		s.steps.Choose(line, column)
	case s.found != nil:
		s.reading.Choose(line, column)
	}
}

// Prompt implements host.Screen.
func (s *undrillScreen) Prompt() string {
	switch {
	case s.steps != nil || s.found == nil:
		return ""
	case len(s.found.Plan().Steps) == 0:
		return "No drill of this pair is open."
	case s.mayNot() != "":
		return widget.Upper(s.mayNot()) + "."
	}
	return "Take it back in " + s.host.Chosen().Account() + "?" + host.YesNo
}

// Bindings implements host.Screen.
func (s *undrillScreen) Bindings() []widget.Binding {
	back := widget.Bind("esc", "back", s.leave, "esc")
	again := widget.Bind("r", "read again", s.read, "r")
	switch {
	case s.steps.running():
		return append(s.steps.Bindings(), s.steps.stopBinding())
	case s.steps != nil && s.steps.ok():
		return append([]widget.Binding{widget.Bind("enter", "plan", func() tea.Cmd { return s.host.GoTo(host.Plan) }, "enter")}, append(s.steps.Bindings(), back)...)
	case s.steps != nil:
		return append(s.steps.Bindings(), widget.Bind("r", "plan what is left", s.read, "r"), back)
	case s.asking:
		return []widget.Binding{back}
	case s.found == nil:
		return []widget.Binding{again, back}
	}
	p := s.found.Plan()
	var bindings []widget.Binding
	if len(p.Steps) > 0 {
		bindings = append(bindings,
			widget.Bind("y", "take it back", s.run, "y", "Y").OrOff(s.mayNot()).AsMinor(),
			widget.Bind("n", "not now", s.leave, "n", "N", "enter").AsMinor())
	}
	return append(append(bindings, s.bindings("details", len(p.Findings)+len(p.Steps))...), again.AsMinor(), back)
}

// Draw implements host.Screen.
func (s *undrillScreen) Draw(width, height int) []string {
	t := s.host.Look().Theme
	switch {
	case s.steps != nil && s.steps.ok():
		last := widget.Hang(" "+t.Good.Render("✓")+" ", "What the drill left is gone.", width-1)
		return append(append(last, ""), s.steps.Draw(width, height-len(last)-1)...)
	case s.steps != nil:
		return s.steps.Draw(width, height)
	case s.asking:
		return []string{"", " " + t.Accent.Render(s.host.Look().Spin) + " looking for what drills left, on both sides", "", t.Muted.Render("   Nothing is changed.")}
	case s.failure != "":
		lines := append([]string{"", " " + t.Bad.Render("✗ What drills left could not be read.")}, widget.Hang("   ", widget.Clean(s.failure), width-1)...)
		return append(lines, widget.Hang("   ", "Nothing was changed. r reads again, esc goes back.", width-1)...)
	case s.found == nil:
		return nil
	}
	return s.review(t, s.found.Plan(), s.summary(width), width, height)
}

// summary says which drills are open, and what of them stands.
func (s *undrillScreen) summary(width int) (lines []string) {
	opens := s.found.Opens()
	if len(opens) == 0 {
		if len(s.found.Plan().Steps) > 0 {
			return []string{" No drill of this pair is known to be open."}
		}
		return []string{" No drill of this pair is open."}
	}
	for _, o := range opens {
		text := widget.Upper(o.Words()) + "."
		if there := o.There(); there != "" {
			text += " " + there
		}
		lines = append(lines, widget.Hang(" ", widget.Clean(text), width-1)...)
	}
	return lines
}
