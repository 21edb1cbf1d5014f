package change

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/aws/apierror"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// teardownScreen reviews and carries out a removal: of everything that
// bothways made for this pair, of what one run made, or only of the objects
// that runs left.
type teardownScreen struct {
	reading
	host host.Host
	do   *host.Engines
	back host.Place

	gen     int
	asking  bool
	failure string
	found   *session.Plans
	plan    plan.Plan  // the removal as it would run now
	undone  *stepRun   // the run that is being undone, or nil: taking the pair down
	applied *plan.Plan // what it was to do
	states  map[string]step.Status

	toUndo *stepRun // what the next visit is for, or nil

	buckets bool // the buckets that bothways made go, too
	objects bool // only the objects that runs left go
	confirm widget.Field
	naming  bool // the field for the bucket's name is open
	waiting bool // for the measurement to end
	steps   *stepRun
}

// Drop implements host.Screen: each visit reads anew.
func (s *teardownScreen) Drop(host.Stale) {}

func newTeardown(h host.Host) *teardownScreen {
	return &teardownScreen{host: h, do: h.Engines(), back: host.Plan}
}

// Enter surveys the pair, to plan its removal.
func (s *teardownScreen) Enter(from host.Place) tea.Cmd {
	*s = teardownScreen{host: s.host, do: s.do, gen: s.gen, back: from, undone: s.toUndo}
	if s.undone != nil {
		applied := s.undone.plan
		s.applied, s.states = &applied, s.undone.statuses()
	}
	return s.read()
}

// beginUndo goes here to remove what one run made, and only that.
func (s *teardownScreen) beginUndo(run *stepRun) tea.Cmd {
	s.toUndo = run
	return s.host.GoTo(host.TearDown)
}

func (s *teardownScreen) read() tea.Cmd {
	s.gen++
	s.asking, s.failure, s.found, s.steps, s.asOf = true, "", nil, nil, s.host.Now()
	gen, chosen := s.gen, s.host.Chosen()
	access, p, agreed := chosen.Access, chosen.Pair, chosen.Agreed()
	return s.host.Ask("reading what is there", func(ctx context.Context) host.Result {
		ctx, cancel := context.WithTimeout(ctx, surveyWithin)
		defer cancel()
		found, err := s.do.Survey(ctx, access, p, agreed)
		return func() tea.Cmd { return s.surveyRead(gen, found, err) }
	})
}

// surveyRead takes the survey for a removal.
func (s *teardownScreen) surveyRead(gen int, found session.Plans, err error) tea.Cmd {
	if gen != s.gen || !s.asking {
		return nil
	}
	s.asking = false
	if err != nil {
		s.failure = apierror.Describe(err)
		return nil
	}
	s.found = &found
	s.replan()
	return nil
}

// replan derives the removal from the survey and the choice about buckets.
func (s *teardownScreen) replan() {
	switch {
	case s.applied != nil:
		s.plan = s.found.Undo(*s.applied, s.states)
	case s.objects:
		s.plan = s.found.CleanUp()
	default:
		s.plan = s.found.TearDown(s.buckets)
	}
	s.from(len(s.plan.Findings))
}

func (s *teardownScreen) Pane() *widget.Pane {
	if s.steps != nil {
		return &s.steps.details
	}
	return &s.details
}

func (s *teardownScreen) Moving() bool { return s.asking || s.waiting || s.steps.running() }

func (s *teardownScreen) leave() tea.Cmd {
	s.gen++
	s.asking = false
	return s.host.GoTo(s.back)
}

