package change

import (
	"fmt"
	"maps"
	"slices"
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
			text := amount(way.Versions, "version") + ", " + wording.Size(way.Bytes) + ", by a job of S3 Batch Replication"
			if way.Finishes {
				text = "follows the job of an earlier run to its end"
			}
			lines = append(lines, widget.Fit(" "+t.Arrow(d)+"  "+text, width))
		}
	}
	for _, side := range pair.Sides() {
		if n := p.Copies[side]; n > 0 {
			lines = append(lines, widget.Fit(" on "+string(side)+"   "+amount(n, "file")+" written again, as "+widget.Choice(n == 1, "a new version", "new versions"), width))
		}
		if n := p.Marks[side]; n > 0 {
			lines = append(lines, widget.Fit(" on "+string(side)+"   "+amount(n, "file")+" deleted, as on side "+string(side.Other()), width))
		}
	}
	if s.winner != "" {
		lines = append(lines, widget.Fit("        where the sides serve different versions, "+winnerText(s.winner)+" wins (w)", width))
	}
	for _, text := range alone(p) {
		lines = append(lines, widget.Hang(" "+t.Warn.Render("!")+" ", text, width-1)...)
	}
	if p.Looked.Versions > 0 && (p.Looked.All() || p.Looked.Stand > 0) {
		lines = append(lines, widget.Hang(" "+t.Good.Render("✓")+" ", widget.Upper(widget.Clean(p.Looked.Words()))+".", width-1)...)
	}
	if len(lines) == 0 {
		lines = append(lines, " "+t.Good.Render("✓")+" Nothing is left to put right.")
	}
	return lines
}

// alone says what the plan leaves alone, and what would change that.
func alone(p backfill.Plan) []string {
	var said, keys []string
	for _, one := range []struct {
		consent     backfill.Consent
		key, single string
		many        string
	}{
		{backfill.ToCopies, "a", "writes again 1 that is gone there", "writes again %s that are gone there"},
		{backfill.ToWinner, "w", "says who wins in 1", "says who wins in %s"},
		{backfill.ToMarkers, "t", "repeats 1 deletion there", "repeats %s deletions there"},
	} {
		switch n := p.Consents[one.consent]; {
		case n == 1:
			keys = append(keys, one.key+" "+one.single)
		case n > 1:
			keys = append(keys, one.key+" "+fmt.Sprintf(one.many, humanize.Comma(n)))
		}
	}
	if len(keys) > 0 {
		said = append(said, "More if you agree: "+strings.Join(keys, ", ")+".")
	}
	if n := p.Untried[backfill.Unhealthy]; n > 0 {
		said = append(said, humanize.Comma(n)+widget.Choice(n == 1, " waits", " wait")+" until the replication itself is repaired: d says how.")
	}
	return append(said, others(p.Untried)...)
}

// others says what is left alone whatever somebody agrees to.
func others(untried map[backfill.Reason]int64) []string {
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(untried)) {
		switch reason {
		case backfill.NotAgreed, backfill.NoWinner, backfill.Unhealthy:
		default:
			parts = append(parts, humanize.Comma(untried[reason])+" "+string(reason))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{"Left alone: " + strings.Join(parts, ", ") + "; the list says why."}
}

func amount(n int64, what string) string {
	return humanize.Comma(n) + " " + what + widget.Choice(n == 1, "", "s")
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
	for i, l := range s.left {
		text := widget.Clean(leftText(l))
		if len(s.left) == 1 {
			return append(append(lines, widget.Hang("   ", text, width-1)...), leftAlone(t, r, width)...)
		}
		if i == 3 {
			break
		}
		lines = append(lines, widget.Fit("   "+text, width))
	}
	return append(lines, leftAlone(t, r, width)...)
}

// leftAlone counts what the run had no consent to, or no hope.
func leftAlone(t widget.Theme, r *backfill.Result, width int) []string {
	alone := r.Alone()
	if alone == 0 {
		return nil
	}
	return widget.Hang(" "+t.Warn.Render("!")+" ", amount(alone, "other difference")+widget.Choice(alone == 1, " was", " were")+" left alone: r says what is to be agreed to or repaired first.", width-1)
}

func leftText(l backfill.Left) string {
	text := l.Key + ": " + l.Words
	if l.Todo != "" {
		text += " " + l.Todo
	}
	return text
}
