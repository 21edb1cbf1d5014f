package stats

import "math"

// lifetimes holds durations in milliseconds, some of them right-censored: of
// those only "longer than this" is known.
type lifetimes struct {
	events   ordered
	censored ordered
}

func (l *lifetimes) n() int { return l.events.n + l.censored.n }

// longest is the last instant up to which any value was watched; 0 without
// values.
func (l *lifetimes) longest() float64 {
	longest := 0.0
	if l.events.n > 0 {
		longest = l.events.at(l.events.n - 1)
	}
	if l.censored.n > 0 {
		longest = max(longest, l.censored.at(l.censored.n-1))
	}
	return longest
}

// quantile inverts the Kaplan-Meier estimate: the smallest time by which the
// share p has ended, 0 < p <= 1. Where the curve is exactly at p over an
// interval and middle is set, it returns the interval's middle, which for
// uncensored values is the usual median of an even number. ok is false when
// the quantile falls among the censored values: it is beyond longest().
func (l *lifetimes) quantile(p float64, middle bool) (value float64, ok bool) {
	return l.curve().quantile(p, middle)
}

// curve is a walk down the Kaplan-Meier estimate. A run of events with no
// censored value between them multiplies the survival by (risk-d)/risk in one
// go, so the cost grows with the number of times that censored and uncensored
// values alternate, not with n: a handful in a live run, where probes give up
// late and are interrupted once, at the end.
type curve struct {
	*lifetimes
	ended    int     // events before the current run
	survival float64 // at the current run's start
}

func (l *lifetimes) curve() *curve { return &curve{lifetimes: l, survival: 1} }

// quantile is lifetimes.quantile for shares that only grow from call to call.
// Censored values that tie with an event count as still at risk in it.
func (c *curve) quantile(p float64, middle bool) (value float64, ok bool) {
	const slack = 1e-9 // of the rounding in the product
	for c.ended < c.events.n {
		gone := c.censored.below(c.events.at(c.ended))
		risk := float64(c.n() - c.ended - gone)
		end := c.events.n
		if gone < c.censored.n {
			end = c.events.upTo(c.censored.at(gone))
		}
		exact := risk * (1 - (1-p)/c.survival)
		need := max(1, int(math.Ceil(exact-slack*risk)))
		if c.ended+need > end {
			c.survival *= (risk - float64(end-c.ended)) / risk
			c.ended = end
			continue
		}
		value = c.events.at(c.ended + need - 1)
		level := math.Abs(float64(need)-exact) <= slack*risk
		if !middle || !level || p >= 1 {
			return value, true
		}
		if c.ended+need == c.events.n {
			return 0, false // level at p for ever: only censored values follow
		}
		return value + (c.events.at(c.ended+need)-value)/2, true
	}
	return 0, false
}

// effective counts the values that say something about the middle of the
// distribution: those that ended, and those censored no earlier than the
// median. One that was interrupted after a moment would only pretend to a
// larger n.
func (l *lifetimes) effective() int {
	if l.censored.n == 0 {
		return l.events.n
	}
	if median, ok := l.quantile(0.5, true); ok {
		return l.n() - l.censored.below(median)
	}
	if l.events.n == 0 {
		return l.censored.n
	}
	return l.n() - l.censored.below(l.events.at(l.events.n-1))
}
