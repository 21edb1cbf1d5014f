package stats

import (
	"math"
	"sort"
)

// lifetimes holds durations in milliseconds, some of them right-censored: of
// those only "longer than this" is known.
type lifetimes struct {
	events   ordered
	censored ordered
}

func (l *lifetimes) n() int { return l.events.n + l.censored.n }

// longestEvent is the longest value that ended; 0 without any.
func (l *lifetimes) longestEvent() float64 {
	if l.events.n == 0 {
		return 0
	}
	return l.events.at(l.events.n - 1)
}

// longest is the last instant up to which any value was watched; 0 without
// values.
func (l *lifetimes) longest() float64 {
	longest := l.longestEvent()
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
	ended     int     // events before the current run
	survival  float64 // at the current run's start
	greenwood float64 // the sum of d/(r(r-d)) up to there
	weight    float64 // information at the quantile last found
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
			left := risk - float64(end-c.ended)
			c.greenwood += 1/left - 1/risk
			c.survival *= left / risk
			c.ended = end
			continue
		}
		value = c.events.at(c.ended + need - 1)
		c.weight = c.information(risk, risk-float64(need)+0.5)
		level := math.Abs(float64(need)-exact) <= slack*risk
		if !middle || !level || p >= 1 {
			return value, true
		}
		if c.ended+need == c.events.n {
			return 0, false // level at p for ever: only censored values follow
		}
		return value + (c.events.at(c.ended+need)-value)/2, true
	}
	c.weight = float64(c.n())
	if c.events.n > 0 {
		c.weight = c.information(1, 1)
	}
	return 0, false
}

// information is how many uncensored values would tell the curve's height as
// well, by Greenwood's variance, where the risk set has shrunk from risk to left
// within the current run. Without censored values that is n everywhere; past
// many of them, where the curve hangs on the few that are left, it is few. It
// is taken in the middle of a step, where it is finite even for the last one.
func (c *curve) information(risk, left float64) float64 {
	survival, greenwood := c.survival*left/risk, c.greenwood+1/left-1/risk
	return (1 - survival) / (survival * greenwood)
}

// count is the number of uncensored values that would tell the share p of the
// curve as well as these do.
func (l *lifetimes) count(p float64) int {
	const slack = 1e-6 // of the rounding
	c := l.curve()
	c.quantile(p, false)
	return int(c.weight + slack)
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

// atLeast is a time that the p-quantile exceeds whatever becomes of the censored
// values: the quantile as if each of them ended where it was last watched. middle
// is as that of quantile.
func (l *lifetimes) atLeast(p float64, middle bool) float64 {
	const slack = 1e-9
	exact := p * float64(l.n())
	k := max(1, int(math.Ceil(exact-slack)))
	value := l.ranked(k)
	if middle && math.Abs(float64(k)-exact) <= slack && k < l.n() {
		value += (l.ranked(k+1) - value) / 2
	}
	return value
}

// ranked is the k-th smallest of all values, from 1.
func (l *lifetimes) ranked(k int) float64 {
	value := math.Inf(1)
	for _, of := range []*ordered{&l.events, &l.censored} {
		at := sort.Search(of.n, func(i int) bool {
			v := of.at(i)
			return l.events.upTo(v)+l.censored.upTo(v) >= k
		})
		if at < of.n {
			value = min(value, of.at(at))
		}
	}
	return value
}