func (s *teardownScreen) Bindings() []widget.Binding {
	back := widget.Bind("esc", "back", s.leave, "esc")
	switch {
	case s.steps.running():
		return append(s.steps.Bindings(), s.steps.stopBinding())
	case s.steps != nil:
		return s.endBindings()
	case s.asking:
		return []widget.Binding{back}
	case s.waiting:
		return nil
	case s.found == nil:
		return []widget.Binding{widget.Bind("r", "read again", s.read, "r"), back}
	case s.naming:
		return []widget.Binding{
			widget.Bind("enter", "confirm", s.confirmed, "enter"),
			widget.Bind("esc", "keep everything", widget.Act(func() { s.naming = false }), "esc"),
		}
	}
	proposed := s.plan
	var bindings []widget.Binding
	if proposed.Changes() > 0 {
		bindings = append(bindings, widget.Bind("y", "remove", s.yes, "y", "Y").OrOff(s.mayNot(proposed)).AsMinor())
	}
	bindings = append(bindings, widget.Bind("n", "keep everything", s.leave, "n", "N", "enter").AsMinor())
	bindings = append(bindings, s.bindings("details", len(proposed.Findings)+len(proposed.Steps))...)
	if s.applied == nil {
		flip := func(what *bool) func() tea.Cmd {
			return widget.Act(func() {
				*what = !*what
				s.replan()
			})
		}
		only := widget.Bind("o", widget.Choice(s.objects, "the whole pair", "left-over objects only"), flip(&s.objects), "o")
		if !s.objects {
			only = only.AsMinor()
			bindings = append(bindings, widget.Bind("b", widget.Choice(s.buckets, "keep the buckets", "buckets, too"), flip(&s.buckets), "b"))
		}
		bindings = append(bindings, only)
	}
	return append(bindings, back)
}

func (s *teardownScreen) endBindings() []widget.Binding {
	bindings := s.steps.Bindings()
	if !s.steps.ok() {
		bindings = append(bindings, widget.Bind("r", "retry", s.read, "r"))
	}
	return append([]widget.Binding{widget.Bind("enter", "plan again", func() tea.Cmd { return s.host.GoTo(host.Plan) }, "enter")},
		append(bindings, widget.Bind("esc", "back", func() tea.Cmd { return s.host.GoTo(host.Plan) }, "esc"))...)
}

func (s *teardownScreen) mayNot(proposed plan.Plan) string {
	if n := len(proposed.Blocked()); n > 0 {
		return widget.Count(n, "thing stands", "things stand") + " in the way"
	}
	return s.host.Settings().ReadOnly
}

// yes starts the removal; buckets go only after one of their names was typed.
func (s *teardownScreen) yes() tea.Cmd {
	if len(s.namesToType()) > 0 {
		s.naming, s.confirm = true, widget.Field{}
		return nil
	}
	return s.run()
}

// namesToType are the buckets that would be removed: the name of one of them
// must be typed first.
func (s *teardownScreen) namesToType() []string {
	var names []string
	for _, st := range s.plan.Steps {
		if st.Kind == step.KindBucket && st.Change == step.Remove && st.Side != "" {
			names = append(names, s.host.Chosen().Pair.Side(st.Side).Bucket)
		}
	}
	return names
}

func (s *teardownScreen) confirmed() tea.Cmd {
	if !slices.Contains(s.namesToType(), s.confirm.String()) {
		s.host.Say("that is not the bucket's name: nothing was removed")
		return nil
	}
	s.naming = false
	return s.run()
}

// run carries the removal out. A measurement that still runs is stopped first:
// its own clean-up must not meet the removal of the buckets.
func (s *teardownScreen) run() tea.Cmd {
	if measuring := s.host.Measuring(); measuring != nil {
		s.waiting = true
		measuring.After = s.goOn
		measuring.Stop()
		return nil
	}
	var cmd tea.Cmd
	s.host.Drop(host.Surveys)
	doing := "taking the pair down"
	var undone host.Trace
	switch {
	case s.undone != nil:
		doing, undone = "undoing the run", s.undone
	case s.objects:
		doing = "removing left-over objects"
	}
	record := s.host.Written().Touch(s.host.Chosen().Access, s.plan.Pair)
	s.steps, cmd = launch(s.host, doing, s.plan, func(ok bool) tea.Cmd {
		switch {
		case ok && s.objects:
			record.Clean()
		case ok:
			record.Remove(undone, s.closing())
		}
		return nil
	})
	return cmd
}

// goOn is what a removal does that waited for the measurement's end.
func (s *teardownScreen) goOn() tea.Cmd {
	if !s.waiting {
		return nil
	}
	s.waiting = false
	return s.run()
}

func (s *teardownScreen) Prompt() string {
	switch {
	case s.steps != nil || s.asking || s.waiting || s.found == nil:
		return ""
	case s.naming:
		return "Type the bucket's name: it is in " + s.host.Chosen().Account() + "."
	}
	proposed := s.plan
	if proposed.Changes() == 0 {
		return "Nothing to remove."
	}
	if reason := s.mayNot(proposed); reason != "" {
		return widget.Upper(reason) + "."
	}
	return "Remove " + widget.Count(proposed.Changes(), "thing", "things") + " from " + s.host.Chosen().Account() + "?" + host.YesNo
}

