package words

import (
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// Part is how much of something there is.
type Part struct {
	Keys, Versions, Bytes, Markers int64
	// Current are the versions that their side serves, Alone those whose key the
	// other side serves not at all.
	Current, Alone int64
}

func (p *Part) add(g difference.Grouped) {
	p.Keys += g.Keys
	p.Versions += g.Versions
	p.Bytes += g.Bytes
	p.Markers += g.Markers
	p.Current += g.Current
	p.Alone += g.Alone
}

// Summary is what an audit's first sentences are about.
type Summary struct {
	All       int64                  // versions of both sides, each counted once
	Missing   map[pair.SideName]Part // on that side
	Deletions map[pair.SideName]Part // that did not travel to that side
	Conflicts Part                   // keys of which each side serves another version
	Rivals    int64                  // keys of which each side serves a version that the other has not
	Differing Part                   // versions that can't both be right
	Open      Part                   // not known to be right
	Waiting   Part                   // on their way, or too young
	Backfill  Part                   // what a backfill puts right by itself
	Choice    Part                   // what it does once a winner is chosen
	Repair    Part                   // what it does once the pair is repaired
}

// Sum sums up what was counted.
func Sum(t difference.Tally) Summary {
	s := Summary{Rivals: t.Rivals, Missing: map[pair.SideName]Part{}, Deletions: map[pair.SideName]Part{}}
	for _, count := range t.Verdicts {
		s.All += count.Versions
	}
	for _, g := range t.Groups {
		s.place(g)
		switch g.Remedy {
		case difference.Replicate, difference.ReplicateHidden, difference.CopyInPlace, difference.PlaceMarker:
			s.Backfill.add(g)
		case difference.ChooseWinner:
			s.Choice.add(g)
		case difference.Repair:
			s.Repair.add(g)
		case difference.NoRemedy, difference.Wait, difference.Look, difference.Restore, difference.Widen:
		}
	}
	s.Waiting.Versions += t.Verdicts[difference.Young].Versions - s.grouped(t, difference.Young)
	return s
}

// place says where in the sentences a group belongs.
func (s *Summary) place(g difference.Grouped) {
	switch {
	case g.Verdict == difference.Conflict:
		s.Conflicts.add(g)
	case g.Verdict == difference.MarkerStayed:
		to(s.Deletions, g)
	case g.Verdict.Severity() == difference.Wrong && g.Only != "":
		to(s.Missing, g)
	case g.Verdict.Severity() == difference.Wrong:
		s.Differing.add(g)
	case g.Verdict.Severity() == difference.Open:
		s.Open.add(g)
	case g.Verdict.Severity() == difference.Waiting:
		s.Waiting.add(g)
	}
}

// grouped is how many versions of a verdict are in the groups: those that were
// only counted are in none.
func (*Summary) grouped(t difference.Tally, v difference.Verdict) (n int64) {
	for _, g := range t.Groups {
		if g.Verdict == v {
			n += g.Versions
		}
	}
	return n
}

// to counts what is missing on the side that has it not.
func to(parts map[pair.SideName]Part, g difference.Grouped) {
	there := g.Only.Other()
	part := parts[there]
	part.add(g)
	parts[there] = part
}

// Wrong says that something is not as it should be.
func (s Summary) Wrong() bool {
	return s.Conflicts.Versions > 0 || s.Differing.Versions > 0 || s.Missing[pair.A].Versions > 0 || s.Missing[pair.B].Versions > 0 ||
		s.Deletions[pair.A].Versions > 0 || s.Deletions[pair.B].Versions > 0
}
