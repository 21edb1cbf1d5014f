package stats

import (
	"math"
	"slices"
	"sync"

	"bothways/probe"
	"bothways/probe/stats/turnbull"
)

const (
	// mostBrackets is how many arrivals of a group have their brackets kept in
	// pairs: 320 kB.
	mostBrackets = 20_000
	// fewestSharp is how many arrivals it takes: of fewer, chance makes an interval
	// so wide that the brackets hardly count.
	fewestSharp = 100
	// wideBeside is by how much an interval out to the brackets' ends is wider than
	// that of their middles where it is made sharper.
	wideBeside = 1.15
	// mostBeginnings is beyond how many of brackets the lower end goes at most where
	// some times were cut off: of 1 to 4 the first with which intervals cover of ticks
	// that the brackets hardly tell apart.
	mostBeginnings = 4
)

// brackets are those of a group's arrivals, up to mostBrackets of them.
type brackets struct {
	kept   []turnbull.Bracket
	off    bool   // there were too many, or nobody asks
	found  *found // shared with snapshots until they take samples of their own
	shared bool   // found is that of the group that this is a snapshot of
}

// found are the estimates of a group that had so many arrivals and cut off times:
// as these only ever come to it, they are the same samples whenever it has as many.
type found struct {
	mu               sync.Mutex
	arrived, cut     int
	estimates        turnbull.Estimates
	estimated, tried bool
}

func (b *brackets) add(low, high float64) {
	if b.off {
		return
	}
	if len(b.kept) == mostBrackets {
		b.drop()
		return
	}
	b.kept = append(b.kept, turnbull.Bracket{Low: low, High: high})
}

// drop leaves intervals as wide as the brackets from now on.
func (b *brackets) drop() { *b = brackets{off: true} }

// snapshot is a copy; both can be added to.
func (b *brackets) snapshot() brackets {
	copied := *b
	copied.kept, copied.shared = slices.Clip(b.kept), true
	return copied
}

// grows makes ready for another time, arrived or cut off.
func (b *brackets) grows() {
	if b.found == nil || b.shared {
		b.found, b.shared = &found{}, false
	}
}

// estimate is of the arrivals' brackets and what was cut off. It is made once for
// as many samples.
func (g *group) estimate() (turnbull.Estimates, bool) {
	f := g.brackets.found
	f.mu.Lock()
	defer f.mu.Unlock()
	cut := &g.times.censored
	if f.tried && f.arrived == len(g.brackets.kept) && f.cut == cut.n {
		return f.estimates, f.estimated
	}
	all := append(make([]turnbull.Bracket, 0, len(g.brackets.kept)+cut.n), g.brackets.kept...)
	for i := range cut.pieces() {
		for _, longerThan := range cut.piece(i) {
			all = append(all, turnbull.Bracket{Low: longerThan, High: math.Inf(1)})
		}
	}
	f.estimates, f.estimated = turnbull.Estimate(all)
	f.tried, f.arrived, f.cut = true, len(g.brackets.kept), cut.n
	return f.estimates, f.estimated
}

// sharpen narrows an interval that goes from one share's times out to another's,
// at the brackets' ends, where the brackets make it much wider than chance does. The brackets of
// many samples overlap, and together tell more than their outer ends.
//
// Three estimates are asked: the brackets' middles, the most likely distribution,
// and a smooth one between the two. Each fails where another holds: middles are off
// where the brackets are longer than what the times' distribution has of peaks, but vary no
// more than exact times; the most likely distribution is never off where there
// are many samples, but varies more than the binomial's ranks allow for. The interval holds
// what any of them says, and its upper end is never later than it was, nor, where
// no times were cut off, its lower one earlier. Where all brackets have
// the same ends, what is known is such a bracket, and the interval has it whole.
//
// Where times were cut off, the lower ends are no bound: what was cut off between two
// ends of a tick's brackets counts as gone before it. The estimates, which know both,
// are taken alone there, down to where single brackets may have kept them away from a
// tick.
//
// A held answer came when the object did, so that the end of its bracket tells of
// the time: with any of them, the interval stays as it is.
func (g *group) sharpen(q *Quantile, lower, upper float64) {
	if q.State != Known || g.brackets.off || len(g.brackets.kept) < fewestSharp || g.held.n > 0 {
		return
	}
	from, ok := g.times.quantile(lower, false)
	if !ok {
		return
	}
	to, end := math.Inf(1), q.Upper
	if !q.Open {
		if to, ok = g.times.quantile(upper, false); !ok {
			return
		}
		end = probe.Duration(to)
	}
	least, cut := wideBeside, g.times.censored.n > 0
	if cut {
		least = 1
	}
	if float64(q.Upper-q.Lower) <= least*float64(end-probe.Duration(from)) {
		return
	}
	e, ok := g.estimate()
	if !ok {
		return
	}
	switch {
	case q.Lower == 0: // it falls among what the first poll found
	case cut:
		n := g.beginnings(from)
		q.Lower = probe.Duration(min(from, e.Smooth.Before(lower, n), e.Likeliest.Before(lower, n)))
	default:
		q.Lower = max(q.Lower, probe.Duration(min(from, e.Smooth.From(lower), e.Likeliest.From(lower))))
	}
	if latest := max(to, e.Smooth.To(upper), e.Likeliest.To(upper)); !q.Open && !math.IsInf(latest, 1) {
		q.Upper = min(q.Upper, probe.Duration(latest))
	}
}

// beginnings is beyond how many of brackets the lower end goes: one for each tenth of
// the times that were still watched then, as where few are left they lie far apart.
func (g *group) beginnings(at float64) int {
	left := g.times.n() - g.times.events.below(at) - g.times.censored.below(at)
	return min(mostBeginnings, int(math.Round(10*float64(left)/float64(g.times.n()))))
}
