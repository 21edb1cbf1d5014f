package change

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
	"bothways/aws/backfill"
	"bothways/aws/backfill/inplace"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// prepareWithin bounds the planning of a backfill, which goes through the rows of
// the audit.
const prepareWithin = 10 * time.Minute

// backfillScreen plans what puts right what the last audit found, carries it out
// and says what is left.
type backfillScreen struct {
	reading
	host host.Host
	do   *host.Engines

	gen     int // the plan that counts
	asking  bool
	cancel  context.CancelFunc
	failure string
	found   host.Backfiller
	looked  *atomic.Int64 // versions that were looked at again before the plan, so far

	// What is agreed to beyond jobs.
	copies, markers bool
	winner          string

	steps    *stepRun // nil: nothing was begun
	top      int      // the body line that the steps begin on
	progress map[pair.Direction]backfill.Progress
	result   *backfill.Result
	left     []backfill.Left // the first of them
}

// mostLeft bounds what is named of what is left; the journal has all of it.
const mostLeft = 20

func newBackfill(h host.Host) *backfillScreen { return &backfillScreen{host: h, do: h.Engines()} }

// Drop implements host.Screen.
func (s *backfillScreen) Drop(host.Stale) {
	if s.steps.running() {
		return
	}
	s.forget()
}

func (s *backfillScreen) forget() {
	if s.asking {
		s.cancel()
	}
	s.asking, s.found, s.failure = false, nil, ""
}

// Enter plans anew, unless one is being carried out.
func (s *backfillScreen) Enter(host.Place) tea.Cmd {
	if s.steps.running() {
		return nil
	}
	return s.prepare()
}

