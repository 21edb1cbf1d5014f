package plain

import (
	"fmt"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// PlanEvent closes the JSON lines of a plan: how many steps have something
// to do.
type PlanEvent struct {
	Purpose  pair.Purpose `json:"purpose"`
	Changes  int          `json:"changes"`
	Steps    int          `json:"steps"`
	Blockers int          `json:"blockers"`
}

// EventName implements pair.Event.
func (PlanEvent) EventName() string { return "plan" }

// PlannedEvent is one step of a plan that has not run.
type PlannedEvent struct {
	ID      string      `json:"id"`
	Kind    step.Kind   `json:"kind"`
	Change  step.Change `json:"change"`
	What    string      `json:"what"`
	Why     string      `json:"why"`
	Call    string      `json:"call"`
	Target  string      `json:"target"`
	Request string      `json:"request"`
	CLI     string      `json:"cli"`
	Undo    string      `json:"undo"`
	Needs   []string    `json:"needs"`
	Others  string      `json:"others,omitempty"` // what of others it writes to
}

// EventName implements pair.Event.
func (PlannedEvent) EventName() string { return "planned" }

// FindingEvent is something that the survey saw.
type FindingEvent struct {
	Severity survey.Severity `json:"severity"`
	Side     string          `json:"side,omitempty"`
	Title    string          `json:"title"`
	Meaning  string          `json:"meaning"`
	Consent  pair.Consent    `json:"consent,omitempty"` // what would lift it
}

// EventName implements pair.Event.
func (FindingEvent) EventName() string { return "finding" }

// Plan writes a plan for review.
func (w *Writer) Plan(plan plan.Plan) {
	w.Findings(plan)
	drawn := w.planned(plan)
	for _, s := range plan.Steps {
		if drawn {
			continue
		}
		w.Event(PlannedEvent{s.ID, s.Kind, s.Change, s.What, s.Why, s.Call, s.Target, s.Request, s.CLI, s.Undo, append([]string{}, s.Needs...), s.Others})
		w.Line("%-8s %-11s %-6s %s", changeWord(s.Change), s.Title, place(s), s.What)
	}
	w.Event(PlanEvent{plan.Purpose, plan.Changes(), len(plan.Steps), len(plan.Blocked())})
	w.Line("%s", planSentence(plan))
}

// Findings writes what a plan's reviewer should know.
func (w *Writer) Findings(plan plan.Plan) {
	for _, f := range plan.Findings {
		w.Event(FindingEvent{f.Severity, string(f.Side), f.Title, f.Meaning, f.Consent})
		w.Line("%s", Finding(f))
	}
}

// Finding words something that the survey saw.
func Finding(f survey.Finding) string {
	where := ""
	if f.Side != "" {
		where = " side " + string(f.Side)
	}
	return fmt.Sprintf("%s%s: %s. %s", f.Severity, where, f.Title, f.Meaning)
}

func planSentence(plan plan.Plan) string {
	switch {
	case len(plan.Blocked()) > 0:
		return fmt.Sprintf("This plan cannot run: %d blocker(s), see above.", len(plan.Blocked()))
	case plan.Changes() == 0 && plan.Purpose == pair.TearDown:
		return "Nothing to take down."
	case plan.Changes() == 0 && plan.Purpose == pair.CleanUp && len(plan.Steps) > 0:
		return "Nothing to remove: what stays is named above."
	case plan.Changes() == 0 && plan.Purpose == pair.CleanUp:
		return "Nothing to clean up: neither bucket is there."
	case plan.Changes() == 0 && plan.Purpose == pair.Backfill && len(plan.Findings) == 0:
		return "This backfill has nothing to do."
	case plan.Changes() == 0 && plan.Purpose == pair.Backfill:
		return "This backfill has nothing to do: what it leaves alone is named above."
	case plan.Changes() == 0:
		return "Nothing to change: everything is as wanted."
	}
	return fmt.Sprintf("%d of %d steps have something to do; at most %d wait for each other. Nothing has been changed.",
		plan.Changes(), len(plan.Steps), plan.LongestPath())
}

func changeWord(c step.Change) string {
	if c == step.Nothing {
		return "already"
	}
	return string(c)
}

func place(s step.Step) string {
	if s.Direction != nil {
		return s.Direction.Arrow()
	}
	return strings.TrimSpace(string(s.Side))
}

// trouble writes what is wrong over several lines: what is there, what it
// means, what to do and the line that does it.
func (w *Writer) trouble(t doctor.Trouble) {
	where := ""
	if t.Direction != nil {
		where = " " + t.Direction.Arrow()
	}
	if t.Side != "" {
		where += " side " + string(t.Side)
	}
	w.Line("%s%s, %s (%s): %s.", t.Severity, where, t.Cause, t.Certainty, t.Title)
	w.Line("    %s", t.Meaning)
	if t.Todo != "" {
		w.Line("    To do: %s", t.Todo)
	}
	if t.CLI != "" {
		w.Line("    %s", t.CLI)
	}
}

// healthLine names the option that proves what is only plausible.
func healthLine(e doctor.HealthEvent) string {
	line := fmt.Sprintf("%s  %s: %s", e.Direction.Arrow(), e.State, e.Detail)
	if e.State == doctor.Plausible {
		line += " (--canary)"
	}
	return line
}

// health writes where a direction stands and, as a checklist, what that rests on.
func (w *Writer) health(e doctor.HealthEvent) {
	w.Line("%s", healthLine(e))
	if len(e.Checks) == 0 {
		return
	}
	w.Line("    Read at %s:", e.ReadAt.Format("15:04:05"))
	for _, c := range e.Checks {
		mark := map[doctor.Seen]string{doctor.Fine: "x", doctor.Open: " ", doctor.Amiss: "!"}[c.Seen]
		w.Line("    [%s] %-10s %s", mark, c.What, c.Says)
	}
}

func examiningLine(e doctor.ExaminingEvent) string {
	if e.Direction != nil {
		return e.Direction.Arrow() + "  " + e.Detail
	}
	return e.Detail
}

func diagnosisLine(e doctor.DiagnosisEvent) string {
	if e.Healthy {
		return "Nothing is wrong, as far as was looked."
	}
	if e.Troubles == 0 {
		return fmt.Sprintf("Something is wrong: %d direction(s) do not replicate, or are not known to, see above.", e.Directions)
	}
	return fmt.Sprintf("Something is wrong: %d finding(s), see above.", e.Troubles)
}
