package change

import (
	"slices"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/ui/console/widget"
)

// showsEvidence says whether what was read is in front: where nothing is wrong it is
// the whole answer.
func (s *doctorScreen) showsEvidence() bool {
	return s.done && (s.evidence || len(s.troubles) == 0)
}

// evidenceLines are the checklist: what was read, what it says, and what only a
// canary proves. What is the same both ways stands once.
func (s *doctorScreen) evidenceLines(width int) (lines []string) {
	t := s.host.Look().Theme
	add := func(c doctor.Check, where string) {
		symbol, style := t.Seen(c.Seen)
		label := " " + style.Render(symbol) + " " + widget.Pad(c.What, 11) + widget.Pad(where, 6) + " "
		lines = append(lines, widget.Hang(label, widget.Clean(c.Says), max(width-1, ansi.StringWidth(label)+8))...)
	}
	there, back := s.health[pair.AtoB].Checks, s.health[pair.BtoA].Checks
	for _, c := range there {
		same := slices.IndexFunc(back, func(o doctor.Check) bool { return o.What == c.What && o.Says == c.Says && o.Seen == c.Seen })
		if same >= 0 {
			add(c, "both")
			continue
		}
		add(c, t.Arrow(pair.AtoB))
		if other := slices.IndexFunc(back, func(o doctor.Check) bool { return o.What == c.What }); other >= 0 {
			add(back[other], t.Arrow(pair.BtoA))
		}
	}
	return lines
}
