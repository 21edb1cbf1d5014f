package rehearse

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// drawEnd is a drill that is over: its verdict, what was lost first, the figures,
// whether everything is as it was, and how its evidence is kept.
func (s *drillScreen) drawEnd(width, height int) []string {
	t, c := s.host.Look().Theme, s.course
	var lines []string
	if c.result == nil {
		said := "✗ The drill did not begin."
		if c.state != "" {
			said = "✗ The drill broke off while " + briefly(c.state, c.scope.Kind) + "."
		}
		lines = append(append(lines, "", " "+t.Bad.Render(said)), widget.Hang("   ", widget.Clean(s.failure), width-1)...)
	} else {
		lines = append(s.banner(width), s.reasons(width)...)
	}
	if c.result != nil || s.path != "" {
		lines = append(lines, s.evidenceLines(width)...)
	}
	if height >= lowScreen {
		lines = append(lines, "")
	}
	var body []string
	body = append(append(append(append(body, s.lossLines(width)...), s.recoveryLines(width)...), s.restored(width)...), s.more(width)...)
	return append(lines, s.pane.Draw(t, body, len(lines), height-len(lines))...)
}

// banner is the verdict and whether everything was undone.
func (s *drillScreen) banner(width int) []string {
	t, c := s.host.Look().Theme, s.course
	r := c.result
	symbol, style := "✗", t.Bad
	switch r.Verdict {
	case record.Passed:
		symbol, style = "✓", t.Good
	case record.Stopped:
		symbol, style = "–", t.Warn
	case record.Failed, record.Errored:
	}
	undo, undone := t.Good, "✓ undo "
	if r.Undo != record.Complete {
		undo, undone = t.Bad, "✗ undo "
	}
	left := " " + style.Bold(true).Render(symbol+" "+loud(r.Verdict)) + "   " + undo.Bold(true).Render(undone+loud(r.Undo)) + "   " + rehearsed(c.scope)
	right := t.Muted.Render("drill "+widget.Clean(r.Drill)) + " "
	if ansi.StringWidth(left)+ansi.StringWidth(right) > width {
		right = ""
	}
	return []string{widget.Spread(widget.Fit(left, width), right, width)}
}

// reasons are those of the verdict, and what is left.
func (s *drillScreen) reasons(width int) (lines []string) {
	t, r := s.host.Look().Theme, s.course.result
	for _, why := range r.Why {
		lines = append(lines, widget.Hang("   ", widget.Clean(widget.Upper(strings.TrimSuffix(why, ".")))+".", width-1)...)
	}
	for _, one := range r.Unknown {
		lines = append(lines, widget.Hang(" "+t.Warn.Render("?")+" ", widget.Clean(widget.Upper(one))+".", width-1)...)
	}
	if len(r.Left) > 0 {
		lines = append(lines, widget.Hang(" "+t.Bad.Render("✗")+" ", widget.Clean("Left behind: "+strings.Join(r.Left, ", ")+"."), width-1)...)
	}
	if r.Undo != record.Complete {
		lines = append(lines, widget.Hang("   ", "bothways drill undo takes back what is left; "+t.Key.Render("c")+" copies the lines that do so without it.", width-1)...)
	}
	return lines
}

// evidenceLines say where the evidence is, or how it is written.
func (s *drillScreen) evidenceLines(width int) []string {
	t, e := s.host.Look().Theme, &s.evidence
	label := "   " + t.Muted.Render("evidence  ")
	switch {
	case e.asking:
		return []string{widget.Fit(" "+t.Accent.Render("▸")+" folder   "+e.folder.Draw(t, max(2, width-13)), width)}
	case e.writing:
		return []string{" " + t.Accent.Render(s.host.Look().Spin) + " writing the evidence"}
	case e.failed != "":
		return widget.Hang(" "+t.Bad.Render("✗")+" ", "The evidence was not written: "+widget.Clean(e.failed), width-1)
	case e.wrote != "":
		text := "written to " + widget.Clean(e.wrote) + "; open report.html there. bothways drill verify checks it."
		for _, m := range e.missing {
			text += " The journal lacks " + widget.Clean(m) + "."
		}
		return widget.Hang(" "+t.Good.Render("✓")+" "+t.Muted.Render("evidence  "), text, width-1)
	case s.path == "":
		return widget.Hang(label, "no journal was kept, so that there is none", width-1)
	}
	return widget.Hang(label, t.Key.Render("e")+" writes it, or: bothways drill report "+s.runID+" --to FOLDER", width-1)
}

// lossLines are how much would be lost, the certain first.
func (s *drillScreen) lossLines(width int) (lines []string) {
	t, c := s.host.Look().Theme, s.course
	if c.achieved == nil {
		return nil
	}
	for _, l := range c.achieved.Loss {
		mark, style := t.Good.Render("✓"), t.Good
		if l.Certain+l.Possible > 0 {
			mark, style = t.Warn.Render("!"), t.Strong
		}
		text := lossText(l)
		if rpo := c.scope.Targets.RPO; rpo > 0 && c.scope.Kind == record.Cut {
			text += "; " + against(l.Interval, rpo.Seconds()*1000, wording.Duration(rpo))
			if l.LowMS > rpo.Seconds()*1000 {
				mark, style = t.Bad.Render("✗"), t.Bad
			}
		}
		lines = append(lines, widget.Hang(" "+mark+" "+style.Render("RPO")+"  "+t.Arrow(l.Direction)+"  ", text, width-1)...)
	}
	return lines
}

