package rehearse

import (
	"strings"
	"time"

	"bothways/aws/drill/record"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// Draw implements host.Screen.
func (s *drillScreen) Draw(width, height int) []string {
	switch {
	case s.asking():
		return s.drawForm(width, height)
	case s.run == nil:
		return s.drawEnd(width, height)
	case s.arming != nil:
		return s.drawArming(width, height)
	}
	return s.drawLive(width, height)
}

// drawLive is a drill as it goes. What is changed in AWS now stands at the foot,
// whatever the height.
func (s *drillScreen) drawLive(width, height int) []string {
	head := []string{s.headline(width)}
	if height < lowScreen {
		head = append(head, s.whereabouts(width))
	} else {
		head = append(head, s.timeline(width)...)
	}
	foot := s.foot(width)
	if s.note.asking {
		foot = append([]string{s.noteLine(width)}, foot...)
	}
	var middle []string
	room := height - len(head) - len(foot)
	if s.course.watched {
		figures := s.figures(width)
		lanes := s.lanes(width, room-len(figures))
		if room > len(figures)+len(lanes)+1 {
			middle = append(middle, "")
		}
		middle = append(middle, lanes...)
		if room > len(middle)+len(figures) {
			middle = append(middle, "")
		}
		middle = append(middle, figures...)
	}
	if c := s.course; c.scope.Kind == record.Alarm && c.entered(record.Isolating) {
		middle = append(middle, s.ringing(width, room-minStory)...)
	}
	if left := room - len(middle); left > 2 {
		middle = append(middle, "")
		middle = append(middle, s.pane.Draw(s.host.Look().Theme, s.story(width), len(head)+len(middle), left-1)...)
	}
	for len(middle) < room {
		middle = append(middle, "")
	}
	return append(append(head, middle[:max(0, room)]...), foot...)
}

// headline says in large letters where the drill is.
func (s *drillScreen) headline(width int) string {
	t, c := s.host.Look().Theme, s.course
	state, style := loud(c.holds()), t.Strong
	if c.faulty() {
		state, style = " "+state+" ", t.Badge
	}
	left := " " + style.Render(state) + "  " + t.Accent.Render(s.host.Look().Spin) + " " + briefly(c.state, c.scope.Kind)
	if s.stopping {
		left = " " + t.Warn.Bold(true).Render("STOPPING") + "  " + doing(c)
	}
	right := t.Muted.Render(rehearsed(c.scope) + " ")
	if !c.began.IsZero() && c.faulty() {
		right = t.Muted.Render(rehearsed(c.scope)+", for ") + t.Strong.Render(clock(s.host.Now().Sub(c.began))) + " "
	}
	return widget.Spread(widget.Fit(left, width), right, width)
}

// briefly says in a word or two what goes on in a state until it is reached.
func briefly(state record.State, k record.Kind) string {
	switch state {
	case record.Checked:
		return "checking the pair"
	case record.Baseline:
		return "measuring the steady state"
	case record.Armed:
		return "agreed to?"
	case record.Isolating:
		return "making the fault"
	case record.Isolated:
		if k == record.Alarm {
			return "does an alarm ring?"
		}
		return "is it isolated?"
	case record.FailedOver:
		return "failing over"
	case record.Frozen:
		return "holding, counting"
	case record.Restoring:
		return "putting everything back"
	case record.Draining:
		return "waiting for what was held"
	case record.Converged:
		return "comparing both sides"
	case record.FailedBack:
		return "measuring again"
	case record.Cleaned:
		return "cleaning up"
	case record.Draft, record.Reported:
	}
	return "beginning"
}

// doing says what goes on while it stops.
func doing(c *course) string {
	if c.state == record.Cleaned {
		return "removing its canaries"
	}
	return "putting everything back"
}

// figures are RPO and RTO as far as they are known.
func (s *drillScreen) figures(width int) []string {
	t, c := s.host.Look().Theme, s.course
	var steps []string
	for _, r := range c.recovery {
		steps = append(steps, string(r.Step)+" "+wording.Duration(stepTook(r)))
	}
	var lines []string
	if n := len(c.conflicts); n > 0 {
		steps = append(steps, widget.Count(n, "conflict", "conflicts")+" written")
	}
	if len(steps) > 0 {
		lines = append(lines, widget.Fit(" "+t.Strong.Render("RTO so far")+"  "+strings.Join(steps, ", "), width))
	}
	return append(lines, s.question(width)...)
}

// foot is what is changed in AWS now, when that ends by itself, and the key that
// takes it back.
func (s *drillScreen) foot(width int) []string {
	t, c := s.host.Look().Theme, s.course
	there := c.standing.words()
	if c.watched && !c.cleaned() {
		there = append(there, "canaries")
	}
	label, style := "CHANGED IN AWS NOW:", t.Strong
	if len(c.standing.words()) > 0 {
		style = t.Warn.Bold(true)
	}
	text := strings.Join(there, ", ")
	if len(there) == 0 {
		text = "nothing"
	}
	text += "."
	if c.faulty() && c.scope.Kind == record.Cut {
		text += " Side " + string(c.scope.Lost) + " is cut off from this program alone."
	}
	if at := c.ends(s.scale); c.faulty() && !at.IsZero() {
		left := at.Sub(s.host.Now())
		text += widget.Choice(left > 0, " Ends by itself at ", " Was to end by itself at ") + s.at(at).Format(time.TimeOnly)
		if left > 0 {
			text += " (" + clock(left) + " left)"
		}
		text += "."
	}
	switch {
	case s.stopping:
	case c.faulty():
		text += " " + t.Key.Render("U") + " undoes it all."
	case c.restoring():
	default:
		text += " " + t.Key.Render("U") + " ends the drill."
	}
	return append([]string{t.Rule.Render(" " + widget.Dashes(width-2))}, widget.Hang(" ", style.Render(label)+" "+text, width-1)...)
}

// story is what was seen so far, the newest first, and what was found.
func (s *drillScreen) story(width int) (lines []string) {
	t, c := s.host.Look().Theme, s.course
	notes := c.notes
	for i := len(c.changes) - 1; i >= 0; i-- {
		one := c.changes[i]
		for n := len(notes) - 1; n >= 0 && !notes[n].At.Before(one.At); n-- {
			lines, notes = append(lines, s.noted(notes[n], width)...), notes[:n]
		}
		switch {
		case one.Reached:
			text := loud(one.State)
			if one.Why != "" {
				text += ": " + one.Why
			}
			lines = append(lines, widget.Hang(" "+t.Muted.Render(s.at(one.At).Format(time.TimeOnly))+"  ", widget.Clean(text), width-1)...)
		case i == len(c.changes)-1:
			lines = append(lines, widget.Hang(" "+t.Muted.Render(s.at(one.At).Format(time.TimeOnly))+"  ", meanwhile(one.State, c.scope), width-1)...)
		}
	}
	return append(lines, s.findings(width)...)
}

// findings are what was found, the worst first.
func (s *drillScreen) findings(width int) (lines []string) {
	t := s.host.Look().Theme
	marks := map[record.Level]string{record.Blocks: t.Bad.Render("✗"), record.Warns: t.Warn.Render("!"), record.Notes: t.Accent.Render("i")}
	for _, level := range []record.Level{record.Blocks, record.Warns, record.Notes} {
		for _, f := range s.course.found {
			if f.Level != level {
				continue
			}
			text := f.Title + "."
			if f.Text != "" {
				text += " " + strings.TrimSuffix(f.Text, ".") + "."
			}
			if f.Todo != "" {
				text += " To do: " + strings.TrimSuffix(f.Todo, ".") + "."
			}
			if f.Side != "" {
				text = "side " + string(f.Side) + ": " + text
			}
			lines = append(lines, widget.Hang(" "+marks[level]+" ", widget.Clean(text), width-1)...)
		}
	}
	return lines
}

// meanwhile says what goes on in a state until it is reached.
func meanwhile(state record.State, s record.Scope) string {
	switch state {
	case record.Draft, record.Checked:
		return "looking whether the pair is healthy, what both sides have set, and whether they hold the same"
	case record.Baseline:
		return "measuring the steady state: " + wording.Count(s.Least, "canary") + " each way have to arrive"
	case record.Armed:
		return "waiting for the agreement"
	case record.Isolating:
		return "making the fault"
	case record.Isolated:
		if s.Kind == record.Alarm {
			return "letting objects fail, and waiting until an alarm rings"
		}
		if s.Kind == record.Pause {
			return "waiting until canaries show that nothing gets through, either way"
		}
		return "waiting until the fault is seen"
	case record.FailedOver:
		return "failing over: noticing, deciding, writing to side " + string(s.Survivor()) + " and reading that back"
	case record.Frozen:
		return "counting what is not on the other side"
	case record.Restoring:
		return "taking the fault back"
	case record.Draining:
		return "waiting until everything that was held has arrived"
	case record.Converged:
		return "comparing both sides until they hold the same, twice, half a minute apart"
	case record.FailedBack:
		return "measuring the steady state again"
	case record.Cleaned:
		return "removing what the drill made"
	case record.Reported:
	}
	return "ending"
}

// at is an instant on the clock of the console's user.
func (s *drillScreen) at(t time.Time) time.Time { return t.In(s.host.Now().Location()) }
