package rehearse

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// gap is the shortest time between two frames of a drill.
const gap = 250 * time.Millisecond

// drillScreen asks for a drill, shows it as it goes, and what came of it.
type drillScreen struct {
	host.Quiet
	host host.Host
	do   *host.Engines
	from host.Place // where esc leads
	form form
	asks bool // the form is in front though there was a drill

	run      *host.Run // nil while none goes on
	course   *course   // of the one that goes on, or the last; nil before the first
	scale    float64   // how many times as fast as told the sandbox is
	path     string    // of its journal, or ""
	runID    string
	failure  string // why it did not begin, or broke off
	stopping bool

	note     note
	arming   *arming   // waits for the agreement, or nil
	deciding *deciding // waits for the decision, or nil
	pane     widget.Pane
	evidence evidenceOf
}

// arming is the question whether a drill is agreed to.
type arming struct {
	radius drill.Radius
	answer chan error
	field  widget.Field
}

// deciding is a question that somebody answers by a key, while the time counts.
type deciding struct {
	asks, does, why string
	answer          chan string
}

// asksToArm and asksToDecide bring the questions from the drill.
type (
	asksToArm    struct{ *arming }
	asksToDecide struct{ *deciding }
)

// EventName implements pair.Event.
func (asksToArm) EventName() string { return "asks_to_arm" }

// EventName implements pair.Event.
func (asksToDecide) EventName() string { return "asks_to_decide" }

func newDrill(h host.Host) *drillScreen {
	return &drillScreen{host: h, do: h.Engines(), from: host.Plan}
}

// Drop implements host.Screen: what a drill found, it found.
func (s *drillScreen) Drop(host.Stale) {}

// Enter implements host.Screen. A drill of another pair is not shown any more.
func (s *drillScreen) Enter(from host.Place) tea.Cmd {
	if from != host.Drill && from != host.UndoDrill {
		s.from = from
	}
	if s.run != nil {
		return nil
	}
	chosen := s.host.Chosen()
	if s.course != nil && s.course.scope.Pair.ID() != chosen.Pair.ID() {
		s.course, s.failure = nil, ""
	}
	s.renew(chosen)
	return nil
}

// start begins the drill that is asked for. What changes more than canaries waits
// for the agreement.
func (s *drillScreen) start() tea.Cmd {
	access, scope, agreed := s.host.Chosen().Access, s.form.scope.Scope, pair.Consent(0)
	if scope.Kind != record.Pause {
		scope.Conflicts = 0
	}
	if scope.Kind != record.Alarm {
		scope.Ways, scope.Alarms, scope.ByHand = nil, nil, false
	} else if s.form.scope.merge {
		agreed = pair.Merge
	}
	s.course, s.asks, s.failure, s.stopping, s.path, s.runID = newCourse(scope), false, "", false, "", ""
	s.arming, s.deciding, s.pane, s.evidence = nil, nil, widget.Pane{}, evidenceOf{}
	s.note = note{taken: make(chan string, mostWaiting)}
	taken := s.note.taken
	if s.scale = access.TimeScale; s.scale == 0 {
		s.scale = 1
	}
	var cmd tea.Cmd
	s.run, cmd = s.host.Start("drilling", gap, func(ctx context.Context, emit pair.Emit) error {
		return s.do.Drill(ctx, access, session.DrillOptions{
			Scope: scope, Agreed: agreed, Remarks: taken, Confirm: confirming(emit), Decide: decides(emit, scope),
			Heard: waits(emit, deciding{asks: "Does the alarm ring?", does: "it rings", why: "Its time counts until then."}),
		}, emit)
	}, s.take)
	s.run.Restores = scope.Kind.Writes()
	return cmd
}

