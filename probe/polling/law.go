package polling

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// The law of a series' delays, as far as its last results show it: the peaks
// that they form, in logarithmic time, and a share of a broad law that stands
// for what was not seen yet.
const (
	broadShare = 0.03 // of the broad law
	broadWidth = 2.0  // its standard deviation
	// unseenBelow is how far below its first hit a delay is taken to lie that
	// no poll missed.
	unseenBelow = 64.0

	lawStep   = 0.03 // of the grid, in logarithmic time
	lawBelow  = 4.5  // the grid's least reach below the median,
	lawLowest = 9.0  // its most,
	lawBefore = 1.5  // and what it reaches below the fastest result between these
	lawPoints = 384
)

// Bracket is the interval that holds a delay, counted from the upload's
// acknowledgement: Low is 0 where the first poll already hit.
type Bracket struct{ Low, High time.Duration }

func (b Bracket) middle() time.Duration { return (b.Low + b.High) / 2 }

// law is a density over a grid of logarithmic time, in seconds.
type law struct {
	start    float64
	middle   float64 // of the results
	density  [lawPoints]float64
	survival [lawPoints]float64
	seen     [lawPoints]bool // results make most of the density there, not the broad law
}

// blur is one result in logarithmic time, with the standard deviation that its
// bracket leaves.
type blur struct{ at, width float64 }

func blurOf(b Bracket) blur {
	high := math.Log(max(b.High, time.Millisecond).Seconds())
	low := high - math.Log(unseenBelow)
	if b.Low > 0 {
		low = max(low, math.Log(b.Low.Seconds()))
	}
	at := (low + high) / 2
	if b.Low > 0 {
		at = math.Log(max(b.middle(), time.Millisecond).Seconds())
	}
	return blur{at, (high - low) / math.Sqrt(12)}
}

// lawOf estimates the law from at least three results.
func lawOf(results []Bracket) *law {
	blurs := make([]blur, len(results))
	for i, r := range results {
		blurs[i] = blurOf(r)
	}
	slices.SortFunc(blurs, func(a, b blur) int { return cmp.Compare(a.at, b.at) })
	n := len(blurs)
	middle := (blurs[(n-1)/2].at + blurs[n/2].at) / 2
	l := &law{start: lawStart(results, middle), middle: middle}
	l.addPeaks(blurs, middle, 1-broadShare)
	broad := bellOf(broadWidth)
	for k := range l.density {
		unseen := broadShare * broad.density(l.at(k)-middle)
		l.seen[k] = l.density[k] > unseen
		l.density[k] += unseen
	}
	l.normalise()
	return l
}

// lawStart is where the grid begins. What the first poll found may have been
// there at any time before, and moves it nowhere.
func lawStart(results []Bracket, middle float64) float64 {
	start := middle - lawBelow
	for _, r := range results {
		if r.Low > 0 {
			start = min(start, blurOf(r).at-lawBefore)
		}
	}
	return max(start, middle-lawLowest)
}

func (l *law) at(k int) float64 { return l.start + lawStep*float64(k) }

// normalise sums the survival up from the far end.
func (l *law) normalise() {
	const last = lawPoints - 1
	l.survival[last] = l.density[last]
	for k := last - 1; k >= 0; k-- {
		l.survival[k] = l.survival[k+1] + lawStep*(l.density[k]+l.density[k+1])/2
	}
	all := l.survival[0]
	for k := range l.density {
		l.density[k] /= all
		l.survival[k] /= all
	}
}

// bell is a normal density: its height and the factor of the squared distance.
type bell struct{ top, factor float64 }

func bellOf(width float64) bell {
	return bell{1 / (width * math.Sqrt(2*math.Pi)), -0.5 / (width * width)}
}

func (b bell) density(distance float64) float64 {
	const nothing = -25.0
	exponent := distance * distance * b.factor
	if exponent < nothing {
		return 0
	}
	return b.top * math.Exp(exponent)
}
