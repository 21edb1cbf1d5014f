package stats

import (
	"slices"
	"time"

	"bothways/probe"
	"bothways/probe/wording"
)

// State says what is known about a quantile.
type State int

// The states of a quantile.
const (
	// NotEnough: too few samples for a 95 % interval, so no number is quoted.
	NotEnough State = iota
	// Known: Value, Lower and Upper hold.
	Known
	// Beyond: it falls among the censored values, so it is more than Value.
	Beyond
	// AtMost: it falls among samples that the first poll found, or on a held
	// answer, so it is at most Value.
	AtMost
)

// Quantile is a quantile of the replication time with its distribution-free
// 95 % interval.
type Quantile struct {
	// Missing is how many more samples it takes, in the state NotEnough: 0 where
	// that can't be said, because censored samples tell less than arrivals.
	Missing int
	State   State
	// Bursts: there would be enough, were those that follow each other not alike.
	Bursts bool
	// Value is the estimate. In the state NotEnough it is the middle of the
	// samples so far (0 without any), good for a chart's mark but not for
	// quoting; in the state Beyond it is a time that the quantile exceeds whatever
	// becomes of the censored values.
	Value time.Duration
	// AtFirst: the quantile falls among samples that the first poll found, or on
	// a held answer, also where there are not enough. Value is then the same quantile of the
	// brackets' upper ends, which it does not exceed.
	AtFirst bool
	// Lower and Upper are the 95 % interval, in all states but NotEnough.
	Lower, Upper time.Duration
	// Open: the interval has no upper end, because it falls among the
	// censored values; Upper is then the longest time watched.
	Open bool
}

// quantile estimates the p-quantile. The interval takes the Kaplan-Meier
// quantiles at the shares of the binomial ranks: without censored values, or
// with censored ones in the upper tail only, exactly the order statistics.
// Where censored values leave the curve hanging on few others, at the quantile
// or at the interval's upper end, the ranks are those of so few.
//
// Where the samples are alike the ranks are those of the fewer that they are
// worth, down to the fewest that have an interval; with bursts of which the run
// saw next to none there is none.
//
// Where the brackets count for more than chance the interval is made sharper: see
// sharpen.
func (g *group) quantile(p float64, alike dependence) Quantile {
	l := &g.times
	if l.n() == 0 {
		return Quantile{Missing: fewestFor(p)}
	}
	longest := probe.Duration(l.longest())
	value, known := l.quantile(p, true)
	if !known {
		value = l.atLeast(p, true)
	}
	q := Quantile{Value: probe.Duration(value)}
	if most, found := g.foundAtFirst(p); known && found {
		q.Value, q.AtFirst = probe.Duration(most), true
	}
	counted := l.count(p)
	n := alike.ranked(counted, p)
	lower, upper, ok := rankInterval(n, p)
	if !ok {
		// How many more it takes in bursts nobody knows.
		fewest := fewestFor(p)
		if q.Bursts = (alike.seen || p == .5) && counted >= fewestFor(.5); !q.Bursts && counted == l.n() {
			q.Missing = max(0, fewest-counted)
		}
		return q
	}
	q.State, q.Lower, q.Upper, q.Open = Beyond, probe.Duration(l.atLeast(float64(lower)/float64(n), false)), longest, true
	switch {
	case q.AtFirst:
		q.State = AtMost
	case known:
		q.State = Known
	}
	closed := true
	if there := alike.ranked(l.count(float64(upper)/float64(n)), p); there < n {
		if low, high, enough := rankInterval(there, p); enough {
			n, lower, upper = there, low, high
		} else {
			closed = false
		}
	}
	// Broken off samples, whose times don't move with the brackets' ends, may
	// leave the ends' curves on the wrong side of the middles' one: the interval
	// is as wide as the wider of the two.
	earliest, latest := g.at(g.earliest), g.at(g.latest)
	reached := false
	for _, curve := range []*lifetimes{earliest, l} {
		if v, ok := curve.quantile(float64(lower)/float64(n), false); ok {
			if low := probe.Duration(v); !reached || low < q.Lower {
				q.Lower, reached = low, true
			}
		}
	}
	// The upper ends may lie past give-ups that the middles lie before: whether
	// the curve comes down so far is the middles' word.
	if middle, down := l.quantile(float64(upper)/float64(n), false); down && closed {
		if v, ok := latest.quantile(float64(upper)/float64(n), false); ok {
			q.Upper, q.Open = probe.Duration(max(v, middle)), false
		}
	}
	g.sharpen(&q, float64(lower)/float64(n), float64(upper)/float64(n))
	return q
}

