package polling

import (
	"math"
	"slices"
	"time"
)

// Where polls are worth most. An object that is not there yet appears in the
// next instant with a probability that is the hazard of the delay's law; the
// fewest polls for a given error go out at a density proportional to the
// square root of that hazard.
const (
	// evenness lies between 0.5, which makes the mean error least in seconds,
	// and 1, which makes it least as a share of the delay.
	evenness = 0.78
	// Delays that were seen more than farAbove e-folds beyond the median are
	// polled more densely by farLean with each further one: few as they are, they
	// make most of the mean error in seconds.
	farAbove = 3.4
	farLean  = 0.7

	// A series is polled densely enough that no more than missShare of its
	// results are expected to be further from the truth than goalError, within
	// leastPolls and mostPolls a sample: a narrow law takes fewer polls than a
	// broad one. The share is expected of the estimate, which is broader than
	// the law; what comes out is 5 %.
	goalError  = 0.08
	missShare  = 0.053
	leastPolls = 12.5
	mostPolls  = 17.0

	// Past all but tailShare of what was seen, at most tailDensity polls go out
	// while the elapsed time grows e-fold: a delay that has become a hundred times
	// as long costs some hundred polls, not a thousand.
	tailShare   = 0.02
	tailDensity = 27.0
	// earlyDensity polls an e-fold go out, in the time below, where one of the
	// last earlyResults was there at its first poll: it may have been there
	// long before.
	earlyDensity = 1.5
	earlyResults = 5
)

// curve says how polls spread over the time since the upload: it rises from 0
// by one for each poll of the normal pace.
type curve struct {
	start float64 // in logarithmic time, seconds
	sent  [lawPoints]float64
}

// learn fits the curve to results, the latest last, of which there are at
// least three.
func learn(results []Bracket) *curve {
	p := planOf(lawOf(results), results)
	low, high := 1e-2, 1e3 // the density's factor, found by halving its logarithm
	for range 13 {
		factor := math.Sqrt(low * high)
		if n := p.expected(factor); n > mostPolls || n > leastPolls && p.missed(factor) < missShare {
			high = factor
		} else {
			low = factor
		}
	}
	c := &curve{start: p.law.start}
	before := p.density(low, 0)
	for k := 1; k < lawPoints; k++ {
		now := p.density(low, k)
		c.sent[k] = c.sent[k-1] + lawStep*(before+now)/2
		before = now
	}
	return c
}

// plan is the shape of a density of polls in logarithmic time, and the least
// and the most that it may come to.
type plan struct {
	law         *law
	shape       [lawPoints]float64
	least, most [lawPoints]float64
	far         [lawPoints]bool // polls there come on top of what a sample usually takes
}

func planOf(l *law, results []Bracket) *plan {
	p := &plan{law: l}
	early := math.Inf(-1)
	for _, r := range results[max(0, len(results)-earlyResults):] {
		if r.Low == 0 {
			early = max(early, math.Log(max(r.High, time.Millisecond).Seconds()))
		}
	}
	last := blurOf(results[len(results)-1]).at
	rare := last < l.middle+farAbove // or the delays may just have become long
	tilt, step := math.Exp(-(1-evenness)*lawBelow), math.Exp((1-evenness)*lawStep)
	for k := range p.shape {
		p.shape[k] = math.Sqrt(l.density[k]/l.survival[k]) * tilt
		tilt *= step
		p.most[k] = math.Inf(1)
		switch far := l.at(k) - l.middle - farAbove; {
		case far > 0 && l.seen[k] && rare:
			p.far[k] = true
			p.shape[k] *= math.Exp(farLean * far)
		case l.survival[k] < tailShare:
			p.most[k] = tailDensity
		}
		if l.at(k) < early {
			p.least[k] = earlyDensity
		}
	}
	return p
}

func (p *plan) density(factor float64, k int) float64 {
	return max(min(factor*p.shape[k], p.most[k]), p.least[k])
}

// expected is the mean number of polls of a sample.
func (p *plan) expected(factor float64) float64 {
	sum := 0.0
	for k, s := range p.law.survival {
		if !p.far[k] {
			sum += s * p.density(factor, k)
		}
	}
	return lawStep * sum
}

// missed is the share of results further off than goalError: the truth lies
// anywhere in a gap, and the result is its middle.
func (p *plan) missed(factor float64) float64 {
	const nothing = 1e-5 // of a density: saves most of the work
	sum, enough := 0.0, 1/math.Log1p(2*goalError)
	for k, f := range p.law.density {
		if f < nothing {
			continue
		}
		if d := p.density(factor, k); d < enough {
			sum += f * (1 - 2*goalError/math.Expm1(1/d))
		}
	}
	return lawStep * sum
}

// after is the instant of the next poll after one at sent, or of the first
// poll after 0, for gaps that are spacing times those of the normal pace.
func (c *curve) after(sent time.Duration, spacing float64) time.Duration {
	goal := c.at(math.Log(max(sent, time.Microsecond).Seconds())) + spacing
	i, _ := slices.BinarySearch(c.sent[:], goal)
	i = min(max(i, 1), lawPoints-1)
	part := (goal - c.sent[i-1]) / (c.sent[i] - c.sent[i-1])
	u := c.start + lawStep*(float64(i-1)+part)
	const farthest = 1e9 // seconds: past any limit, and still a duration
	return time.Duration(min(math.Exp(u), farthest) * float64(time.Second))
}

// at reads the curve; past its end it goes on as it ended.
func (c *curve) at(u float64) float64 {
	place := (u - c.start) / lawStep
	if place <= 0 {
		return 0
	}
	i := min(int(place), lawPoints-2)
	return c.sent[i] + (place-float64(i))*(c.sent[i+1]-c.sent[i])
}