// confirming asks the screen, and waits for its answer.
func confirming(emit pair.Emit) func(context.Context, drill.Radius) error {
	return func(ctx context.Context, r drill.Radius) error {
		asked := &arming{radius: r, answer: make(chan error, 1)}
		emit(asksToArm{asked})
		select {
		case err := <-asked.answer:
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// decides asks whether to fail over, and waits until somebody decides.
func decides(emit pair.Emit, s record.Scope) func(context.Context) (string, error) {
	decide := waits(emit, deciding{asks: "Fail over to side " + string(s.Survivor()) + "?", does: "fail over", why: "Its time counts."})
	return func(ctx context.Context) (string, error) {
		how, err := decide(ctx)
		if err == nil && s.People.Decision != "" {
			how = s.People.Decision + " decided: " + how
		}
		return how, err
	}
}

// waits asks the screen, and waits until somebody says yes, with how.
func waits(emit pair.Emit, question deciding) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		asked := question
		asked.answer = make(chan string, 1)
		emit(asksToDecide{&asked})
		select {
		case how := <-asked.answer:
			return how, nil
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
}

// take follows the drill's events. The room hears of each state.
func (s *drillScreen) take(b host.Batch) tea.Cmd {
	rings := false
	for _, e := range b.Events {
		switch e := e.(type) {
		case session.Recording:
			s.runID = e.RunID
		case asksToArm:
			s.arming, s.pane, rings = e.arming, widget.Pane{Keys: "↑↓"}, true
		case asksToDecide:
			s.deciding, rings = e.deciding, true
		default:
			rings = s.course.take(e) || rings
		}
	}
	if s.course.restoring() { // nobody waits for an answer any more
		s.arming, s.deciding = nil, nil
	}
	s.path = b.Run.Path
	if b.Ended {
		s.note.asking = false
		s.run, s.arming, s.deciding, s.pane, rings = nil, nil, nil, widget.Pane{}, true
		if b.Err != nil && s.course.result == nil {
			s.failure = apierror.Describe(b.Err)
		}
		s.host.Drop(host.Surveys)
	}
	if !rings {
		return nil
	}
	return tea.Raw("\a")
}

// agree arms the drill where the pair's name was typed.
func (s *drillScreen) agree() {
	if typed := s.arming.field.String(); typed != s.arming.radius.Typed {
		s.host.Say("that is not " + s.arming.radius.Typed + ": nothing is armed")
		return
	}
	s.arming.answer <- nil
	s.arming, s.pane = nil, widget.Pane{}
}

// refuse ends the drill before anything is changed.
func (s *drillScreen) refuse() {
	s.arming.answer <- drill.ErrUnconfirmed
	s.arming, s.pane = nil, widget.Pane{}
}

// decide answers that somebody decided.
func (s *drillScreen) decide() {
	s.deciding.answer <- "a key was pressed"
	s.deciding = nil
}

// askToStop asks whether the drill is to end and to put everything back.
func (s *drillScreen) askToStop() {
	run := s.run
	s.host.Confirm(host.Question{
		Ask: func() string {
			if s.course.entered(record.Isolating) {
				return "End the drill now and put everything back?"
			}
			return "End the drill now and remove its canaries?"
		},
		Yes: widget.Act(func() {
			if s.run == run {
				s.stopping = true
				run.Cancel()
			}
		}),
		Moot: func() bool { return s.run != run || s.stopping },
	})
}

// Moving implements host.Screen.
func (s *drillScreen) Moving() bool { return s.run != nil || s.evidence.writing }

// Pane implements host.Screen.
func (s *drillScreen) Pane() *widget.Pane {
	if s.asking() {
		return nil
	}
	return &s.pane
}

// Progress implements host.Screen.
func (s *drillScreen) Progress() (done, all int) {
	if s.run == nil {
		return 0, 0
	}
	return s.course.passed()
}

// Fields implements host.Screen.
func (s *drillScreen) Fields() bool {
	return s.asking() || s.arming != nil || s.note.asking || s.run == nil
}

// Typing implements host.Screen.
func (s *drillScreen) Typing() *widget.Field {
	switch {
	case s.asking() && s.form.editing:
		return &s.form.field
	case s.arming != nil:
		return &s.arming.field
	case s.note.asking:
		return &s.note.field
	case s.evidence.asking:
		return &s.evidence.folder
	}
	return nil
}

// Choose implements host.Screen.
func (s *drillScreen) Choose(line, _ int) {
	if i := s.form.list.Hit(line); i >= 0 && s.asking() && !s.form.editing {
		s.form.list.Selected = i
	}
}

// Farewell implements host.Screen.
func (s *drillScreen) Farewell() []string {
	if s.course == nil || s.course.result == nil {
		return nil
	}
	r := s.course.result
	lines := []string{"Drill " + r.Drill + " of " + s.course.scope.Pair.A.String() + " and " + s.course.scope.Pair.B.String() + ": " + loud(r.Verdict) + ", undo " + loud(r.Undo)}
	lines = append(lines, figuresOf(s.course)...)
	if s.evidence.folder.String() != "" && s.evidence.wrote != "" {
		return append(lines, "Evidence: "+s.evidence.wrote)
	}
	if s.path != "" {
		lines = append(lines, "Evidence: bothways drill report "+s.runID+" --to FOLDER")
	}
	return lines
}
