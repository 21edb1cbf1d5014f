package measure

import (
	"slices"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
)

// tally counts a direction's probes by what became of them. Every number of
// probes on a screen is one of these, so that no two of them differ.
type tally struct {
	arrived, gaveUp, failed, interrupted, suspended int
	flying                                          int // in flight, those that still upload included
}

// lost are the probes of which it is known that they did not arrive, or not in time.
func (t tally) lost() int { return t.gaveUp + t.failed }

// ended counts the probes whose fate is known.
func (t tally) ended() int { return t.arrived + t.lost() }

func (t *tally) add(outcome probe.Outcome) {
	switch outcome {
	case probe.Replicated:
		t.arrived++
	case probe.GaveUp:
		t.gaveUp++
	case probe.Failed:
		t.failed++
	case probe.Interrupted:
		t.interrupted++
	case probe.Suspended:
		t.suspended++
	}
}

// tallyOf is what a summary of a run that is over counted.
func tallyOf(s stats.Summary) tally {
	return tally{arrived: s.Replicated, gaveUp: s.GaveUp, failed: s.Failed, interrupted: s.Interrupted, suspended: s.Suspended}
}

// tallies are those of both directions.
func (m *measurement) tallies() (both [2]tally) {
	both = m.counted
	if m.ended.IsZero() {
		for _, f := range m.flight {
			both[f.direction].flying++
		}
	}
	return both
}

// sizesSeen are the sizes that were planned and those that came besides, the
// smallest first.
func (m *measurement) sizesSeen() []int64 {
	sizes := slices.Concat(m.cfg.Sizes, m.compared().Sizes())
	slices.Sort(sizes)
	return slices.Compact(sizes)
}

// tookTallies counts what an earlier run's statistics counted.
func (m *measurement) tookTallies(c *stats.Collector) {
	for _, d := range pair.Directions() {
		m.counted[d] = tallyOf(c.Direction(d))
	}
}
