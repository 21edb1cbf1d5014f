package rehearse

import "bothways/ui/console/widget"

// minStory is what the rest of the screen keeps below an alarm that is waited for.
const minStory = 3

// ringing is how long an alarm has been waited for since an object failed, for the
// back of the room, and which rang.
func (s *drillScreen) ringing(width, height int) []string {
	t, c := s.host.Look().Theme, s.course
	tail := make([]string, 0, len(c.rang)+1)
	for _, r := range c.rang {
		mark := t.Good.Render("✓")
		if !r.Rang {
			mark = t.Bad.Render("✗")
		}
		tail = append(tail, widget.Hang(" "+mark+" ", widget.Clean(rangText(r)), width-1)...)
	}
	tail = append(tail, s.question(width)...)
	if c.restoring() {
		return tail
	}
	figure, says := "-:--", "until an object fails to replicate"
	if !c.failed.IsZero() {
		figure, says = clock(s.host.Now().Sub(c.failed)), "since an object failed to replicate, min:s"
	}
	for scale := mostScale; scale > 0; scale-- {
		if digitRows*scale+3+len(tail) > height || largeWidth("00:00", scale)+2 > width {
			continue
		}
		lines := []string{""}
		for _, line := range large(figure, scale) {
			lines = append(lines, widget.Fit(" "+t.Accent.Render(line), width))
		}
		return append(append(lines, "", " "+t.Muted.Render(says)), tail...)
	}
	return append([]string{widget.Fit(" "+t.Strong.Render(figure)+"  "+t.Muted.Render(says), width)}, tail...)
}

// question is what somebody is asked, while the time counts.
func (s *drillScreen) question(width int) []string {
	if s.deciding == nil {
		return nil
	}
	t := s.host.Look().Theme
	return widget.Hang(" "+t.Warn.Render("?")+" ", s.deciding.asks+" "+t.Key.Render("enter")+": "+s.deciding.does+". "+s.deciding.why, width-1)
}
