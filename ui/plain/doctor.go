package plain

import (
	"fmt"

	"bothways/aws/replication/doctor"
)

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
	return fmt.Sprintf("Something is wrong: %d finding(s), see above.", e.Troubles)
}
