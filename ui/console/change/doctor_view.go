package change

import (
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/ui/console/widget"
)

func (s *doctorScreen) Draw(width, height int) []string {
	t := s.host.Look().Theme
	if s.failure != "" {
		lines := []string{"", " " + t.Bad.Render("✗ The examination did not succeed.")}
		lines = append(lines, widget.Hang("   ", widget.Clean(s.failure), width-1)...)
		return append(lines, widget.Hang("   ", "r looks again, esc goes back to the plan.", width-1)...)
	}
	var lines []string
	if s.run != nil {
		lines = append(lines, widget.Hang(" "+t.Accent.Render(s.host.Look().Spin)+" ", widget.Clean(s.news), width-1)...)
	}
	for _, d := range pair.Directions() {
		if h, known := s.health[d]; known {
			symbol, style := t.State(h.State)
			lines = append(lines, widget.Hang(" "+style.Render(symbol)+" "+t.Arrow(d)+"  "+style.Render(widget.Pad(string(h.State), 9))+" ", widget.Clean(h.Detail), width-1)...)
		}
	}
	lines = append(lines, "")
	if !s.done {
		return lines
	}
	if s.showsEvidence() {
		if len(s.troubles) == 0 {
			text := "Nothing was found in the way, " + s.asOfWords() + "."
			if !s.canaries && s.host.Settings().ReadOnly == "" {
				text += " t proves it, with a tiny object each way."
			}
			lines = append(lines[:len(lines)-1], append(widget.Hang(" ", text, width-1), "")...)
		}
		return append(lines, s.details.Draw(t, s.evidenceLines(width), len(lines), height-len(lines))...)
	}
	room := height - len(lines)
	return s.draw(t, lines, len(s.troubles), max(3, min(len(s.troubles), room/2)), width, height, func(i, _ int) string {
		trouble := s.troubles[i]
		symbol, style := t.Finding(trouble.Severity)
		title := widget.Clean(trouble.Title)
		if i == s.list.Selected {
			title = t.Selected.Render(title)
		}
		return style.Render(symbol+" "+widget.Pad(string(trouble.Severity), 8)) + " " + widget.Pad(s.where(trouble), 8) + " " + title
	}, func() []string { return s.detail(width) })
}

// where is the direction that suffers, with the side that the piece is on.
func (s *doctorScreen) where(trouble doctor.Trouble) string {
	if trouble.Direction == nil {
		return string(trouble.Side)
	}
	return s.host.Look().Theme.Arrow(*trouble.Direction)
}

// detail is everything about the selected trouble.
func (s *doctorScreen) detail(width int) []string {
	trouble, ok := s.selected()
	if !ok {
		return nil
	}
	t := s.host.Look().Theme
	lines := widget.Hang(" ", t.Title.Render(widget.Clean(trouble.Title)), width-1)
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(label, 7))+" ", widget.Clean(text), width-1)...)
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
