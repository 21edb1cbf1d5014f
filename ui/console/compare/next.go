package compare

import (
	"fmt"
	"strings"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// next is the one thing to do next, in a sentence: a key, and what it does. The key
// is "" where there is nothing to press.
func (s *auditScreen) next() (key, says string) {
	switch {
	case s.past != "":
		return "", "An earlier audit: what it found may be put right by now. To compare again choose its pair."
	case s.stopping && s.run != nil:
		return "", "It stops; what was compared is kept."
	case s.run != nil:
		return "", "Nothing to do yet: it reads only, and goes on by itself."
	case s.result == nil:
		return "", ""
	case !s.result.Complete && s.runID != "":
		return "g", "to go on where it stopped: what was compared is kept."
	case !s.result.Complete:
		return "r", "to compare again: this one was not recorded."
	}
	key, says = s.nextOf(mendingOf(s.progress.Tally), words.Sum(s.progress.Tally))
	if key == "b" && s.readOnly() {
		says = "to see what would put that right: nothing is changed here."
	}
	return key, says
}

func (s *auditScreen) readOnly() bool { return s.host.Settings().ReadOnly != "" }

// nextOf is the same of an audit that came to its end.
func (s *auditScreen) nextOf(m mending, sum words.Summary) (key, says string) {
	named := places(s.wanted)
	switch {
	case m.Broken() && m.Now() == 0:
		return "d", "first: " + m.matter(named) + ", and nothing can be put right before that is."
	case m.Broken():
		return "d", fmt.Sprintf("first: %s, which keeps back %s; b %s the other %s right.",
			m.matter(named), words.Number(m.waits), widget.Choice(s.readOnly(), "shows what puts", "puts"), words.Number(m.Now()))
	case m.copies > 0:
		return "b", s.copying()
	case m.choices > 0:
		return "b", "and say which place has it right: nobody else can tell. A plan comes first."
	case m.leftOut > 0:
		return "esc", "twice to the options: what is missing is left out by the prefix there, or for its KMS encryption. Let it be taken, then audit again."
	case m.archive > 0:
		return "", "Restore them from the archive first, then r compares again; enter names them."
	case m.look > 0:
		return "enter", "to see which: nobody can tell from here which place has it right."
	case sum.Open.Versions > 0:
		return "enter", "to see why these can't be told: mostly a right is missing. Add it, then r."
	case sum.All == 0 && s.wanted.Options.Prefix != "":
		return "esc", "twice to the options, where the prefix stands."
	case sum.All == 0:
		return "", "There is nothing to compare."
	case sum.Waiting.Versions > 0:
		return "r", "in some minutes: what was on its way is looked at then."
	case s.deep == nil:
		return "", "Nothing to do. l looks closely at some files, p at the buckets' settings."
	}
	return "", "Nothing to do."
}

// copying says what a backfill does, and where to.
func (s *auditScreen) copying() string {
	sum := words.Sum(s.progress.Tally)
	a, b := sum.Missing[pair.A].Versions, sum.Missing[pair.B].Versions
	others := sum.Conflicts.Versions + sum.Rivals + sum.Differing.Versions + sum.Deletions[pair.A].Versions + sum.Deletions[pair.B].Versions
	them := func(n int64) string { return widget.Choice(n == 1, "it", "them") }
	switch {
	case others == 0 && a == 0:
		return "to copy " + them(b) + " to " + widget.Clean(places(s.wanted)[pair.B]) + ": a plan and its price come first."
	case others == 0 && b == 0:
		return "to copy " + them(a) + " to " + widget.Clean(places(s.wanted)[pair.A]) + ": a plan and its price come first."
	}
	return "to put that right: a plan and its price come first."
}

// nextLines draws the one thing to do next.
func (s *auditScreen) nextLines(width int) []string {
	key, says := s.next()
	if says == "" {
		return nil
	}
	t := s.host.Look().Theme
	if key == "" {
		lines := widget.Hang("   ", widget.Clean(says), width-1)
		for i, line := range lines {
			lines[i] = t.Muted.Render(line)
		}
		return lines
	}
	press := "Press " + key + " "
	lines := widget.Hang("   ", press+widget.Clean(says), width-1)
	lines[0] = strings.Replace(lines[0], press, "Press "+t.Key.Render(key)+" ", 1)
	return lines
}

// headline is what there is to say where nothing is wrong.
func (s *auditScreen) headline() (said string, good bool) {
	tally := s.progress.Tally
	complete := s.result != nil && s.result.Complete
	sum := words.Sum(tally)
	switch prefix := s.wanted.Options.Prefix; {
	case !complete && s.progress.Candidates > 0:
		n := s.progress.Candidates
		said = "So far " + words.Number(n) + widget.Choice(n == 1, " looks", " look") + " different and " + widget.Choice(n == 1, "is", "are") + " being looked at again"
		if same := tally.Of(difference.Fine).Versions; same > 0 {
			said += "; " + words.Number(same) + widget.Choice(same == 1, " is", " are") + " the same"
		}
		return said + ".", false
	case complete && sum.All == 0 && prefix != "" && s.result.Lists == nil:
		return fmt.Sprintf("No file begins with %q in %s or %s: nothing was compared.", prefix, places(s.wanted)[pair.A], places(s.wanted)[pair.B]), false
	}
	lists := s.started.Lists
	if s.result != nil {
		lists = s.result.Lists
	}
	return words.Headline(tally, complete, lists), complete && sum.All > 0 && tally.Of(difference.Open).Versions == 0
}
