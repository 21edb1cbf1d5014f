package compare

import (
	"maps"
	"slices"

	"bothways/ui/console/widget"
)

// How many random versions are looked at closely: of 300 without a bad one it is
// known that less than 1 % of all are, with 95 % confidence; each next time ten
// times as many.
const (
	firstClosely = 300
	mostClosely  = 30_000
)

// nextCloser is how many versions are looked at closely next; 0: no more.
func (s *auditScreen) nextCloser() int {
	switch {
	case s.deep == nil:
		return firstClosely
	case s.closely >= mostClosely || s.deep.Drawn < s.closely: // all there are were looked at
		return 0
	}
	return 10 * s.closely
}

// closer says what came of looking closely.
func (s *auditScreen) closer(width int) []string {
	t := s.host.Look().Theme
	switch {
	case s.failure != "" && s.result != nil:
		return widget.Hang(" "+t.Bad.Render("✗")+" ", widget.Clean("Looking closely failed: "+s.failure), width-1)
	case s.deep == nil:
		return nil
	}
	mark := t.Good.Render("✓")
	switch {
	case s.deep.Whole.Bad > 0:
		mark = t.Bad.Render("✗")
	case s.deep.Whole.Looked == 0:
		mark = t.Warn.Render("?")
	}
	said := widget.Upper(s.deep.Says) + "."
	if len(s.sampled) > 0 {
		said += " i shows in what they differ."
	}
	return widget.Hang(" "+mark+" ", widget.Clean(said), width-1)
}

// samplesNotes lists the versions in which something differs that no listing shows.
func (s *auditScreen) samplesNotes() *notes {
	t := s.host.Look().Theme
	n := &notes{host: s.host, head: []string{widget.Upper(s.deep.Says) + "."}}
	for _, v := range s.sampled {
		one := note{symbol: "✗", style: t.Bad, title: v.Key}
		if !v.Bad() {
			one.symbol, one.style = "?", t.Warn
		}
		one.say("version", v.VersionID)
		for _, aspect := range slices.Sorted(maps.Keys(v.Differences)) {
			one.say("differs", string(aspect)+": "+v.Differences[aspect])
		}
		for _, aspect := range slices.Sorted(maps.Keys(v.Unread)) {
			one.say("not read", string(aspect)+": "+v.Unread[aspect])
		}
		switch {
		case v.Gone:
			one.say("", "It was deleted meanwhile.")
		case v.UnderWay:
			one.say("", "A change of it is still on its way, which may be why.")
		}
		n.all = append(n.all, one)
	}
	return n
}
