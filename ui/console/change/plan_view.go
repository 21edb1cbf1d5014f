package change

import (
	"fmt"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

func (s *planScreen) Draw(width, height int) []string {
	t := s.host.Look().Theme
	switch {
	case s.asking:
		return []string{
			"", " " + t.Accent.Render(s.host.Look().Spin) + " reading what is there, on both sides: " + wording.Duration(s.host.Now().Sub(s.asOf)), "",
			t.Muted.Render("   Buckets, versioning, replication rules, encryption, locks, policies, roles."), t.Muted.Render("   Nothing is changed."),
		}
	case s.failure != "":
		lines := []string{"", " " + t.Bad.Render("✗ The survey did not succeed.")}
		lines = append(lines, widget.Hang("   ", widget.Clean(s.failure), width-1)...)
		return append(lines, widget.Hang("   ", "Nothing was changed. r reads again, esc goes back.", width-1)...)
	case s.found == nil:
		return []string{"", t.Muted.Render("   nothing was read: r reads what is there")}
	}
	return s.review(t, s.found.SetUp, s.summary(width), width, height)
}

// summary is the plan in one or two lines.
func (s *planScreen) summary(width int) []string {
	proposed := s.found.SetUp
	if proposed.Changes() == 0 {
		return widget.Hang(" ", "Nothing to change: "+widget.Count(len(proposed.Steps), "step is", "steps are")+" already as wanted. Enter goes on to the measurement.", width-1)
	}
	if blocked := s.blocked(); blocked != "" {
		way := "Nothing can be changed until " + widget.Choice(len(proposed.Blocked()) == 1, "it is", "they are") + " gone."
		if key := agreeing(proposed); key != "" {
			way = "Press " + key + " to agree to what is said below; then it is planned again."
		}
		return widget.Hang(" ", "Blocked: "+blocked+". "+way, width-1)
	}
	text := changesInWords(proposed) + fmt.Sprintf(" At most %d wait for each other.", proposed.LongestPath())
	if somethingExists(proposed) {
		text += " Undo: " + widget.Choice(s.host.Settings().ReadOnly == "", "x here, or ", "") + "bothways destroy."
	} else {
		text += " Each step says how it is undone."
	}
	return widget.Hang(" ", text, width-1)
}

// agreeing is the key that agrees to what the first blocker asks for, or ""
// where something else is in the way as well.
func agreeing(proposed plan.Plan) string {
	key := ""
	for _, f := range proposed.Blocked() {
		if f.Consent == 0 {
			return ""
		}
		if key == "" {
			key = consentKeys[f.Consent]
		}
	}
	return key
}

var consentKeys = map[pair.Consent]string{pair.Merge: "a", pair.ConvertV1: "v", pair.Outrank: "o", pair.KeepCanaries: "w"}

// somethingExists says that a part of the pair is there already.
func somethingExists(proposed plan.Plan) bool {
	for _, st := range proposed.Steps {
		if st.Change == step.Nothing && st.Direction != nil {
			return true
		}
	}
	return false
}

// review draws a plan for review: summary, findings and steps as one list, and
// everything about the selected one below.
func (r *reading) review(t widget.Theme, proposed plan.Plan, summary []string, width, height int) []string {
	lines := append(summary, "")
	n := len(proposed.Findings) + len(proposed.Steps)
	room := height - len(lines)
	listHigh := max(3, min(n, room*6/10))
	return r.draw(t, lines, n, listHigh, width, height, func(i, _ int) string {
		selected := i == r.list.Selected
		if i >= len(proposed.Findings) {
			return planRow(t, proposed.Steps[i-len(proposed.Findings)], selected)
		}
		f := proposed.Findings[i]
		symbol, style := t.Finding(f.Severity)
		title := widget.Clean(f.Title)
		if selected {
			title = t.Selected.Render(title)
		}
		return style.Render(symbol+" "+widget.Pad(string(f.Severity), 12)) + " " + widget.Pad(string(f.Side), 6) + " " + title
	}, func() []string {
		i := r.list.Selected
		if i < len(proposed.Findings) {
			f := proposed.Findings[i]
			return append(widget.Hang(" ", t.Title.Render(widget.Clean(f.Title)), width-1), widget.Hang("   ", widget.Clean(f.Meaning), width-1)...)
		}
		if i -= len(proposed.Findings); i < len(proposed.Steps) {
			return stepDetail(t, proposed.Steps[i], width)
		}
		return nil
	})
}
