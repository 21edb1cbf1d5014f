package console

import (
	"bothways/aws/pair"
	"bothways/aws/replication"
)

func (s *doctorScreen) draw(width, height int) []string {
	t := s.app.theme
	if s.failure != "" {
		lines := []string{"", " " + t.Bad.Render("✗ The examination did not succeed.")}
		lines = append(lines, hang("   ", clean(s.failure), width-1)...)
		return append(lines, hang("   ", "r looks again, esc goes back to the plan.", width-1)...)
	}
	var lines []string
	if s.run != nil {
		lines = append(lines, hang(" "+t.Accent.Render(s.app.spin())+" ", clean(s.news), width-1)...)
	}
	for _, d := range pair.Directions() {
		if h, known := s.health[d]; known {
			symbol, style := t.state(h.State)
			lines = append(lines, hang(" "+style.Render(symbol)+" "+t.arrow(d)+"  "+style.Render(pad(string(h.State), 9))+" ", clean(h.Detail), width-1)...)
		}
	}
	lines = append(lines, "")
	if !s.done {
		return lines
	}
	if len(s.troubles) == 0 {
		text := "Nothing was found in the way."
		if !s.canaries {
			text += " Only an object that arrives proves it: t tries each direction with a tiny one."
		}
		return append(lines, hang(" ", text, width-1)...)
	}
	room := height - len(lines)
	lines = append(lines, s.list.draw(t, len(s.troubles), len(lines), width, max(3, min(len(s.troubles), room/2)), true, func(i, _ int) string {
		trouble := s.troubles[i]
		symbol, style := t.finding(trouble.Severity)
		title := clean(trouble.Title)
		if i == s.list.selected {
			title = t.Selected.Render(title)
		}
		return style.Render(symbol+" "+pad(string(trouble.Severity), 8)) + " " + pad(s.where(trouble), 8) + " " + title
	})...)
	lines = append(lines, t.Rule.Render(" "+dashes(width-2)))
	return append(lines, scrolled(t, s.detail(width), s.scroll, height-len(lines))...)
}

// where is the direction that suffers, with the side that the piece is on.
func (s *doctorScreen) where(trouble replication.Trouble) string {
	if trouble.Direction == nil {
		return string(trouble.Side)
	}
	return s.app.theme.arrow(*trouble.Direction)
}

// detail is everything about the selected trouble.
func (s *doctorScreen) detail(width int) []string {
	trouble, ok := s.selected()
	if !ok {
		return nil
	}
	t := s.app.theme
	lines := hang(" ", t.Title.Render(clean(trouble.Title)), width-1)
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, hang("   "+t.Muted.Render(pad(label, 7))+" ", clean(text), width-1)...)
		}
	}
	sure := string(trouble.Certainty)
	if trouble.Side != "" {
		sure += ", on side " + string(trouble.Side)
	}
	add("sure", sure)
	add("means", trouble.Meaning)
	add("do", trouble.Todo)
	if trouble.Apply {
		add("or", "go back to the plan: applying it puts this right.")
	}
	add("cli", trouble.CLI)
	return lines
}
