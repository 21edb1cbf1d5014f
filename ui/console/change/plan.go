package change

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/session"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// surveyWithin bounds a survey; it reads some thirty things side by side.
const surveyWithin = time.Minute

// planScreen surveys and shows what would be done.
type planScreen struct {
	reading
	host   host.Host
	do     *host.Engines
	apply  *applyScreen
	remove *teardownScreen

	gen     int // the survey that counts
	asking  bool
	cancel  context.CancelFunc
	failure string

	found *session.Plans
}

func newPlan(h host.Host, apply *applyScreen, remove *teardownScreen) *planScreen {
	return &planScreen{host: h, do: h.Engines(), apply: apply, remove: remove}
}

// Drop implements screen: whatever changed, it is read again.
func (s *planScreen) Drop(host.Stale) { s.forget() }

// forget drops the survey: what was read may no longer hold.
func (s *planScreen) forget() {
	if s.asking {
		s.cancel()
	}
	s.asking, s.found, s.failure = false, nil, ""
}

// Enter reads again: what was read may hold no longer, whoever changed it.
func (s *planScreen) Enter(host.Place) tea.Cmd { return s.read() }

// read surveys the pair in the background.
func (s *planScreen) read() tea.Cmd {
	s.forget()
	s.gen++
	s.asking, s.asOf = true, s.host.Now()
	s.from(0)
	gen, chosen := s.gen, s.host.Chosen()
	ctx, cancel := s.host.Within(surveyWithin)
	s.cancel = cancel
	access, p, agreed := chosen.Access, chosen.Pair, chosen.Agreed()
	return s.host.Ask("reading what is there", func(context.Context) host.Result {
		defer cancel()
		found, err := s.do.Survey(ctx, access, p, agreed)
		return func() tea.Cmd { return s.surveyRead(gen, found, err) }
	})
}

// surveyRead takes the survey.
func (s *planScreen) surveyRead(gen int, found session.Plans, err error) tea.Cmd {
	if gen != s.gen || !s.asking {
		return nil
	}
	s.asking = false
	if err != nil {
		s.failure = apierror.Describe(err)
		return nil
	}
	s.found = &found
	s.list.Selected = len(s.found.SetUp.Findings)
	if len(s.found.SetUp.Blocked()) > 0 {
		s.list.Selected = 0
	}
	return nil
}

func (s *planScreen) Moving() bool { return s.asking }

// mayNot says why the plan can't be applied, or "".
func (s *planScreen) mayNot() string {
	if blocked := s.blocked(); blocked != "" {
		return blocked
	}
	return s.host.Settings().ReadOnly
}

// blocked counts what keeps the plan from running, or is "".
func (s *planScreen) blocked() string {
	if n := len(s.found.SetUp.Blocked()); n > 0 {
		return widget.Count(n, "thing stands", "things stand") + " in the way"
	}
	return ""
}

func (s *planScreen) Prompt() string {
	if s.found == nil {
		return ""
	}
	proposed := s.found.SetUp
	switch {
	case proposed.Changes() == 0:
		return "As wanted: d examines, u audits, D drills."
	case s.mayNot() != "":
		return widget.Upper(s.mayNot()) + "."
	}
	asked := "Apply " + theseChanges(proposed) + " to " + s.host.Chosen().Account()
	if n := besideOthers(proposed); n > 0 {
		asked += ", " + strconv.Itoa(n) + " to what others made"
	}
	return asked + "?" + host.YesNo
}

func theseChanges(proposed plan.Plan) string {
	if proposed.Changes() == 1 {
		return "this change"
	}
	return "these " + widget.Count(proposed.Changes(), "change", "changes")
}

func (s *planScreen) Bindings() []widget.Binding {
	back := widget.Bind("esc", "back", func() tea.Cmd {
		s.forget()
		return s.host.GoTo(host.Options)
	}, "esc")
	again := widget.Bind("r", "read again", s.read, "r")
	switch {
	case s.asking:
		return []widget.Binding{back}
	case s.found == nil:
		return []widget.Binding{again, back}
	}
	proposed := s.found.SetUp
	var bindings []widget.Binding
	if proposed.Changes() == 0 {
		bindings = append(bindings, widget.Bind("enter", "measure", func() tea.Cmd { return s.host.GoTo(host.Probe) }, "enter"))
	} else {
		bindings = append(bindings,
			widget.Bind("y", "apply", func() tea.Cmd { return s.apply.begin(proposed) }, "y", "Y").OrOff(s.mayNot()).AsMinor(),
			widget.Bind("n", "not now", widget.Act(func() { s.host.Say("nothing was changed; y applies, esc goes back") }), "n", "N", "enter").AsMinor())
	}
	bindings = append(append(bindings, s.consentBindings()...), s.bindings("details", len(proposed.Findings)+len(proposed.Steps))...)
	if st, ok := s.selected(); ok && st.Change != step.Nothing && st.CLI != "" {
		bindings = append(bindings, widget.Bind("c", "copy CLI", func() tea.Cmd { return s.host.Copy(st.CLI) }, "c"))
	}
	return append(bindings,
		host.AuditThere(s.host),
		s.drillBinding(),
		widget.Bind("x", "tear down", func() tea.Cmd { return s.host.GoTo(host.TearDown) }, "x").OrOff(s.host.Settings().ReadOnly),
		widget.Bind("d", "doctor", func() tea.Cmd { return s.host.GoTo(host.Doctor) }, "d"),
		again.AsMinor(), back)
}

// drillBinding is in the footer once the pair stands.
func (s *planScreen) drillBinding() widget.Binding {
	if s.found.SetUp.Changes() > 0 {
		return host.DrillThere(s.host).AsMinor()
	}
	return host.DrillThere(s.host)
}

// consentBindings agree to what a blocker asks for, or take that back. The
// plan is read again either way, and still has to be applied.
func (s *planScreen) consentBindings() []widget.Binding {
	asked := map[pair.Consent]bool{}
	for _, f := range s.found.SetUp.Findings {
		asked[f.Consent] = true
	}
	agreed := s.host.Chosen().Agreed()
	var bindings []widget.Binding
	for _, c := range []struct {
		consent    pair.Consent
		give, take string
	}{
		{pair.Merge, "agree: ours beside theirs", "leave theirs alone"},
		{pair.ConvertV1, "agree: convert their rules", "leave theirs as they are"},
		{pair.Outrank, "agree: ours comes first", "leave theirs first"},
		{pair.KeepCanaries, "agree: canaries stay", "write no canaries that stay"},
	} {
		key := consentKeys[c.consent]
		flip := func() tea.Cmd {
			s.host.Chosen().Agree(c.consent)
			return s.read()
		}
		switch {
		case asked[c.consent]:
			bindings = append(bindings, widget.Bind(key, c.give, flip, key))
		case agreed.To(c.consent):
			bindings = append(bindings, widget.Bind(key, c.take, flip, key).AsMinor())
		}
	}
	return bindings
}

func (s *planScreen) selected() (step.Step, bool) {
	proposed := s.found.SetUp
	i := s.list.Selected - len(proposed.Findings)
	if i < 0 || i >= len(proposed.Steps) {
		return step.Step{}, false
	}
	return proposed.Steps[i], true
}

func (s *planScreen) Choose(line, column int) {
	if s.found != nil {
		s.reading.Choose(line, column)
	}
}