// lossText is how old the oldest canary was that was missing at the cut, and how
// that is known.
func lossText(l record.LossOf) string {
	if l.HighMS == 0 {
		return fmt.Sprintf("0: all %d canaries that were acknowledged by the cut were there", l.N)
	}
	text := fmt.Sprintf("%s, of %d canaries acknowledged by the cut: %d missing for certain, %d perhaps", interval(l.Interval), l.N, l.Certain, l.Possible)
	if l.Holes > 0 {
		text += ", " + widget.Count(l.Holes, "hole", "holes")
	}
	return text
}

// against holds an interval against a target.
func against(i record.Interval, target float64, words string) string {
	switch {
	case i.HighMS <= target:
		return "target " + words + " met"
	case i.LowMS > target:
		return "target " + words + " missed"
	}
	return "whether the target " + words + " was met can't be told"
}

// recoveryLines are how long it took until the other side served, by its steps.
func (s *drillScreen) recoveryLines(width int) (lines []string) {
	t, c := s.host.Look().Theme, s.course
	if c.achieved == nil || c.achieved.Recovery == nil {
		return nil
	}
	i := *c.achieved.Recovery
	text := interval(i) + ", until a write was read back on side " + string(c.scope.Survivor())
	mark := t.Good.Render("✓")
	if rto := c.scope.Targets.RTO; rto > 0 {
		text += "; " + against(i, rto.Seconds()*1000, wording.Duration(rto))
		if i.LowMS > rto.Seconds()*1000 {
			mark = t.Bad.Render("✗")
		}
	}
	lines = append(lines, widget.Hang(" "+mark+" "+t.Strong.Render("RTO")+"         ", text, width-1)...)
	for _, r := range c.recovery {
		lines = append(lines, widget.Hang("     "+t.Muted.Render(widget.Pad(string(r.Step), 10)), wording.Duration(stepTook(r))+", "+widget.Clean(r.How), width-1)...)
	}
	return lines
}

// restored is the proof that everything is as it was.
func (s *drillScreen) restored(width int) (lines []string) {
	t, c := s.host.Look().Theme, s.course
	if !c.entered(record.Restoring) {
		return nil
	}
	mark, text := t.Bad.Render("✗"), "not shown to be as before"
	if at, is := c.reached(record.Restoring); is {
		mark, text = t.Good.Render("✓"), at.Why
	}
	for _, side := range pair.Sides() {
		before, after := c.configuration(side, record.Before), c.configuration(side, record.After)
		text += "; " + string(side) + " " + sums(before, after)
	}
	lines = append(lines, widget.Hang(" "+mark+" "+t.Strong.Render("back")+"        ", widget.Clean(text), width-1)...)
	if at, is := c.reached(record.Converged); is {
		lines = append(lines, widget.Hang(" "+t.Good.Render("✓")+" "+t.Strong.Render("converged")+"   ", widget.Clean(at.Why), width-1)...)
	}
	if at, is := c.reached(record.FailedBack); is && at.Why != "" {
		lines = append(lines, widget.Hang(" "+t.Good.Render("✓")+" "+t.Strong.Render("steady")+"      ", widget.Clean("again: "+at.Why), width-1)...)
	}
	return lines
}

// configuration is what a side's was at a moment, as it was read last.
func (c *course) configuration(side pair.SideName, m record.Moment) (found record.Configuration) {
	for _, one := range c.configs {
		if one.Side == side && one.Moment == m {
			found = one
		}
	}
	return found
}

// sums are the hashes of a configuration before and after.
func sums(before, after record.Configuration) string {
	const digits = 12
	short := func(c record.Configuration) string { return c.SHA256[:min(digits, len(c.SHA256))] }
	switch {
	case before.SHA256 == "" || after.SHA256 == "":
		return "was not read both times"
	case before.SHA256 == after.SHA256:
		return "SHA-256 " + short(before) + " before and after"
	}
	return "SHA-256 " + short(before) + " before, " + short(after) + " after"
}

// more is what else was seen: alarms, conflicts, notes, findings, and the states.
func (s *drillScreen) more(width int) (lines []string) {
	t, c := s.host.Look().Theme, s.course
	for _, r := range c.rang {
		mark := t.Good.Render("✓")
		if !r.Rang {
			mark = t.Bad.Render("✗")
		}
		lines = append(lines, widget.Hang(" "+mark+" ", widget.Clean(rangText(r)), width-1)...)
	}
	if len(c.conflicts) > 0 {
		lines = append(lines, " "+t.Strong.Render("keys that both sides changed"))
		for _, one := range c.conflicts {
			lines = append(lines, widget.Hang("   ", widget.Clean(conflictText(one)), width-1)...)
		}
	}
	if len(c.notes) > 0 {
		lines = append(lines, " "+t.Strong.Render("notes"))
		for _, n := range c.notes {
			lines = append(lines, s.noted(n, width)...)
		}
	}
	if found := s.findings(width); len(found) > 0 {
		lines = append(append(lines, " "+t.Strong.Render("found")), found...)
	}
	if c.state == "" {
		return lines
	}
	lines = append(lines, " "+t.Strong.Render("states"))
	return append(lines, s.timeline(width)...)
}

// figuresOf are the main figures as plain lines.
func figuresOf(c *course) (lines []string) {
	if c.achieved == nil {
		return nil
	}
	for _, l := range c.achieved.Loss {
		lines = append(lines, "RPO "+l.Direction.Arrow()+"  "+lossText(l))
	}
	if r := c.achieved.Recovery; r != nil {
		lines = append(lines, "RTO  "+interval(*r))
	}
	return lines
}