// fewestBursts is how many independent samples those that came in bursts are
// worth at least, where a quantile has an interval.
const fewestBursts = 4

// fewestSure is from how many on samples that come in bursts are seen to: of 18 to as many
// a median is only quoted where they are worth the 6 that it takes, seen or not.
const fewestSure = 48

// ranked is how many independent samples the interval of the p-quantile of n takes the
// ranks of.
func (a dependence) ranked(n int, p float64) int {
	fewest := fewestFor(p)
	if 3*fewest <= n && n < fewestSure && worth(n, a.cautious) < fewest {
		return 0
	}
	if a.seen && (worth(n, a.cautious) < fewestBursts || p != .5) {
		return worth(n, a.cautious)
	}
	return min(n, max(fewest, worth(n, a.cautious)))
}

// foundAtFirst says whether the p-quantile falls among samples that the first
// poll found, so that that of the brackets' lower ends is 0, or on a held answer.
// most is that of the upper ends, which it does not exceed.
func (g *group) foundAtFirst(p float64) (most float64, found bool) {
	earliest, latest := g.at(g.earliest), g.at(g.latest)
	if least, ok := earliest.quantile(p, false); (!ok || least > 0) && !g.onHeld(p) {
		return 0, false
	}
	if most, found = latest.quantile(p, true); !found {
		most = max(latest.longest(), g.times.longest()) // the upper ends lie past give-ups
	}
	return most, true
}

// onHeld says whether the estimate of the p-quantile is the end of a held answer,
// or lies between two times of which one is.
func (g *group) onHeld(p float64) bool {
	value, known := g.times.quantile(p, true)
	if g.held.n == 0 || !known {
		return false
	}
	events := &g.times.events
	above := events.below(value)
	between := []float64{events.at(above)}
	if between[0] > value {
		between = append(between, events.at(above-1))
	}
	return slices.ContainsFunc(between, func(end float64) bool { return g.held.below(end) < g.held.upTo(end) })
}

// maximum is the longest duration seen, Beyond when a censored one was watched
// longer, and AtMost where one that the first poll found may have been longer or
// the longest was a held answer: it then does not exceed the highest upper end. It is what was seen, so it carries
// no interval.
func (g *group) maximum() Quantile {
	l := &g.times
	if l.n() == 0 {
		return Quantile{}
	}
	longest := l.longest()
	q := Quantile{State: Known, Value: probe.Duration(longest)}
	switch {
	case l.censored.n > 0 && l.censored.at(l.censored.n-1) >= longest:
		q.State = Beyond
	case g.latestAtFirst > longest, g.held.n > 0 && g.held.at(g.held.n-1) >= longest:
		q.State, q.AtFirst, q.Value = AtMost, true, probe.Duration(g.latest.at(g.latest.n-1))
	}
	return q
}

// Words are the quantile as it is quoted.
func (q Quantile) Words() wording.Quantile {
	bounds := [...]wording.Bound{NotEnough: wording.Unknown, Known: wording.Exact, Beyond: wording.Over, AtMost: wording.AtMost}
	return wording.Quantile{Bound: bounds[q.State], Missing: q.Missing, Bursts: q.Bursts, Value: q.Value, Lower: q.Lower, Upper: q.Upper, Open: q.Open}
}