// prepare plans in the background.
func (s *backfillScreen) prepare() tea.Cmd {
	s.forget()
	s.gen++
	s.steps, s.result, s.left = nil, nil, nil
	s.asking, s.asOf = true, s.host.Now()
	s.from(0)
	ctx, cancel := s.host.Within(prepareWithin)
	s.cancel = cancel
	s.looked = new(atomic.Int64)
	gen, access, p := s.gen, s.host.Chosen().Access, s.host.Chosen().Pair
	options := session.BackfillOptions{AnyPrice: true, Asked: backfill.Asked{Copies: s.copies, Markers: s.markers, Winner: s.choice(), Tell: s.looked.Store}} // the question before it names the price
	return s.host.Ask("planning the backfill", func(context.Context) host.Result {
		defer cancel()
		found, err := s.do.Backfill(ctx, access, p, options)
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

// choice is who wins where the sides serve different content.
func (s *backfillScreen) choice() inplace.Winner {
	if s.winner == "" {
		return inplace.Winner{}
	}
	w, err := inplace.ParseWinner([]string{s.winner})
	if err != nil {
		return inplace.Winner{}
	}
	return w
}

// begin carries the plan out that was reviewed, exactly.
func (s *backfillScreen) begin() tea.Cmd {
	found := s.found
	s.progress, s.result, s.left = map[pair.Direction]backfill.Progress{}, nil, nil
	var cmd tea.Cmd
	s.steps, cmd = launchWith(s.host, "the backfill", found.Plan().Plan, func(ctx context.Context, emit pair.Emit) error {
		_, err := found.Run(ctx, emit)
		return err
	}, s.take, func(bool) tea.Cmd {
		s.host.Drop(host.Surveys)
		return nil
	})
	return cmd
}

// take follows what the steps don't tell.
func (s *backfillScreen) take(e pair.Event) {
	switch e := e.(type) {
	case backfill.Progress:
		s.progress[e.Direction] = e
	case backfill.Left:
		if e.Reason == "" && len(s.left) < mostLeft { // else it is only counted here, and named in the plan of what is left
			s.left = append(s.left, e)
		}
	case backfill.Result:
		s.result = &e
	}
}

// Moving implements host.Screen.
func (s *backfillScreen) Moving() bool { return s.asking || s.steps.running() }

// Pane implements host.Screen.
func (s *backfillScreen) Pane() *widget.Pane {
	if s.steps != nil {
		return &s.steps.details
	}
	return &s.details
}

// Progress implements host.Screen.
func (s *backfillScreen) Progress() (done, all int) {
	if s.steps == nil {
		return 0, 0
	}
	return s.steps.Progress()
}

// Choose implements host.Screen.
func (s *backfillScreen) Choose(line, column int) {
	switch {
	case s.steps != nil:
		s.steps.Choose(line-s.top, column)
	case s.found != nil:
		s.reading.Choose(line, column)
	}
}

// Prompt implements host.Screen: whose account, and for how much.
func (s *backfillScreen) Prompt() string {
	switch {
	case s.found == nil || s.steps != nil:
		return ""
	case s.mayNot() != "":
		return widget.Upper(s.mayNot()) + "."
	}
	return fmt.Sprintf("Put it right in %s for about %s?", s.host.Chosen().Account(), s.found.Plan().Price.AtMost()) + host.YesNo
}

// mayNot says why the plan can't be carried out, or "".
func (s *backfillScreen) mayNot() string {
	p := s.found.Plan()
	switch n := len(p.Blocked()); {
	case n > 0:
		return widget.Count(n, "thing stands", "things stand") + " in the way"
	case p.Nothing():
		return "there is nothing to carry out"
	}
	return s.host.Settings().ReadOnly
}

// Bindings implements host.Screen.
func (s *backfillScreen) Bindings() []widget.Binding {
	back := widget.Bind("esc", "audit", func() tea.Cmd {
		s.forget()
		return s.host.GoTo(host.Audit)
	}, "esc")
	switch {
	case s.steps.running():
		return append(s.steps.Bindings(), s.steps.stopBinding())
	case s.steps != nil:
		return append(s.steps.Bindings(), widget.Bind("r", "plan what is left", s.prepare, "r"), widget.Bind("esc", "audit again", func() tea.Cmd { return s.host.GoTo(host.Audit) }, "esc"))
	case s.asking:
		return []widget.Binding{back}
	case s.found == nil:
		return []widget.Binding{widget.Bind("r", "plan again", s.prepare, "r"), back}
	}
	p := s.found.Plan()
	bindings := []widget.Binding{
		widget.Bind("y", "carry it out", s.begin, "y", "Y").OrOff(s.mayNot()).AsMinor(),
		widget.Bind("n", "not now", widget.Act(func() { s.host.Say("nothing was changed; y carries it out, esc goes back") }), "n", "N", "enter").AsMinor(),
	}
	bindings = append(bindings, s.agreements()...)
	if p.Untried[backfill.Unhealthy] > 0 {
		bindings = append(bindings, widget.Bind("d", "what is broken", func() tea.Cmd { return s.host.GoTo(host.Doctor) }, "d").OrBriefly("doctor"))
	}
	return append(append(bindings, s.bindings("details", len(p.Findings)+len(p.Steps))...), widget.Bind("r", "plan again", s.prepare, "r").AsMinor(), back)
}

// agreements are to what jobs don't do. The plan is made again with each.
func (s *backfillScreen) agreements() []widget.Binding {
	again := func(do func()) func() tea.Cmd {
		return func() tea.Cmd {
			do()
			return s.prepare()
		}
	}
	next := map[string]string{"": "newest", "newest": "a", "a": "b", "b": ""}[s.winner]
	return []widget.Binding{
		widget.Bind("a", widget.Choice(s.copies, "no copies in place", "agree to copies in place"), again(func() { s.copies = !s.copies }), "a").OrBriefly("copies"),
		widget.Bind("w", "winner: "+winnerText(next), again(func() { s.winner = next }), "w").OrBriefly("winner"),
		widget.Bind("t", widget.Choice(s.markers, "no deletions", "agree to the other side's deletions"), again(func() { s.markers = !s.markers }), "t").OrBriefly("deletions"),
	}
}

func winnerText(winner string) string {
	return map[string]string{"": "none", "newest": "the later write", "a": "side A", "b": "side B"}[winner]
}
