package compare

import (
	"slices"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
)

// mending is what can be put right now, and what keeps the rest from it.
type mending struct {
	copies  int64 // versions that a backfill copies, and delete markers that it places
	choices int64 // keys of which somebody has to choose a version first
	waits   int64 // versions for which the replication itself has to be repaired first
	leftOut int64 // versions that a rule in order does not take
	archive int64 // versions that have to be restored first
	look    int64 // of which nobody can tell from here what is right
	broken  map[pair.Direction]difference.Cause
}

// mendingOf sums up what was found by what puts it right.
func mendingOf(t difference.Tally) mending {
	m := mending{broken: map[pair.Direction]difference.Cause{}}
	for _, g := range t.Groups {
		switch g.Remedy {
		case difference.Replicate, difference.ReplicateHidden, difference.CopyInPlace, difference.PlaceMarker:
			m.copies += g.Versions
		case difference.ChooseWinner:
			m.choices += g.Keys
		case difference.Restore:
			m.archive += g.Versions
		case difference.Look:
			if g.Verdict.Severity() == difference.Wrong {
				m.look += g.Versions
			}
		case difference.Widen:
			m.leftOut += g.Versions
		case difference.Repair:
			m.waits += g.Versions
			ways := pair.Directions()
			if d, one := g.Way.Direction(); one {
				ways = []pair.Direction{d}
			}
			for _, d := range ways {
				m.broken[d] = g.Cause
			}
		case difference.NoRemedy, difference.Wait:
		}
	}
	if len(m.broken) == len(pair.Directions()) { // a winner is copied in place, to replicate
		m.waits += m.choices
		m.choices = 0
	}
	return m
}

// Broken says that the replication itself is missing or broken.
func (m mending) Broken() bool { return len(m.broken) > 0 }

// Now is how much a backfill has to do now.
func (m mending) Now() int64 { return m.copies + m.choices }

// matter says what is wrong with the replication itself, in a part of a sentence.
func (m mending) matter(named words.Places) string {
	var causes []difference.Cause
	way := "both ways"
	for _, d := range pair.Directions() {
		if cause, is := m.broken[d]; is {
			if len(m.broken) == 1 {
				way = "from " + named[d.From()] + " to " + named[d.To()]
			}
			causes = append(causes, cause)
		}
	}
	is := func(c difference.Cause) bool {
		return !slices.ContainsFunc(causes, func(other difference.Cause) bool { return other != c })
	}
	switch {
	case is(difference.NoRule):
		return "copying " + way + " is not set up"
	case is(difference.MissingRight):
		return "copying " + way + " lacks a right"
	}
	return "copying " + way + " is broken"
}
