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
// what any of them says, and is never wider than it was. Where all brackets have
// the same ends, what is known is such a bracket, and the interval has it whole.
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
	if float64(q.Upper-q.Lower) <= wideBeside*float64(end-probe.Duration(from)) {
		return
	}
	e, ok := g.estimate()
	if !ok {
		return
	}
	if q.Lower > 0 { // else it falls among what the first poll found
		q.Lower = max(q.Lower, probe.Duration(min(from, e.Smooth.From(lower), e.Likeliest.From(lower))))
	}
	if latest := max(to, e.Smooth.To(upper), e.Likeliest.To(upper)); !q.Open && !math.IsInf(latest, 1) {
		q.Upper = min(q.Upper, probe.Duration(latest))
	}
}
