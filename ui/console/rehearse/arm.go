package rehearse

import (
	"fmt"
	"slices"

	"bothways/aws/drill/record"
	"bothways/probe/cost"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// drawArming is what somebody agrees to, and the field for the pair's name. The
// field stays in view; what there is above it scrolls.
func (s *drillScreen) drawArming(width, height int) []string {
	t, a, c := s.host.Look().Theme, s.arming, s.course
	room := min(largestName, width-8)
	ask := append(widget.Hang(" ", "To agree, type the pair's name: "+t.Strong.Render(widget.Clean(a.radius.Typed)), width-1),
		" "+t.Accent.Render("▸")+" [ "+widget.Pad(a.field.Draw(t, room), room)+" ]")
	title := []string{" " + t.Title.Render("Agree to this drill?") + "   " + t.Muted.Render(rehearsed(c.scope))}
	terms := s.pane.Draw(t, s.terms(width), len(title), height-len(title)-len(ask)-1)
	return slices.Concat(title, terms, []string{t.Rule.Render(" " + widget.Dashes(width-2))}, ask)
}

// terms are what is agreed to: for how long and how much, and what it changes.
func (s *drillScreen) terms(width int) (lines []string) {
	t, a, c := s.host.Look().Theme, s.arming, s.course
	add := func(label, text string) {
		lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(label, nameWidth)), widget.Clean(text), width-1)...)
	}
	add("so far", "nothing is changed but canaries")
	add("whose", s.host.Chosen().Account())
	add("costs", s.costs())
	if at, is := c.reached(record.Baseline); is && at.Why != "" {
		add("steady state", at.Why)
	}
	if n := len(a.radius.Lines); n > 0 {
		add("undo", fmt.Sprintf("U here, bothways drill undo, or %s of the AWS CLI, which are in the journal", wording.Count(n, "line")))
	}
	for _, words := range a.radius.Words() {
		lines = append(lines, widget.Hang(" "+t.Accent.Render("·")+" ", widget.Clean(words), width-1)...)
	}
	return append(lines, s.findings(width)...)
}

// largestName is how wide the field for the name gets.
const largestName = 130

// costs is what the drill costs at most, as it says itself where it does.
func (s *drillScreen) costs() string {
	if c := s.course.cost; c != nil && c.Estimated {
		return fmt.Sprintf("at most %s, at AWS's list prices of %s", cost.Sum(c.Dollars), c.PricesAsOf)
	}
	return price(s.course.scope, s.host.Chosen().Access.Sandbox)
}
