package change

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"bothways/aws/backfill"
	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// Draw implements host.Screen.
func (s *backfillScreen) Draw(width, height int) []string {
	t := s.host.Look().Theme
	switch {
	case s.steps != nil:
		lines := s.news(width)
		s.top = len(lines)
		return append(lines, s.steps.Draw(width, height-len(lines))...)
	case s.asking:
		doing := "reading the audit's differences and what is there: "
		if n := s.looked.Load(); n > 0 {
			doing = "looking again at what the audit found, on both sides: " + widget.Choice(n == 1, "1 version", humanize.Comma(n)+" versions") + ", "
		}
		return []string{
			"", widget.Fit(" "+t.Accent.Render(s.host.Look().Spin)+" "+doing+wording.Duration(s.host.Now().Sub(s.asOf)), width), "",
			t.Muted.Render("   Nothing is changed."),
		}
	case s.failure != "":
		lines := []string{"", " " + t.Bad.Render("✗ The backfill could not be planned.")}
		lines = append(lines, widget.Hang("   ", widget.Clean(s.failure), width-1)...)
		return append(lines, widget.Hang("   ", "Nothing was changed. r plans again, esc goes back.", width-1)...)
	case s.found == nil:
		return []string{"", t.Muted.Render("   nothing was planned: r plans")}
	}
	return s.review(t, s.found.Plan().Plan, s.summary(width), width, height)
}

// summary says what the plan does, and what it leaves alone.
func (s *backfillScreen) summary(width int) []string {
	t, p := s.host.Look().Theme, s.found.Plan()
	var lines []string
	for _, d := range pair.Directions() {
		if way, some := p.Ways[d]; some && (way.Versions > 0 || way.Finishes) {
			text := humanize.Comma(way.Versions) + " versions, " + wording.Size(way.Bytes) + ", by a job of S3 Batch Replication"
			if way.Finishes {
				text = "follows the job of an earlier run to its end"
			}
			lines = append(lines, widget.Fit(" "+t.Arrow(d)+"  "+text, width))
		}
	}
	for _, side := range pair.Sides() {
		if n := p.Copies[side]; n > 0 {
			lines = append(lines, widget.Fit(" on "+string(side)+"   "+humanize.Comma(n)+" copied in place, as new versions", width))
		}
		if n := p.Marks[side]; n > 0 {
			lines = append(lines, widget.Fit(" on "+string(side)+"   "+humanize.Comma(n)+" delete markers placed", width))
		}
	}
	if n := p.Alone(); n > 0 {
		lines = append(lines, widget.Hang(" "+t.Warn.Render("!")+" ", humanize.Comma(n)+" left alone; a, w and t agree to more, see the list.", width-1)...)
	}
	if p.Looked.Versions > 0 && (p.Looked.All() || p.Looked.Stand > 0) {
		lines = append(lines, widget.Hang(" "+t.Good.Render("✓")+" ", widget.Upper(widget.Clean(p.Looked.Words()))+".", width-1)...)
	}
	if len(lines) == 0 {
		lines = append(lines, " "+t.Good.Render("✓")+" Nothing is left to put right.")
	}
	return lines
}

// backfillBar is the width of a direction's bar.
const backfillBar = 20

// news is where the jobs stand, and at the end what is left.
func (s *backfillScreen) news(width int) []string {
	t := s.host.Look().Theme
	if s.result != nil {
		return s.outcome(width)
	}
	var lines []string
	for _, d := range pair.Directions() {
		p, some := s.progress[d]
		if !some {
			continue
		}
		text := widget.Clean(p.State)
		if p.Total > 0 {
			full := int(backfillBar * min(p.Done+p.Failed, p.Total) / p.Total)
			text += "  " + t.Direction[d].Render(strings.Repeat("█", full)) + t.Rule.Render(strings.Repeat("·", backfillBar-full)) +
				fmt.Sprintf("  %s of %s", humanize.Comma(p.Done), humanize.Comma(p.Total))
			if p.Failed > 0 {
				text += t.Bad.Render(", " + humanize.Comma(p.Failed) + " failed")
			}
			if p.PerSecond > 0 {
				text += ", " + wording.Rate(p.PerSecond) + " a second"
			}
			if p.Left >= 0 {
				text += ", about " + wording.Duration(p.Left) + " left"
			}
		}
		if p.Note != "" {
			text += "  " + t.Muted.Render(widget.Clean(p.Note))
		}
		lines = append(lines, widget.Fit(" "+t.Arrow(d)+"  "+text, width))
	}
	return lines
}

// outcome says what is left, and when that was looked at.
func (s *backfillScreen) outcome(width int) []string {
	t, r := s.host.Look().Theme, s.result
	mark := t.Good.Render("✓")
	if r.Left() > 0 {
		mark = t.Bad.Render("✗")
	}
	lines := widget.Hang(" "+mark+" ", widget.Clean(r.Words())+".", width-1)
	if alone := r.Alone(); alone > 0 {
		lines = append(lines, widget.Hang(" "+t.Warn.Render("!")+" ", humanize.Comma(alone)+widget.Choice(alone == 1, " difference was", " differences were")+" left alone; the audit names each.", width-1)...)
	}
	for i, l := range s.left {
		if i == 3 {
			break
		}
		lines = append(lines, widget.Fit("   "+widget.Clean(leftText(l)), width))
	}
	return lines
}

func leftText(l backfill.Left) string {
	text := l.Key + ": " + l.Words
	if l.Todo != "" {
		text += " " + l.Todo
	}
	return text
}