func (s *teardownScreen) Fields() bool { return true }

func (s *teardownScreen) Typing() *widget.Field {
	if s.naming {
		return &s.confirm
	}
	return nil
}

// Progress implements screen.
func (s *teardownScreen) Progress() (done, all int) { return s.steps.Progress() }

func (s *teardownScreen) Choose(line, column int) {
	if s.steps != nil {
		s.steps.Choose(line, column)
	} else if s.found != nil {
		s.reading.Choose(line, column)
	}
}

func (s *teardownScreen) Draw(width, height int) []string {
	t := s.host.Look().Theme
	switch {
	case s.steps != nil && s.steps.ok():
		last := widget.Hang(" ", s.closing(), width-1)
		return append(append(last, ""), s.steps.Draw(width, height-len(last)-1)...)
	case s.steps != nil:
		return s.steps.Draw(width, height)
	case s.waiting:
		return []string{"", " " + t.Accent.Render(s.host.Look().Spin) + " stopping the measurement first; its samples are kept"}
	case s.asking:
		return []string{"", " " + t.Accent.Render(s.host.Look().Spin) + " reading what is there, on both sides", "", t.Muted.Render("   Nothing is changed.")}
	case s.failure != "":
		return append([]string{"", " " + t.Bad.Render("✗ The survey did not succeed.")}, widget.Hang("   ", widget.Clean(s.failure), width-1)...)
	case s.found == nil:
		return nil
	}
	proposed := s.plan
	if s.naming {
		return s.drawNaming(width)
	}
	text := "Takes down what bothways made for this pair. " + changesInWords(proposed)
	switch {
	case s.applied != nil:
		text = "Undoes what this run made, and only that. " + changesInWords(proposed)
	case s.objects:
		text = "Removes the canaries, probe objects and unfinished uploads that runs left, and nothing else: the pair goes on replicating."
	case !s.buckets:
		text += " Buckets stay; b removes the ones that bothways made, too. o removes left-over objects only."
	}
	return s.review(t, proposed, widget.Hang(" ", text, width-1), width, height)
}

// drawNaming is the field for a bucket's name, with the names that it takes.
func (s *teardownScreen) drawNaming(width int) []string {
	t, names := s.host.Look().Theme, s.namesToType()
	text := "This removes the " + widget.Choice(len(names) == 1, "bucket", "buckets") + " that bothways made, with everything that bothways put in. " +
		widget.Choice(len(names) == 1, "Type this name:", "Type either name to remove both:")
	lines := append(widget.Hang(" ", text, width-1), "")
	room := 24
	for _, name := range names {
		lines = append(lines, widget.Fit("   "+t.Strong.Render(widget.Clean(name)), width))
		room = max(room, ansi.StringWidth(name)+1)
	}
	return append(lines, "", " "+t.Accent.Render("▸")+" [ "+widget.Pad(s.confirm.Draw(t, min(room, width-10)), min(room, width-10))+" ]")
}

// closing is the last line of a removal that succeeded: it claims no more than
// the plan removed, and names what the survey said would stay.
func (s *teardownScreen) closing() string {
	p := s.plan.Pair
	var stays []string
	for _, f := range s.plan.Findings {
		if f.Severity != survey.Blocker {
			stays = append(stays, widget.Clean(f.Title))
		}
	}
	made := "bothways made for " + p.A.String() + " and " + p.B.String()
	switch {
	case s.applied != nil:
		made = "this run made"
	case s.objects:
		made = "runs left in " + p.A.String() + " and " + p.B.String()
	}
	if len(stays) == 0 {
		return "Everything that " + widget.Clean(made) + " is gone."
	}
	return "Gone, of what " + widget.Clean(made) + ": " + strings.Join(s.removedTitles(), ", ") + ". Note: " + strings.Join(stays, "; ") + "."
}

// removedTitles are the kinds of things that the plan removed.
func (s *teardownScreen) removedTitles() []string {
	var titles []string
	for _, st := range s.plan.Steps {
		if title := widget.Clean(st.Title); st.Change == step.Remove && !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	return titles
}
