package change

import (
	"context"
	"errors"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/probe/wording"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// stepsGap is the time between two redraws by step events: a frame.
const stepsGap = time.Second / host.FramesPerSecond

// stepRun is a plan being carried out, or carried out.
type stepRun struct {
	host   host.Host
	do     *host.Engines
	plan   plan.Plan
	states map[string]stepState
	tried  map[string]step.Status // of the steps that this run acted for, over all its tries
	run    *host.Run              // nil once it ended
	began  time.Time
	took   time.Duration
	err    error

	selected int // index into plan.Steps
	chosen   bool
	details  widget.Pane
	cells    []stepCell // where steps were drawn
	finished func(ok bool) tea.Cmd
	work     host.Work        // carries the plan out; nil: as plans are
	told     func(pair.Event) // takes what is no step's; nil: nobody does
}

// stepState is where a step stands, as last reported.
type stepState struct {
	status  step.Status
	detail  string
	attempt int
	paused  bool
	profile string        // whose new credentials it waits for, or ""
	elapsed time.Duration // as of at
	at      time.Time
}

// stepCell is a line of a lane on which a step was drawn.
type stepCell struct{ step, line, from, to int }

// launch starts carrying out a plan.
func launch(h host.Host, doing string, proposed plan.Plan, finished func(ok bool) tea.Cmd) (*stepRun, tea.Cmd) {
	s := &stepRun{host: h, do: h.Engines(), plan: proposed, states: map[string]stepState{}, tried: map[string]step.Status{}, finished: finished}
	return s, s.begin(doing)
}

// launchWith starts carrying out a plan in a way of its own.
func launchWith(h host.Host, doing string, proposed plan.Plan, work host.Work, told func(pair.Event), finished func(ok bool) tea.Cmd) (*stepRun, tea.Cmd) {
	s := &stepRun{host: h, do: h.Engines(), plan: proposed, states: map[string]stepState{}, tried: map[string]step.Status{}, finished: finished, work: work, told: told}
	return s, s.begin(doing)
}

// begin runs the plan; steps that hold already report so.
func (s *stepRun) begin(doing string) tea.Cmd {
	proposed := s.plan
	s.began, s.err, s.chosen = s.host.Now(), nil, false
	for id, state := range s.states {
		if !state.status.OK() {
			delete(s.states, id)
		}
	}
	access := s.host.Chosen().Access
	work := s.work
	if work == nil {
		work = func(ctx context.Context, emit pair.Emit) error { return s.do.Apply(ctx, access, proposed, emit) }
	}
	var cmd tea.Cmd
	s.run, cmd = s.host.Start(doing, stepsGap, work, s.take)
	return cmd
}

// take follows the steps' events.
func (s *stepRun) take(b host.Batch) tea.Cmd {
	for _, e := range b.Events {
		event, ok := e.(step.Event)
		if !ok {
			if s.told != nil {
				s.told(e)
			}
			continue
		}
		s.states[event.ID] = stepState{
			status: event.Status, detail: event.Detail, attempt: event.Attempt, paused: event.Paused, profile: event.Profile,
			elapsed: time.Duration(event.ElapsedMS) * time.Millisecond, at: s.host.Now(),
		}
		s.remember(event)
		if !s.chosen && (event.Status == step.Running || event.Status == step.Failed) {
			s.follow(event.ID, event.Status)
		}
	}
	if !b.Ended {
		return nil
	}
	s.run, s.err, s.took = nil, b.Err, s.host.Now().Sub(s.began)
	return s.finished(s.ok())
}

// follow selects the step that is in the news, as long as nobody chose one; a
// failure keeps the selection.
func (s *stepRun) follow(id string, status step.Status) {
	if current := s.State(s.selected); current.status == step.Failed && status != step.Failed {
		return
	}
	for i, st := range s.plan.Steps {
		if st.ID == id {
			s.selected, s.details = i, widget.Pane{}
		}
	}
}

func (s *stepRun) State(i int) stepState {
	if i < 0 || i >= len(s.plan.Steps) {
		return stepState{status: step.Pending}
	}
	if state, ok := s.states[s.plan.Steps[i].ID]; ok {
		return state
	}
	return stepState{status: step.Pending}
}

func (s *stepRun) running() bool { return s != nil && s.run != nil }

// ok says that every step's wish holds.
func (s *stepRun) ok() bool {
	if s == nil || s.run != nil || s.err != nil {
		return false
	}
	return s.good() == len(s.plan.Steps)
}

// good counts the steps whose wish holds, and the waits that were skipped.
func (s *stepRun) good() int {
	good := 0
	for i, st := range s.plan.Steps {
		status := s.State(i).status
		if status.OK() || status == step.Skipped && st.Change == step.Wait && s.State(i).elapsed > 0 {
			good++
		}
	}
	return good
}

// waiting is the ID of a step that waits now and can be skipped, or "".
func (s *stepRun) waiting() string {
	for i, st := range s.plan.Steps {
		if st.Change == step.Wait && s.State(i).status == step.Running {
			return st.ID
		}
	}
	return ""
}

// paused says that a step waits for new credentials, and for which profile's,
// where it is one.
func (s *stepRun) paused() (profile string, yes bool) {
	for i := range s.plan.Steps {
		if state := s.State(i); state.paused && state.status == step.Running {
			return state.profile, true
		}
	}
	return "", false
}

// signInWith is the access that a paused run waits for, where signing in here
// helps.
func (s *stepRun) signInWith() (account.Access, bool) {
	profile, paused := s.paused()
	if !s.running() || !paused || profile == "" {
		return account.Access{}, false
	}
	for _, side := range pair.Sides() {
		access := s.run.Access.Of(side)
		if access.Profile == profile && s.host.Chosen().Profiles[profile].SignsIn {
			return access, true
		}
	}
	return account.Access{}, false
}

// tally counts the steps by status.
func (s *stepRun) tally() map[step.Status]int {
	counts := map[step.Status]int{}
	for i := range s.plan.Steps {
		counts[s.State(i).status]++
	}
	return counts
}

// age is a step's time so far: running steps go on by the clock.
func (s *stepRun) age(i int) time.Duration {
	state := s.State(i)
	if state.status == step.Running && s.run != nil {
		return state.elapsed + s.host.Now().Sub(state.at)
	}
	return state.elapsed
}

// outcome says in one line how far the run is, or how it ended.
func (s *stepRun) outcome() (symbol, text string) {
	counts := s.tally()
	good := s.good()
	_, paused := s.paused()
	all := widget.Count(len(s.plan.Steps), "step", "steps")
	switch {
	case s.running() && paused:
		return "–", "Paused for new credentials at " + strconv.Itoa(good) + " of " + all + "; it goes on by itself."
	case s.running():
		return s.host.Look().Spin, strconv.Itoa(good) + " of " + all + " done, " + wording.Duration(s.host.Now().Sub(s.began))
	case s.ok():
		text := "All " + all + " done in " + wording.Duration(s.took) + "."
		if counts[step.Done] == 0 && !s.changed() {
			text = "All " + all + " were already in place: nothing was changed."
		}
		return "✓", text
	case errors.Is(s.err, context.Canceled):
		return "–", "Stopped: " + strconv.Itoa(good) + " of " + all + " done."
	}
	text = widget.Count(counts[step.Failed], "step", "steps") + " failed, " + widget.Count(counts[step.Skipped]+counts[step.Cancelled], "step", "steps") + " not run."
	if counts[step.Failed] == 0 && s.err != nil {
		text = apierror.Describe(s.err)
	}
	return "✗", text
}
