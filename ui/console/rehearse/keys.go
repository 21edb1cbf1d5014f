package rehearse

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/drill/record"
	"bothways/ui/console/widget"
)

// Title implements host.Screen: where the drill stands, for the window's title.
func (s *drillScreen) Title() string {
	switch {
	case s.asking():
		return ""
	case s.course.result != nil:
		return loud(s.course.result.Verdict)
	case s.arming != nil:
		return "agree?"
	case s.deciding != nil:
		return strings.TrimSuffix(s.deciding.does, "?") + "?"
	}
	return loud(s.course.holds())
}

// Prompt implements host.Screen.
func (s *drillScreen) Prompt() string {
	switch {
	case s.arming != nil:
		return "To drill in " + s.host.Chosen().Account() + ", type the pair's name."
	case s.note.asking:
		return "What happened?"
	case s.deciding != nil:
		return s.deciding.asks
	case s.evidence.asking:
		return "Into which folder?"
	}
	return ""
}

// Bindings implements host.Screen.
func (s *drillScreen) Bindings() []widget.Binding {
	switch {
	case s.asking():
		return s.formBindings()
	case s.arming != nil:
		return append([]widget.Binding{
			widget.Bind("enter", "agree, and begin", widget.Act(s.agree), "enter"),
			widget.Bind("esc", "no drill", widget.Act(s.refuse), "esc"),
		}, s.pane.FieldBindings()...)
	case s.note.asking:
		return append([]widget.Binding{
			widget.Bind("enter", "keep the note", widget.Act(s.takeNote), "enter"),
			widget.Bind("esc", "no note", widget.Act(func() { s.note.asking = false }), "esc"),
		}, s.pane.FieldBindings()...)
	case s.run != nil:
		return s.runBindings()
	}
	return s.endBindings()
}

func (s *drillScreen) runBindings() []widget.Binding {
	var bindings []widget.Binding
	if s.deciding != nil {
		bindings = append(bindings, widget.Bind("enter", s.deciding.does, widget.Act(s.decide), "enter"))
	}
	off := ""
	switch {
	case s.stopping:
		off = "it is putting everything back"
	case s.course.restoring() && s.course.scope.Kind != record.Readiness:
		off = "it is putting everything back; what follows only measures"
	}
	undo := widget.Choice(s.course.entered(record.Isolating), "undo all now", "end it")
	if s.course.restoring() && !s.stopping && !s.course.cleaned() {
		off, undo = "", "measure no more, clean up"
	}
	bindings = append(bindings, widget.Bind("U", undo, widget.Act(s.askToStop), "U").OrOff(off), widget.Bind("esc", "end it", widget.Act(s.askToStop), "esc").OrOff(off).AsTwin())
	bindings = append(bindings, widget.Bind("n", "take a note", widget.Act(s.askNote), "n").OrBriefly("note"))
	if len(s.course.lines) > 0 {
		bindings = append(bindings, widget.Bind("c", "copy the lines that undo it", s.copyLines, "c").OrBriefly("copy undo lines"))
	}
	return append(bindings, s.pane.WholeBindings()...)
}

// copyLines copies what undoes the drill without bothways.
func (s *drillScreen) copyLines() tea.Cmd {
	return s.host.Copy(strings.Join(s.course.lines, "\n") + "\n")
}

// Words implements host.Screen.
func (s *drillScreen) Words() []widget.Word {
	return []widget.Word{
		{Says: "canary", Means: "a small object of the drill's own, one a second in each direction; it is removed again"},
		{Says: "oldest missing", Means: "how old the oldest canary is that was acknowledged on one side and is not on the other, in minutes and seconds"},
		{Says: "hole", Means: "a canary that is missing although a later one arrived"},
		{Says: "RPO", Means: "how much would be lost, in time: how old the oldest missing canary was when the side was lost, as an interval that holds the true value"},
		{Says: "RTO", Means: "how long until the other side served: noticing, deciding, writing there, reading that back"},
		{Says: "ISOLATED", Means: "seen, never assumed: in a pause 20 canaries in a row did not arrive, each three times as old as 99 of 100 needed before"},
		{Says: "CONVERGED", Means: "both sides were compared twice, half a minute apart, and held the same"},
	}
}
